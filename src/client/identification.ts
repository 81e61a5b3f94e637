import type { IdentityAnswer, IdentityReason } from '../protocol/index.ts';
import type { Core } from './core.ts';
import { defer, type Deferred } from './deferred.ts';
import type { IdentityEffect, IdentityEvent } from './identity.ts';
import { backOff, withRetries } from './retry.ts';
import type { Forwarded, TransportError } from './transport.ts';
import { ChatError, type IdentityState, type TokenProvider as Provider, type TokenSource } from './types.ts';

/** A fresh token is asked for at this share of the lifetime, and at the latest this long before its end. */
const refreshShare = 0.8;
const refreshMarginMs = 60_000;

/** What a provider may take before the wait for it is given up. */
const providerTimeoutMs = 30_000;
const maxRenewals = 5;

/** Tokens: taken from the page, proved by the server, renewed in time. `onEffects` does what a new identity asks for. */
export class Identification {
  readonly #core: Core;
  readonly #onEffects: (effects: readonly IdentityEffect[]) => void;
  readonly #onNobody: () => void;
  readonly #unwake: () => void;
  /** Those who wait for what the server says of a token, by its call. */
  readonly #waiters = new Map<number, Deferred<IdentityState>>();
  #provider: Provider | undefined;
  /** Number of the latest word of the page's; what an earlier one still brings is passed over. */
  #round = 0;
  #renewing: Promise<void> | undefined;
  /** One renewal for each proof: a provider whose fresh token is refused too is not asked again and again. */
  #mayRenew = true;
  #asked: { readonly source: Provider; readonly answer: Promise<string | null> } | undefined;
  /** What the page says of the visitor, which stands where no token comes. */
  #report: Extract<IdentityEvent, { type: 'self-report' }> | undefined;
  #refreshAt: number | undefined;
  #cancelRefresh = () => {};

  /** @param onNobody told when a provider says that its visitor is signed in no more */
  constructor(core: Core, onEffects: (effects: readonly IdentityEffect[]) => void, onNobody: () => void) {
    this.#core = core;
    this.#onEffects = onEffects;
    this.#onNobody = onNobody;
    this.#unwake = core.environment.onWake(() => {
      if (this.#refreshAt !== undefined && core.environment.now() >= this.#refreshAt) this.#onRefreshDue();
    });
    core.onTokenRefused = (token, reason) => {
      const { identity } = core.state;
      if (token === identity.token) this.dispatch({ type: 'refused', call: identity.call, reason });
    };
    core.onTokenAccepted = () => (this.#mayRenew = true);
  }

