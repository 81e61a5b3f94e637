// What sends and receives: one file, fetched when there is something to send or to receive.
import type { Core } from './core.ts';
import { Delivery, type DeliveryHooks } from './delivery.ts';
import { Gatekeeper } from './gatekeeper.ts';
import { History } from './history.ts';
import { Live, type LiveHooks } from './live.ts';
import { Reading } from './reading.ts';

export type ExchangeHooks = Pick<DeliveryHooks, 'onUnauthorized' | 'onSettled' | 'send'> & Pick<LiveHooks, 'onEnded'>;

export class Exchange {
  readonly delivery: Delivery;
  readonly gatekeeper: Gatekeeper;
  readonly history: History;
  readonly live: Live;
  readonly reading: Reading;

  constructor(core: Core, hooks: ExchangeHooks) {
    const flush = (): void => this.delivery.flush();
    this.gatekeeper = new Gatekeeper(core, flush);
    this.delivery = new Delivery(core, {
      ...hooks,
      onGate: (code) => this.gatekeeper.learn(code),
      onReply: (id) => this.reading.received(id),
    });
    this.history = new History(core, {
      ...hooks,
      flush,
      resume: (thread) => void this.delivery.resume(thread).then(flush, () => undefined),
    });
    this.reading = new Reading(core);
    this.live = new Live(core, {
      ...hooks,
      onOpen: () => this.history.catchUp(),
      onMessage: (conversationId, message) => {
        this.history.receive(conversationId, message);
        if (message.role === 'assistant') this.reading.received(message.id);
      },
      onRemoved: (conversationId) => this.history.drop(conversationId),
    });
  }

  close(): void {
    this.live.close();
    this.reading.close();
    this.gatekeeper.close();
  }
}
// For what stands before an endpoint, which is fetched after this.
export { withReplyEnded } from './growing-reply.ts';
export { isMessage } from './live.ts';
export { readEvents } from './read-stream.ts';
