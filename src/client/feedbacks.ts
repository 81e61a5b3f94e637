import type { Feedback, FeedbackBody } from '../protocol/index.ts';
import type { Core } from './core.ts';
import { ChatError } from './types.ts';

type Judged = {
  readonly epoch: AbortSignal;
  /** What the server has. */
  confirmed: Feedback | undefined;
  wanted: Feedback | undefined;
  /** Calls about one message go one after the other: the last word must arrive last. */
  last: Promise<void>;
};

/** What a visitor says of answers: on the screen at once, and as it was where the server does not take it. */
export class Feedbacks {
  readonly #core: Core;
  readonly #say: (messageId: string, body: FeedbackBody) => Promise<unknown>;
  readonly #judged = new Map<string, Judged>();

  constructor(core: Core, say: (messageId: string, body: FeedbackBody) => Promise<unknown>) {
    this.#core = core;
    this.#say = say;
  }

  give(messageId: string, wanted: Feedback | undefined): Promise<void> {
    const judged = this.#of(messageId);
    judged.wanted = wanted;
    this.#show(messageId, wanted);
    const mine = judged.last.catch(() => undefined).then(() => this.#tell(messageId, judged, wanted));
    judged.last = mine;
    return mine;
  }

  async #tell(messageId: string, judged: Judged, wanted: Feedback | undefined): Promise<void> {
    // A later word counts, and is said next.
    if (judged.wanted !== wanted) return;
    if (judged.epoch.aborted) throw new ChatError('superseded', 'The visitor changed before this was said.');
    try {
      await this.#say(messageId, wanted ?? { rating: null });
      judged.confirmed = wanted;
    } finally {
      // The conversation may have been read anew meanwhile.
      if (!judged.epoch.aborted && judged.wanted === wanted) this.#show(messageId, judged.confirmed);
    }
  }

  #of(messageId: string): Judged {
    const { signal, state } = this.#core;
    const known = this.#judged.get(messageId);
    if (known?.epoch === signal) return known;
    const confirmed = state.conversation.stored.find(({ id }) => id === messageId)?.metadata?.feedback;
    const judged = { epoch: signal, confirmed, wanted: confirmed, last: Promise.resolve() };
    this.#judged.set(messageId, judged);
    return judged;
  }

  #show(messageId: string, feedback: Feedback | undefined): void {
    const { conversation } = this.#core.state;
    const stored = conversation.stored.map((message) => {
      if (message.id !== messageId) return message;
      const { feedback: _, ...metadata } = message.metadata ?? {};
      return { ...message, metadata: feedback === undefined ? metadata : { ...metadata, feedback } };
    });
    this.#core.converse({ ...conversation, stored });
  }
}