  /** The latest call wins. Settles when the server has judged the token. */
  async identify(source: TokenSource): Promise<IdentityState> {
    const core = this.#core;
    if (!source && core.state.identity.token !== undefined) throw new TypeError(noLogout);
    if (source && typeof source !== 'function') checked(source);
    if (source) refuseInsecure(core);
    // What another tab has ended must not end what begins here.
    core.logouts.check();
    const mine = ++this.#round;
    this.#mayRenew = true;
    this.#provider = typeof source === 'function' ? source : undefined;
    this.#renewing = undefined;
    const token = typeof source === 'function' ? await this.#askFirst(source, mine) : source;
    if (mine !== this.#round) throw superseded();
    if (!token) return this.#leave();
    const before = core.state.identity.call;
    this.dispatch({ type: 'token', token });
    const { view, call } = core.state.identity;
    return call === before && stands(view) ? view : this.#settled(call);
  }

  dispatch(event: IdentityEvent): void {
    const core = this.#core;
    if (event.type === 'self-report') this.#report = event;
    const { call } = core.state.identity;
    const effects = core.identify(event);
    if (core.state.identity.call !== call) this.#dropWaiters(core.state.identity.call);
    if (event.type === 'verified') this.#mayRenew = true;
    if (event.type === 'token' && effects.includes('wipe')) core.session.rotate();
    if (effects.includes('verify')) void this.#verify(core.state.identity.call);
    this.#onEffects(effects);
    if (['verified', 'forwarded', 'refused'].includes(event.type)) this.#settle();
  }

  /** A request's token was refused. True when a fresh one is on its way and the request should wait for it. */
  onUnauthorized(error: TransportError, token: string | undefined): boolean {
    const core = this.#core;
    if (token !== core.state.identity.token) return true;
    if (this.#provider === undefined || error.reason === 'revoked' || !this.#mayRenew) {
      this.#refuse(error);
      return false;
    }
    this.#mayRenew = false;
    this.dispatch({ type: 'renewing' });
    this.#renewOr(token, () => this.#refuse(error));
    return true;
  }

  /** The server ended the sign-in: elsewhere, or because its time is over. */
  onEnded(state: 'revoked' | 'expired', token: string | undefined): void {
    const { identity } = this.#core.state;
    if (token === undefined || token !== identity.token) return;
    const end = () => this.dispatch({ type: 'refused', call: this.#core.state.identity.call, reason: state });
    if (state === 'expired' && this.#provider !== undefined) this.#renewOr(token, end);
    else end();
  }

  /** `otherwise`: the provider had no other token. */
  #renewOr(token: string | undefined, otherwise: () => void): void {
    void this.#renew().then(() => {
      if (this.#core.state.identity.token === token) otherwise();
    });
  }

  /** Whatever the page has said so far counts no more. */
  forget(): void {
    this.#round += 1;
    this.#provider = this.#renewing = this.#refreshAt = this.#report = undefined;
    this.#cancelRefresh();
  }

  close(): void {
    this.forget();
    this.#unwake();
    this.#dropWaiters(-1);
  }

  async #verify(call: number): Promise<void> {
    const core = this.#core;
    const { signal } = core;
    try {
      const answer = await withRetries(core, signal, () => core.transport.identity(core.credentials(), signal));
      if (core.state.identity.call === call) this.#takeAnswer(call, answer);
    } catch (error) {
      if (signal.aborted || core.state.identity.call !== call) return;
      const failure = core.toFailure(error);
      core.update({ failure });
      const rejection = new ChatError(failure.code, 'The token could not be verified.', failure);
      this.#reject(call, failure.reason ?? 'not_configured', rejection);
    }
  }

  #takeAnswer(call: number, answer: IdentityAnswer | Forwarded): void {
    const core = this.#core;
    if ('who' in answer) return this.dispatch({ type: 'forwarded', call, ...answer });
    if (!answer.verified) {
      return this.dispatch({ type: 'refused', call, reason: 'reason' in answer ? answer.reason : 'malformed' });
    }
    const { subject, claims, expiresAt } = answer;
    // The old secret has served: whoever may know it can no longer reach what is now the subject's. What was sent under
    // it, and may reach the server yet, is sent again as the subject's; the next one who signs in must not claim it.
    const mayComeLate = core.state.outbox.some(({ who }) => who === undefined);
    if (answer.claimedConversations > 0 || mayComeLate) core.session.rotate();
    this.dispatch({ type: 'verified', call, subject, claims, expiresAt });
    this.#schedule(expiresAt, answer.now - core.environment.now());
  }

