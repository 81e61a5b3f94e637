import type { Policy } from './types.ts';

export const presetNames = ['applied', 'bestchatbot', 'hilal', 'widgent', 'wonderchat'] as const;
export type PresetName = (typeof presetNames)[number];

/**
 * What the documents of five widgets say, each in our settings. What a document leaves open is not named here, so that the
 * default holds. Where its words leave room: docs/decisions/0008-keys-and-policies.md.
 */
export const policyPresets: { readonly [Name in PresetName]: Partial<Policy> } = {
  /** `exp` recommended; all claims reach the agent; one secret that can be looked at again. Strict Authentication is `access`. */
  applied: {
    access: 'open',
    identityClaim: 'sub',
    expiry: 'recommended',
    maxLifetimeSeconds: null,
    algorithms: ['HS256'],
    maxActiveKeys: 1,
    revealableKeys: true,
    claimsToAgent: 'all',
  },
  /** The person is the e-mail; 24 hours at most; a bad token blocks; three keys, each copied once. */
  bestchatbot: {
    access: 'open',
    onInvalidToken: 'block',
    identityClaim: 'email',
    expiry: 'recommended',
    maxLifetimeSeconds: 86_400,
    algorithms: ['HS256'],
    maxActiveKeys: 3,
    revealableKeys: false,
    claimsToAgent: 'all',
  },
  /** `sub` and `exp` required; a bad token is anonymous; one secret, shown once. */
  hilal: {
    access: 'open',
    onInvalidToken: 'anonymous',
    identityClaim: 'sub',
    expiry: 'required',
    maxLifetimeSeconds: null,
    algorithms: ['HS256'],
    maxActiveKeys: 1,
    revealableKeys: false,
    claimsToAgent: 'basic',
  },
  /** `sub` and `exp` required, an hour at most; expired is anonymous; the secret stands in the settings. */
  widgent: {
    access: 'open',
    onInvalidToken: 'anonymous',
    identityClaim: 'sub',
    expiry: 'required',
    maxLifetimeSeconds: 3_600,
    algorithms: ['HS256'],
    maxActiveKeys: 1,
    revealableKeys: true,
    claimsToAgent: 'basic',
  },
  /** Private; a bad token is NO_PERMISSION; 60 s of tolerance; one secret that can be revealed, without grace. */
  wonderchat: {
    access: 'verified-only',
    onInvalidToken: 'deny',
    identityClaim: 'sub',
    expiry: 'recommended',
    maxLifetimeSeconds: null,
    clockToleranceSeconds: 60,
    algorithms: ['HS256'],
    maxActiveKeys: 1,
    revealableKeys: true,
    claimsToAgent: 'basic',
  },
};
