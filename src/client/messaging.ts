import { textOf } from '../protocol/index.ts';
import type { Core } from './core.ts';
import { defer, type Deferred } from './deferred.ts';
import type { DeliveryHooks } from './delivery.ts';
import type { Exchange } from './exchange.ts';
import type { Extras } from './extras.ts';
import type { LiveHooks } from './live.ts';
import type { NewEntry } from './outbox.ts';
import { backOff, withRetries } from './retry.ts';
import { TransportError } from './transport.ts';
import { ChatError, type Failure } from './types.ts';

type Hooks = Pick<DeliveryHooks, 'onUnauthorized'> & Pick<LiveHooks, 'onEnded'>;

/** After so many tries what is rarely used is given up, and can be asked for again. */
const maxExtrasTries = 4;

/**
 * Messages out, replies and live events in. What does the work is fetched when there is work, so that a visitor can type
 * before it has arrived; what is typed meanwhile waits in the outbox.
 */
export class Messaging {
  readonly #core: Core;
  readonly #hooks: Hooks;
  readonly #waiters = new Map<string, Deferred<void>>();
  #exchange: Exchange | undefined;
  #loading: Promise<Exchange> | undefined;
  #extras: Extras | undefined;
  #wantsLive = false;

  constructor(core: Core, hooks: Hooks) {
    this.#core = core;
    this.#hooks = hooks;
  }

  flush(): void {
    if (this.#core.state.outbox.length > 0) this.use(({ delivery }) => delivery.flush());
  }

  /** Takes a text as a new message of the present identity. Resolves when the server has stored it. */
  send(text: string, more: Pick<NewEntry, 'attachments' | 'replaces'> = {}): Promise<void> {
    const { environment, state } = this.#core;
    const id = environment.uuid();
    const createdAt = new Date(environment.now()).toISOString();
    const waiter = defer<void>();
    this.#waiters.set(id, waiter);
    const { conversation, identity } = state;
    this.#core.outbox({
      type: 'add',
      entry: { id, conversationId: conversation.id, text, ...more, createdAt, who: identity.who },
    });
    this.flush();
    return waiter.promise;
  }

  /** Takes a failed message out; its text goes back to the composer. */
  discard(messageId: string): string {
    const message = this.#core.snapshot.messages.find(({ id }) => id === messageId);
    this.#core.outbox({ type: 'discard', id: messageId });
    return message === undefined ? '' : textOf(message);
  }

  /** Promises about messages that are gone with their identity end too. */
  dropWaiters(): void {
    for (const waiter of this.#waiters.values()) {
      waiter.reject(new ChatError('superseded', 'The visitor changed before the message was sent.'));
    }
    this.#waiters.clear();
  }

  listen(): void {
    this.#wantsLive = true;
    this.use(({ live }) => this.#wantsLive && live.start());
  }

  /** Another identity: nothing of the old one's events is asked for again. */
  unlisten(): void {
    this.#wantsLive = false;
    this.#exchange?.live.reset();
  }

  close(): void {
    this.#wantsLive = false;
    this.#exchange?.close();
  }

  /** As `use`, for work that is waited for. */
  ask<T>(work: (exchange: Exchange) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => this.use((exchange) => work(exchange).then(resolve, reject)));
  }

  /** At once where it is there, else as soon as it has come; in the order of the calls. */
  use(work: (exchange: Exchange) => unknown): void {
    if (this.#exchange !== undefined) work(this.#exchange);
    else (this.#loading ??= this.#load()).then(work, () => undefined);
  }

  /** What is rarely used: a file of its own, fetched for the first call. */
  async extras(): Promise<Extras> {
    const core = this.#core;
    const fetchExtras = (): Promise<typeof import('./extras.ts')> =>
      import('./extras.ts').catch(() => {
        throw new TransportError('network', 0);
      });
    const { Extras } = await withRetries(core, core.lifetime, fetchExtras, maxExtrasTries);
    const onGate: DeliveryHooks['onGate'] = (code) => this.ask(({ gatekeeper }) => gatekeeper.learn(code));
    return (this.#extras ??= new Extras(core, { ...this.#hooks, onGate }));
  }

  async #load(): Promise<Exchange> {
    const core = this.#core;
    const hooks = { ...this.#hooks, onSettled: this.#settle.bind(this), send: this.send.bind(this) };
    for (let attempt = 0; ; attempt++) {
      try {
        const { Exchange } = await import('./exchange.ts');
        core.lifetime.throwIfAborted();
        return (this.#exchange ??= new Exchange(core, hooks));
      } catch {
        await backOff(core, attempt, core.lifetime);
      }
    }
  }

  #settle(id: string, failure?: Failure): void {
    const waiter = this.#waiters.get(id);
    this.#waiters.delete(id);
    if (failure === undefined) waiter?.resolve();
    else waiter?.reject(new ChatError(failure.code, 'The message was not sent; it is kept.', failure));
  }
}
