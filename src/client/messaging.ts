import { textOf } from '../protocol/index.ts';
import type { Core } from './core.ts';
import type { Delivery, DeliveryHooks } from './delivery.ts';
import type { Live, LiveListeners } from './live.ts';
import { backOff } from './retry.ts';
import { ChatError, type Failure } from './types.ts';

export type Messaging = ReturnType<typeof createMessaging>;

type Parts = { readonly delivery: Delivery; readonly live: Live };

/**
 * Messages out, replies and live events in. What does the work is fetched when there is work, so that a visitor can type
 * before it has arrived; what is typed meanwhile waits in the outbox.
 */
export function createMessaging(core: Core, hooks: Pick<DeliveryHooks, 'onUnauthorized'> & LiveListeners) {
  const waiters = new Map<string, PromiseWithResolvers<void>>();
  let parts: Parts | undefined;
  let loading: Promise<Parts> | undefined;
  let wantsLive = false;

  async function load(): Promise<Parts> {
    for (let attempt = 0; ; attempt++) {
      try {
        const { createDelivery, createLive } = await import('./exchange.ts');
        return (parts ??= { delivery: createDelivery(core, { ...hooks, onSettled: settle }), live: createLive(core, hooks) });
      } catch {
        await backOff(core, attempt, core.lifetime);
      }
    }
  }

  const withParts = (work: (parts: Parts) => unknown): void => {
    if (parts !== undefined) work(parts);
    else (loading ??= load()).then(work, () => undefined);
  };

  function settle(id: string, failure?: Failure): void {
    const waiter = waiters.get(id);
    waiters.delete(id);
    if (failure === undefined) waiter?.resolve();
    else waiter?.reject(new ChatError(failure.code, 'The message was not sent; it is kept.', failure));
  }

  const flush = (): void => {
    if (core.state.outbox.length > 0) withParts(({ delivery }) => delivery.flush());
  };

  return {
    flush,
    /** Fetches what sends and receives, before anybody needs it. */
    prepare: () => withParts(() => undefined),
    resume(thread: AbortSignal): void {
      withParts(({ delivery }) => delivery.resume(thread).then(delivery.flush, () => undefined));
    },
    regenerate: (messageId: string) => withParts(({ delivery }) => void delivery.regenerate(messageId)),
    /** Takes a text as a new message of the present identity. Resolves when the server has stored it. */
    send(text: string): Promise<void> {
      const id = core.environment.uuid();
      const { conversation, identity } = core.state;
      const createdAt = new Date(core.environment.now()).toISOString();
      const waiter = Promise.withResolvers<void>();
      waiters.set(id, waiter);
      core.outbox({ type: 'add', entry: { id, conversationId: conversation.id, text, createdAt, who: identity.who } });
      flush();
      return waiter.promise;
    },
    /** Takes a failed message out; its text goes back to the composer. */
    discard(messageId: string): string {
      const message = core.snapshot.messages.find(({ id }) => id === messageId);
      core.outbox({ type: 'discard', id: messageId });
      return message === undefined ? '' : textOf(message);
    },
    /** Promises about messages that are gone with their identity end too. */
    dropWaiters(): void {
      for (const [id, waiter] of waiters) {
        waiters.delete(id);
        waiter.reject(new ChatError('superseded', 'The visitor changed before the message was sent.'));
      }
    },
    listen(): void {
      wantsLive = true;
      withParts(({ live }) => wantsLive && live.start());
    },
    /** Another identity: nothing of the old one's events is asked for again. */
    unlisten(): void {
      wantsLive = false;
      parts?.live.reset();
    },
    close(): void {
      wantsLive = false;
      parts?.live.close();
    },
  };
}
