import type { Claims, IdentityReason } from '../protocol/index.ts';
import type { IdentityState } from './types.ts';

/**
 * Who the client talks as, with what only the client itself may see.
 *
 * `who` is what the present token says of its owner before any proof: enough to tell a refresh from a switch at once,
 * never enough to open anything. `subject` is proved; whoever it names may have content on the screen.
 */
export type Identity = {
  readonly view: IdentityState;
  readonly epoch: number;
  readonly token: string | undefined;
  readonly who: string | undefined;
  readonly subject: string | undefined;
  /** Number of the latest token; an answer about an older one is ignored. */
  readonly call: number;
};

export type IdentityEvent =
  | { readonly type: 'self-report'; readonly name?: string | undefined; readonly email?: string | undefined }
  /** The page has promised a token (a provider was asked); nothing may leave as anonymous until it has come. */
  | { readonly type: 'asking' }
  | { readonly type: 'ask-failed' }
  /** A fresh token of the same visitor was asked for, since the server refuses the present one. */
  | { readonly type: 'renewing' }
  | { readonly type: 'token'; readonly token: string }
  | {
      readonly type: 'verified';
      readonly call: number;
      readonly subject: string;
      readonly claims: Claims;
      readonly expiresAt: number | null;
    }
  | { readonly type: 'refused'; readonly call: number; readonly reason: IdentityReason }
  /** The chat goes on without the refused token's owner (policy `anonymous`). */
  | { readonly type: 'fall-back' }
  | { readonly type: 'logout' };

/**
 * `wipe`: everything of the old subject leaves screen, memory and storage, in this task.
 * `verify`: the server is asked about the token. `adopt`: it is settled who talks, load what the server shows to them.
 * `flush`: what waits may leave.
 */
export type IdentityEffect = 'wipe' | 'verify' | 'adopt' | 'flush';

export type IdentityStep = { readonly identity: Identity; readonly effects: readonly IdentityEffect[] };

export const anonymous: Identity = {
  view: { state: 'anonymous' },
  epoch: 0,
  token: undefined,
  who: undefined,
  subject: undefined,
  call: 0,
};

const stay = (identity: Identity): IdentityStep => ({ identity, effects: [] });

/** The one transition function of identity. Pure. */
export function nextIdentity(identity: Identity, event: IdentityEvent): IdentityStep {
  switch (event.type) {
    case 'self-report':
      return selfReport(identity, event);
    case 'asking':
      return identity.token === undefined ? stay({ ...identity, view: { state: 'verifying' } }) : stay(identity);
    case 'ask-failed':
      return identity.token === undefined
        ? { identity: { ...identity, view: { state: 'anonymous' } }, effects: ['adopt'] }
        : stay(identity);
    case 'renewing':
      return stay({ ...identity, view: { state: 'verifying' } });
    case 'token':
      return takeToken(identity, event.token);
    case 'verified':
      return event.call === identity.call ? prove(identity, event) : stay(identity);
    case 'refused':
      return event.call === identity.call ? refuse(identity, event.reason) : stay(identity);
    case 'fall-back':
      return {
        identity: { ...identity, epoch: identity.epoch + 1, who: undefined, subject: undefined },
        effects: ['wipe'],
      };
    case 'logout':
      return {
        identity: { ...anonymous, epoch: identity.epoch + 1, call: identity.call + 1 },
        effects: ['wipe'],
      };
  }
}

function selfReport(identity: Identity, { name, email }: { name?: string | undefined; email?: string | undefined }) {
  const unproven = identity.view.state === 'anonymous' || identity.view.state === 'self-reported';
  if (!unproven) return stay(identity);
  const view: IdentityState =
    name === undefined && email === undefined
      ? { state: 'anonymous' }
      : { state: 'self-reported', ...(name === undefined ? {} : { name }), ...(email === undefined ? {} : { email }) };
  return stay({ ...identity, view });
}

function takeToken(identity: Identity, token: string): IdentityStep {
  const standing = identity.view.state === 'verified' || identity.view.state === 'verifying';
  if (token === identity.token && standing) return stay(identity);
  const who = peekSubject(token);
  const call = identity.call + 1;
  const isRefresh = who !== undefined && who === identity.who;
  if (isRefresh) {
    const view: IdentityState = identity.view.state === 'verified' ? identity.view : { state: 'verifying' };
    return { identity: { ...identity, token, call, view }, effects: ['verify'] };
  }
  const isSwitch = identity.who !== undefined || identity.subject !== undefined;
  return {
    identity: { view: { state: 'verifying' }, epoch: identity.epoch + 1, token, who, subject: undefined, call },
    effects: isSwitch ? ['wipe', 'verify'] : ['verify'],
  };
}

function prove(identity: Identity, event: Extract<IdentityEvent, { type: 'verified' }>): IdentityStep {
  const { subject, claims, expiresAt } = event;
  const view: IdentityState = { state: 'verified', subject, claims, expiresAt };
  const proved = { ...identity, view, subject };
  if (identity.subject === subject) return { identity: proved, effects: ['flush'] };
  if (identity.subject === undefined) return { identity: proved, effects: ['adopt'] };
  return { identity: { ...proved, epoch: identity.epoch + 1 }, effects: ['wipe', 'adopt'] };
}

/** A revoked token was signed out somewhere: its owner's content goes. After any other refusal it stays for the re-identified visitor. */
function refuse(identity: Identity, reason: IdentityReason): IdentityStep {
  const view: IdentityState = reason === 'expired' ? { state: 'expired' } : { state: 'rejected', reason };
  const isKnown =
    identity.view.state === view.state && (!('reason' in identity.view) || identity.view.reason === reason);
  if (isKnown) return stay(identity);
  if (reason !== 'revoked') {
    return { identity: { ...identity, view }, effects: [identity.subject === undefined ? 'adopt' : 'flush'] };
  }
  return {
    identity: { ...identity, view, epoch: identity.epoch + 1, subject: undefined },
    effects: ['wipe'],
  };
}

/**
 * Whom a token names, unproven: its `sub`, and its `email` beside it, since an agent may go by either.
 * Undefined for what cannot be read; two unreadable tokens are never taken for the same person's.
 */
export function peekSubject(token: string): string | undefined {
  try {
    const bytes = Uint8Array.from(atob((token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/')), (c) =>
      c.charCodeAt(0),
    );
    const { sub, email } = JSON.parse(new TextDecoder().decode(bytes)) as { sub?: unknown; email?: unknown };
    if (typeof sub === 'string') return `sub:${sub}`;
    return typeof email === 'string' ? `email:${email.toLowerCase()}` : undefined;
  } catch {
    return undefined;
  }
}
