import type { ChatClient, ChatSnapshot } from '../../client/index.ts';
import type { Draft } from '../draft.ts';

/** Somebody who goes on typing is not written down letter by letter. */
const pauseMs = 300;

export type DraftKeeperHost = {
  readonly root: ShadowRoot;
  readonly draft: Draft;
  client(): ChatClient | undefined;
  /** Whether what stands in the field is a sent message that is being changed. */
  isEditing(): boolean;
};

/** Has the client keep what is typed, conversation by conversation, and brings it back. */
export class DraftKeeper {
  readonly #host: DraftKeeperHost;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The conversation whose draft stands in the field. */
  #id: string | undefined;
  /** The visitor has chosen another conversation: what is typed stays with the one before. */
  #isLeaving = false;

  constructor(host: DraftKeeperHost) {
    this.#host = host;
  }

  connect(): void {
    const { root } = this.#host;
    root.addEventListener('input', this.#later);
    root.addEventListener('focusout', this.#keep);
    addEventListener('pagehide', this.#keep);
    document.addEventListener('visibilitychange', this.#keep);
  }

  disconnect(): void {
    const { root } = this.#host;
    this.#keep();
    root.removeEventListener('input', this.#later);
    root.removeEventListener('focusout', this.#keep);
    removeEventListener('pagehide', this.#keep);
    document.removeEventListener('visibilitychange', this.#keep);
  }

  /** To be called before the visitor goes to another conversation. */
  leave(): void {
    this.#keep();
    this.#isLeaving = true;
  }

  /** To be called with each snapshot, once there is a field. */
  follow({ conversationId }: ChatSnapshot): void {
    if (conversationId === this.#id) return;
    const { draft } = this.#host;
    const client = this.#host.client();
    const isLeaving = this.#isLeaving && this.#id !== undefined;
    this.#id = conversationId;
    this.#isLeaving = false;
    clearTimeout(this.#timer);
    // The history has come, or the page has begun a conversation: what is being typed goes along.
    if (!isLeaving && draft.text !== '') this.#keep();
    else draft.text = client?.draft(conversationId) ?? '';
  }

  readonly #later = (): void => {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#keep, pauseMs);
  };

  readonly #keep = (): void => {
    clearTimeout(this.#timer);
    const { draft } = this.#host;
    const client = this.#host.client();
    if (client === undefined || this.#id === undefined || this.#id !== client.snapshot.conversationId) return;
    if (this.#host.isEditing() || client.draft(this.#id) === draft.text) return;
    client.keepDraft(this.#id, draft.text);
  };
}