  #reject(call: number, reason: IdentityReason, rejection: ChatError): void {
    const waiter = this.#waiters.get(call);
    this.#waiters.delete(call);
    this.dispatch({ type: 'refused', call, reason });
    waiter?.reject(rejection);
  }

  #refuse(error: TransportError): void {
    this.dispatch({ type: 'refused', call: this.#core.state.identity.call, reason: error.reason ?? 'malformed' });
  }

  /** What the server says of the token of a call, for everybody who waits for it. */
  #settled(call: number): Promise<IdentityState> {
    const waiter = this.#waiters.get(call) ?? defer<IdentityState>();
    this.#waiters.set(call, waiter);
    return waiter.promise;
  }

  /** Whatever it was that settled the identity. */
  #settle(): void {
    const { view, call } = this.#core.state.identity;
    const waiter = this.#waiters.get(call);
    if (waiter === undefined || view.state === 'verifying') return;
    this.#waiters.delete(call);
    if (stands(view)) return waiter.resolve(view);
    const reason = view.state === 'rejected' ? view.reason : 'expired';
    waiter.reject(new ChatError('invalid_token', `The token was not accepted: ${reason}.`, { reason }));
  }

  #dropWaiters(present: number): void {
    for (const [call, waiter] of this.#waiters) {
      if (call === present) continue;
      this.#waiters.delete(call);
      waiter.reject(superseded());
    }
  }

  async #askFirst(source: Provider, mine: number): Promise<string | null> {
    this.dispatch({ type: 'asking' });
    try {
      return await this.#ask(source);
    } catch (error) {
      if (mine === this.#round) this.#goOnUnproven();
      throw error;
    }
  }

  /** The page knows of nobody. */
  #leave(): IdentityState {
    const { token, view } = this.#core.state.identity;
    if (token !== undefined) this.#onNobody();
    else if (view.state === 'verifying') this.#goOnUnproven();
    return this.#core.state.identity.view;
  }

  #goOnUnproven(): void {
    this.dispatch({ type: 'ask-failed' });
    if (this.#report !== undefined) this.dispatch(this.#report);
  }

  /** One call of a provider at a time, whoever wants its token. */
  #ask(source: Provider): Promise<string | null> {
    if (this.#asked?.source === source) return this.#asked.answer;
    const answer = this.#call(source).finally(() => {
      if (this.#asked?.answer === answer) this.#asked = undefined;
    });
    this.#asked = { source, answer };
    return answer;
  }

  /**
   * Null where nobody is signed in. For somebody who is only null itself says that they are no more: the rest may be a slip of the
   * page's. What a provider throws is the page's own and is not repeated to anybody.
   */
  async #call(source: Provider): Promise<string | null> {
    const { environment, emit } = this.#core;
    const timeout = defer<never>();
    const cancel = environment.after(providerTimeoutMs, () => timeout.reject(new Error('timeout')));
    try {
      const answer = await Promise.race([source(), timeout.promise]);
      const isNobody = answer === null || (!answer && this.#core.state.identity.token === undefined);
      return isNobody ? null : checked(answer);
    } catch {
      emit('failed', { code: 'token_provider', retryable: true });
      throw new ChatError('token_provider', 'The token provider of this page gave no token.', { retryable: true });
    } finally {
      cancel();
      // A logout of another tab that came after the question takes the answer back, also that there is none.
      this.#core.logouts.check();
    }
  }

  #schedule(expiresAt: number | null, serverAheadMs: number): void {
    this.#cancelRefresh();
    this.#refreshAt = undefined;
    if (expiresAt === null) return;
    const { environment } = this.#core;
    const now = environment.now();
    const lifetimeMs = expiresAt - serverAheadMs - now;
    const marginMs = lifetimeMs > 2 * refreshMarginMs ? refreshMarginMs : 0;
    this.#refreshAt = now + Math.max(Math.min(lifetimeMs * refreshShare, lifetimeMs - marginMs), 1000);
    this.#cancelRefresh = environment.after(this.#refreshAt - now, () => this.#onRefreshDue());
  }

  #onRefreshDue(): void {
    this.#core.logouts.check();
    const { view } = this.#core.state.identity;
    this.#cancelRefresh();
    this.#refreshAt = undefined;
    if (this.#provider !== undefined) void this.#renew();
    else if (view.state === 'verified' && view.expiresAt !== null) {
      this.#core.emit('token-expiring', { expiresAt: view.expiresAt });
    }
  }

  #renew(): Promise<void> {
    if (this.#renewing !== undefined) return this.#renewing;
    const renewing = this.#renewFor(this.#round).finally(() => {
      if (this.#renewing === renewing) this.#renewing = undefined;
    });
    return (this.#renewing = renewing);
  }

  async #renewFor(round: number): Promise<void> {
    const { signal } = this.#core;
    for (let attempt = 0; attempt < maxRenewals; attempt++) {
      try {
        if (this.#provider === undefined || this.#round !== round) return;
        const token = await this.#ask(this.#provider);
        if (this.#round !== round) return;
        if (token === null) this.#leave();
        else this.dispatch({ type: 'token', token });
        return;
      } catch {
        await backOff(this.#core, attempt, signal, false).catch(() => undefined);
      }
    }
  }
}

const stands = ({ state }: IdentityState): boolean => state === 'verified' || state === 'forwarded';

const noLogout = 'identify() got no token: call logout() to sign out';

function superseded(): ChatError {
  return new ChatError('superseded', 'A later identify() or logout() took the place of this one.');
}

/** @throws TypeError for what is no token; the message says what to pass and never what was passed. */
function checked(token: unknown): string {
  if (typeof token === 'string' && token !== '') return token;
  throw new TypeError('identify(token): pass the JWT or a function that returns it');
}

/** Tokens go over https only, or to loopback. @throws ChatError */
function refuseInsecure(core: Core): void {
  const isSafe = (url: string) => {
    const { protocol, hostname } = new URL(url);
    return protocol === 'https:' || /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
  };
  if (isSafe(core.environment.pageUrl) && isSafe(core.server)) return;
  core.fail({ code: 'insecure_page', retryable: false });
  throw new ChatError('insecure_page', 'No token goes over plain http: serve page and chat server over https.');
}
