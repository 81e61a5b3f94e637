import type { ChatSnapshot, ViewMessage } from '../../client/index.ts';

/** Which message is the first that nobody has seen: those above it were on the screen while somebody looked. */
export class Unread {
  #epoch: number | undefined;
  #conversationId: string | undefined;
  #isReady = false;
  /** The newest one that was seen, in each conversation. */
  readonly #seen = new Map<string, string>();
  #firstId: string | undefined;

  get firstId(): string | undefined {
    return this.#firstId;
  }

  /** To be called with each snapshot. @param isSeen whether somebody looks at the conversation */
  follow(snapshot: ChatSnapshot, isSeen: boolean): void {
    const { epoch, conversationId, history, messages } = snapshot;
    if (epoch !== this.#epoch) this.#seen.clear();
    if (epoch !== this.#epoch || conversationId !== this.#conversationId) {
      this.#isReady = false;
      this.#firstId = undefined;
    }
    this.#epoch = epoch;
    this.#conversationId = conversationId;
    if (history !== 'ready') return;
    const isFirst = !this.#isReady;
    this.#isReady = true;
    if (isFirst && !this.#seen.has(conversationId)) this.#begin(snapshot);
    const seenId = this.#seen.get(conversationId);
    if (isFirst || !isSeen) this.#firstId = after(messages, seenId);
    // Who writes has read.
    else if (messages.at(-1)?.role === 'user') this.#firstId = undefined;
    if (!isSeen) return;
    const newest = messages.findLast(({ status }) => status !== 'streaming');
    if (newest !== undefined) this.#seen.set(conversationId, newest.id);
  }

  /** What the server counts as unread is that many of the newest answers. */
  #begin({ conversationId, conversations, messages, unreadCount }: ChatSnapshot): void {
    const said = conversations.find(({ id }) => id === conversationId)?.unreadCount ?? 0;
    const count = conversations.length > 1 ? said : Math.max(said, unreadCount);
    const answers = messages.flatMap(({ role }, index) => (role === 'assistant' ? [index] : []));
    const first = count > 0 ? answers.at(-Math.min(count, answers.length)) : undefined;
    const seen = messages[(first ?? messages.length) - 1];
    if (seen !== undefined) this.#seen.set(conversationId, seen.id);
  }
}

function after(messages: readonly ViewMessage[], seenId: string | undefined): string | undefined {
  const at = messages.findIndex(({ id }) => id === seenId);
  return at < 0 ? undefined : messages.slice(at + 1).find(({ role }) => role === 'assistant')?.id;
}
