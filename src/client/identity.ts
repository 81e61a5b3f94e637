import type { Claims, IdentityReason } from '../protocol/index.ts';
import { toJson } from './to-json.ts';
import type { IdentityState } from './types.ts';

/**
 * Who the client talks as, with what only the client itself may see.
 *
 * `who` is what the present token says of its owner before any proof: enough to tell a refresh from a switch at once,
 * never enough to open anything. `subject` is proved (with `endpoint`, where nothing is, it is `who`); whoever it names
 * may have content on the screen.
 */
export type Identity = {
  readonly view: IdentityState;
  readonly epoch: number;
  readonly token: string | undefined;
  readonly who: string | undefined;
  readonly subject: string | undefined;
  /** Without whom the chat has gone on; what was typed since is not for somebody else to claim. */
  readonly former: string | undefined;
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
  /** Nobody here can judge the token: each message takes it along. `who` also where the token does not say. */
  | { readonly type: 'forwarded'; readonly call: number; readonly who: string }
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
  former: undefined,
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
    case 'forwarded':
      return event.call === identity.call ? forward(identity, event.who) : stay(identity);
    case 'refused':
      return event.call === identity.call ? refuse(identity, event.reason) : stay(identity);
    case 'fall-back':
      return fallBack(identity);
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
  const { state } = identity.view;
  if (token === identity.token && state !== 'expired' && state !== 'rejected') return stay(identity);
  const who = peekSubject(token);
  const call = identity.call + 1;
  const isRefresh = who !== undefined && (who === identity.who || isNamedAlike(identity, token));
  if (isRefresh) {
    const stands = state === 'verified' || state === 'forwarded';
    const view: IdentityState = stands ? identity.view : { state: 'verifying' };
    return { identity: { ...identity, token, call, view }, effects: ['verify'] };
  }
  const isSwitch = identity.who !== undefined || identity.subject !== undefined || (identity.former ?? who) !== who;
  return {
    identity: {
      view: { state: 'verifying' },
      epoch: identity.epoch + 1,
      token,
      who,
      subject: undefined,
      former: undefined,
      call,
    },
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

function forward(identity: Identity, who: string): IdentityStep {
  const forwarded = { ...identity, view: { state: 'forwarded' }, who, subject: who } as const;
  return { identity: forwarded, effects: [identity.subject === who ? 'flush' : 'adopt'] };
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

/** Whoever was never proved has nothing on the screen; it goes on with what is there. */
function fallBack(identity: Identity): IdentityStep {
  const { who, subject, epoch } = identity;
  const left = { ...identity, who: undefined, subject: undefined, former: who ?? subject };
  return subject === undefined ? stay(left) : { identity: { ...left, epoch: epoch + 1 }, effects: ['wipe'] };
}

/** Once the server has named the subject, it is known which claim named it; the other one may change. */
function isNamedAlike({ token: before = '', subject }: Identity, token: string): boolean {
  const [claims, others] = [peekClaims(before), peekClaims(token)];
  const naming = [0, 1].filter((at) => subject !== undefined && claims[at] === subject);
  return naming.length > 0 && naming.every((at) => others[at] === subject);
}

/**
 * Whom a token names, unproven: its `sub` and its `email`, since an agent goes by either and does not say by which before
 * it has judged. Undefined for what cannot be read; two unreadable tokens are never taken for the same person's.
 */
export function peekSubject(token: string): string | undefined {
  const claims = peekClaims(token);
  return claims.some(Boolean) ? toJson(claims) : undefined;
}

function peekClaims(token: string): readonly (string | undefined)[] {
  try {
    const bytes = Uint8Array.from(atob((token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/')), (c) =>
      c.charCodeAt(0),
    );
    const { sub, email } = JSON.parse(new TextDecoder().decode(bytes)) as { sub?: unknown; email?: unknown };
    return [typeof sub === 'string' ? sub : undefined, typeof email === 'string' ? email.toLowerCase() : undefined];
  } catch {
    return [];
  }
}
