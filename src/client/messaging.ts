import { textOf } from '../protocol/index.ts';
import type { Core } from './core.ts';
import { defer, type Deferred } from './deferred.ts';
import type { Delivery, DeliveryHooks } from './delivery.ts';
import type { Live, LiveHooks } from './live.ts';
import { backOff } from './retry.ts';
import { ChatError, type Failure } from './types.ts';

type Parts = { readonly delivery: Delivery; readonly live: Live };

type Hooks = Pick<DeliveryHooks, 'onUnauthorized'> & LiveHooks;

/**
 * Messages out, replies and live events in. What does the work is fetched when there is work, so that a visitor can type
 * before it has arrived; what is typed meanwhile waits in the outbox.
 */
export class Messaging {
  readonly #core: Core;
  readonly #hooks: Hooks;
  readonly #waiters = new Map<string, Deferred<void>>();
  #parts: Parts | undefined;
  #loading: Promise<Parts> | undefined;
  #wantsLive = false;

  constructor(core: Core, hooks: Hooks) {
    this.#core = core;
    this.#hooks = hooks;
  }

  /** Fetches what sends and receives, before anybody needs it. */
  prepare(): void {
    this.#withParts(() => undefined);
  }

  flush(): void {
    if (this.#core.state.outbox.length > 0) this.#withParts(({ delivery }) => delivery.flush());
  }

  resume(thread: AbortSignal): void {
    this.#withParts(({ delivery }) => {
      delivery.resume(thread).then(
        () => delivery.flush(),
        () => undefined,
      );
    });
  }

  regenerate(messageId: string): void {
    this.#withParts(({ delivery }) => void delivery.regenerate(messageId));
  }

  answerApproval(approvalId: string, approved: boolean): void {
    this.#withParts(({ delivery }) => void delivery.answerApproval(approvalId, approved));
  }

  /** Takes a text as a new message of the present identity. Resolves when the server has stored it. */
  send(text: string): Promise<void> {
    const { environment, state } = this.#core;
    const id = environment.uuid();
    const createdAt = new Date(environment.now()).toISOString();
    const waiter = defer<void>();
    this.#waiters.set(id, waiter);
    const { conversation, identity } = state;
    this.#core.outbox({
      type: 'add',
      entry: { id, conversationId: conversation.id, text, createdAt, who: identity.who },
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
    this.#withParts(({ live }) => this.#wantsLive && live.start());
  }

  /** Another identity: nothing of the old one's events is asked for again. */
  unlisten(): void {
    this.#wantsLive = false;
    this.#parts?.live.reset();
  }

  close(): void {
    this.#wantsLive = false;
    this.#parts?.live.close();
  }

  #withParts(work: (parts: Parts) => unknown): void {
    if (this.#parts !== undefined) work(this.#parts);
    else (this.#loading ??= this.#load()).then(work, () => undefined);
  }

  async #load(): Promise<Parts> {
    const core = this.#core;
    const onSettled = this.#settle.bind(this);
    for (let attempt = 0; ; attempt++) {
      try {
        const { Delivery, Live } = await import('./exchange.ts');
        core.lifetime.throwIfAborted();
        return (this.#parts ??= {
          delivery: new Delivery(core, { ...this.#hooks, onSettled }),
          live: new Live(core, this.#hooks),
        });
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
