import type { Core } from './core.ts';
import { backOff, withRetries } from './retry.ts';
import { TransportError } from './transport.ts';
import type { IdentityEffect, IdentityEvent } from './identity.ts';
import { ChatError, type IdentityState, type TokenSource } from './types.ts';

/** A fresh token is asked for at this share of the lifetime, and at the latest this long before its end. */
const refreshShare = 0.8;
const refreshMarginMs = 60_000;

/** What a provider may take before the wait for it is given up. */
const providerTimeoutMs = 30_000;

export type Identification = ReturnType<typeof createIdentification>;


/** Tokens: taken from the page, proved by the server, renewed in time. `onEffects` does what a new identity asks for. */
export function createIdentification(core: Core, onEffects: (effects: readonly IdentityEffect[]) => void) {
  const waiters = new Map<number, PromiseWithResolvers<IdentityState>>();
  let provider: (() => Promise<string>) | undefined;
  let round = 0;
  let renewing: Promise<void> | undefined;
  let refreshAt: number | undefined;
  let cancelRefresh = () => {};
  const unwake = core.environment.onWake(() => {
    if (refreshAt !== undefined && core.environment.now() >= refreshAt) onRefreshDue();
  });

  function dispatch(event: IdentityEvent): void {
    const call = core.state.identity.call;
    const effects = core.identify(event);
    if (core.state.identity.call !== call) dropWaiters(core.state.identity.call);
    if (effects.includes('verify')) void verify(core.state.identity.call);
    onEffects(effects);
  }

  function dropWaiters(present: number): void {
    for (const [call, waiter] of waiters) {
      if (call === present) continue;
      waiters.delete(call);
      waiter.reject(new ChatError('superseded', 'A later identify() or logout() took the place of this one.'));
    }
  }

  async function verify(call: number): Promise<void> {
    const { signal, environment } = core;
    try {
      const answer = await withRetries(core, signal, () => core.transport.identity(core.credentials(), signal));
      if (core.state.identity.call !== call) return;
      if (!answer.verified) return refused(call, 'reason' in answer ? answer.reason : 'malformed');
      // The old secret has served: whoever may know it can no longer reach what is now the subject's.
      if (answer.claimedConversations > 0) core.session.rotate();
      dispatch({ type: 'verified', call, subject: answer.subject, claims: answer.claims, expiresAt: answer.expiresAt });
      schedule(answer.expiresAt, answer.now - environment.now());
      waiters.get(call)?.resolve(core.state.identity.view);
      waiters.delete(call);
    } catch (error) {
      if (signal.aborted || core.state.identity.call !== call) return;
      const failure = core.toFailure(error);
      core.update({ failure });
      dispatch({ type: 'refused', call, reason: failure.reason ?? 'not_configured' });
      waiters.get(call)?.reject(new ChatError(failure.code, 'The token could not be verified.', failure));
      waiters.delete(call);
    }
  }

  function refused(call: number, reason: Parameters<typeof rejection>[0]): void {
    dispatch({ type: 'refused', call, reason });
    waiters.get(call)?.reject(rejection(reason));
    waiters.delete(call);
  }

  /** Asks the provider; what it throws is the page's own and is not repeated to anybody. */
  async function ask(source: () => Promise<string>): Promise<string> {
    let cancel = () => {};
    const timeout = new Promise<never>((_, reject) => {
      cancel = core.environment.after(providerTimeoutMs, () => reject(new Error('timeout')));
    });
    try {
      return checked(await Promise.race([source(), timeout]));
    } catch {
      core.emit('failed', { code: 'token_provider', retryable: true });
      throw new ChatError('token_provider', 'The token provider of this page gave no token.', { retryable: true });
    } finally {
      cancel();
    }
  }

  function schedule(expiresAt: number | null, serverAheadMs: number): void {
    cancelRefresh();
    refreshAt = undefined;
    if (expiresAt === null) return;
    const now = core.environment.now();
    const lifetimeMs = expiresAt - serverAheadMs - now;
    const marginMs = lifetimeMs > 2 * refreshMarginMs ? refreshMarginMs : 0;
    refreshAt = now + Math.max(Math.min(lifetimeMs * refreshShare, lifetimeMs - marginMs), 1000);
    cancelRefresh = core.environment.after(refreshAt - now, onRefreshDue);
  }

  function onRefreshDue(): void {
    const { view } = core.state.identity;
    cancelRefresh();
    refreshAt = undefined;
    if (provider !== undefined) void renew();
    else if (view.state === 'verified' && view.expiresAt !== null) {
      core.emit('token-expiring', { expiresAt: view.expiresAt });
    }
  }

  /** One call of the provider at a time, tried again while the epoch lasts. */
  function renew(): Promise<void> {
    const mine = round;
    const { signal } = core;
    renewing ??= (async () => {
      for (let attempt = 0; provider !== undefined && round === mine; attempt++) {
        try {
          const token = await ask(provider);
          if (round === mine) dispatch({ type: 'token', token });
          return;
        } catch {
          if (attempt >= 4) return;
          await backOff(core, attempt, signal).catch(() => undefined);
        }
      }
    })().finally(() => {
      renewing = undefined;
    });
    return renewing;
  }

  return {
    dispatch,
    /** The latest call wins; what an earlier one still brings is passed over. */
    async identify(source: TokenSource): Promise<IdentityState> {
      const mine = ++round;
      const refusal = insecure(core);
      if (refusal !== undefined) {
        core.update({ failure: { code: 'insecure_page', retryable: false } });
        throw refusal;
      }
      provider = typeof source === 'function' ? source : undefined;
      renewing = undefined;
      const token = typeof source === 'function' ? await askFirst(source, mine) : checked(source);
      if (mine !== round) throw new ChatError('superseded', 'A later identify() or logout() took the place of this one.');
      const before = core.state.identity.call;
      dispatch({ type: 'token', token });
      const { view, call } = core.state.identity;
      return call === before && view.state === 'verified' ? view : settled(call);
    },
    /** A request's token was refused. True when a fresh one is on its way and the request should wait for it. */
    onUnauthorized(error: TransportError, token: string | undefined): boolean {
      const { identity } = core.state;
      if (token !== identity.token) return true;
      if (provider !== undefined && error.reason !== 'revoked') {
        dispatch({ type: 'renewing' });
        void renew().then(() => {
          if (core.state.identity.token === token) refuse(error);
        });
        return true;
      }
      refuse(error);
      return false;
    },
    /** The server ended the sign-in: elsewhere, or because its time is over. */
    onEnded(state: 'revoked' | 'expired', token: string | undefined): void {
      const { identity } = core.state;
      if (token === undefined || token !== identity.token) return;
      if (state === 'expired' && provider !== undefined) void renew();
      else dispatch({ type: 'refused', call: identity.call, reason: state });
    },
    forget(): void {
      round += 1;
      provider = undefined;
      renewing = undefined;
      refreshAt = undefined;
      cancelRefresh();
    },
    close(): void {
      this.forget();
      unwake();
      dropWaiters(-1);
    },
  };

  function refuse(error: TransportError): void {
    dispatch({ type: 'refused', call: core.state.identity.call, reason: error.reason ?? 'malformed' });
  }

  /** What the server says of the token of a call, for everybody who waits for it. */
  function settled(call: number): Promise<IdentityState> {
    const waiter = waiters.get(call) ?? Promise.withResolvers<IdentityState>();
    waiters.set(call, waiter);
    return waiter.promise;
  }

  async function askFirst(source: () => Promise<string>, mine: number): Promise<string> {
    dispatch({ type: 'asking' });
    try {
      return await ask(source);
    } catch (error) {
      if (mine === round) dispatch({ type: 'ask-failed' });
      throw error;
    }
  }
}

function rejection(reason: NonNullable<ChatError['reason']>): ChatError {
  return new ChatError('invalid_token', `The token was not accepted: ${reason}.`, { reason });
}

/** @throws TypeError for what is no token; the message says what to pass and never what was passed. */
function checked(token: unknown): string {
  if (typeof token === 'string' && token !== '') return token;
  throw new TypeError(
    'identify(token): pass the JWT that your backend signed, as a non-empty string, or a function that returns a promise of it.',
  );
}

/** Tokens go over https only, or to loopback. */
function insecure(core: Core): ChatError | undefined {
  const isSafe = (url: string) => {
    const { protocol, hostname } = new URL(url);
    return protocol === 'https:' || /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
  };
  if (isSafe(core.environment.pageUrl) && isSafe(core.server)) return undefined;
  return new ChatError(
    'insecure_page',
    'This page, or its chat server, is reached over plain http. The widget sends no token there: serve both over https.',
  );
}
