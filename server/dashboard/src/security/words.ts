import type { Tone } from '../elements/index.ts';
import type { SettingName, Standing } from './types.ts';

type StandingWords = {
  readonly text: string;
  readonly tone: Tone;
  /** Why it does not count. */
  readonly why?: string;
};

export const standings: Readonly<Record<Standing, StandingWords>> = {
  accepted: { text: 'Active', tone: 'success' },
  retired: { text: 'Retired', tone: 'neutral' },
  'beyond-max-active-keys': {
    text: 'Does not count',
    tone: 'warning',
    why: 'Too many keys are active: only the newest count.',
  },
  'algorithm-not-allowed': {
    text: 'Does not count',
    tone: 'warning',
    why: 'The policy does not allow its algorithm.',
  },
  'configuration-wins': {
    text: 'Does not count',
    tone: 'warning',
    why: 'The configuration file names other keys.',
  },
  'others-win': { text: 'Does not count', tone: 'neutral', why: 'The agent has keys of its own.' },
};

export const sources = {
  stored: undefined,
  configuration: 'Configuration file',
  environment: 'Environment',
  jwks: 'Your JWKS address',
} as const;

export const settingLabels: Readonly<Record<SettingName, string>> = {
  access: 'Who may chat',
  onInvalidToken: 'A bad token',
  identityClaim: 'Who somebody is',
  expiry: 'End of a token',
  maxLifetimeSeconds: 'Longest lifetime',
  clockToleranceSeconds: 'Difference of clocks',
  algorithms: 'Algorithms',
  jwksUrl: 'JWKS address',
  audience: 'Audience',
  issuer: 'Issuer',
  maxActiveKeys: 'Active keys',
  revealableKeys: 'Looking at secrets',
  claimsToAgent: 'What the agent is told',
  claimAnonymousConversations: 'Conversations from before',
};

export const origins = { default: 'Default', stored: 'Set here', configuration: 'Configuration file' } as const;

type Reason = { readonly title: string; readonly advice: string };

const reasons: Readonly<Record<string, Reason>> = {
  too_large: { title: 'Too large', advice: 'It has more than 8 KiB: put less into it.' },
  malformed: { title: 'No token', advice: 'It is no signed JWT, or its times are no numbers.' },
  not_configured: { title: 'No key', advice: 'This agent has no active key: make one above.' },
  unsupported_algorithm: { title: 'Other algorithm', advice: 'Sign with an algorithm that the policy allows.' },
  invalid_signature: {
    title: 'Bad signature',
    advice: 'Another secret, a retired key, or a changed token.',
  },
  expired: { title: 'Expired', advice: 'The page has to get a fresh token in time: give the widget a token URL.' },
  not_yet_valid: { title: 'Not valid yet', advice: 'Check the clock of the machine that signs.' },
  missing_claim: { title: 'Claim missing', advice: 'It has no exp where that is required, or does not say who it is.' },
  lifetime_too_long: { title: 'Lasts too long', advice: 'Sign it for a shorter time, or raise the limit.' },
  wrong_audience: { title: 'Other audience', advice: 'Its aud is not the one in the policy.' },
  wrong_issuer: { title: 'Other issuer', advice: 'Its iss is not the one in the policy.' },
  invalid_sub: { title: 'Unusable subject', advice: 'The subject has to be a text: sign String(user.id).' },
  reserved_domain: { title: 'Reserved domain', advice: 'No public mailbox can have this address.' },
  claim_too_large: { title: 'Claim too large', advice: 'custom holds something that is no text, or a long one.' },
  revoked: { title: 'Revoked', advice: 'Its owner has logged out.' },
};

/** A reason in words; one that this page does not know, as it is. */
export const reasonWords = (reason: string): Reason =>
  Object.hasOwn(reasons, reason) ? (reasons[reason] ?? { title: reason, advice: '' }) : { title: reason, advice: '' };

/** `2 days`, `3 hours`, `5 minutes`, `40 seconds`. */
export function formatLength(seconds: number): string {
  const whole = Math.abs(Math.trunc(seconds));
  const units = [
    [86_400, 'day'],
    [3_600, 'hour'],
    [60, 'minute'],
    [1, 'second'],
  ] as const;
  const [size, name] = units.find(([unit]) => whole >= unit) ?? [1, 'second'];
  const count = Math.floor(whole / size);
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}
