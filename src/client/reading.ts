import { markRead } from './calls.ts';
import type { Core } from './core.ts';

/** Unread or read: what arrives while nobody looks is counted, what somebody sees is marked. */
export class Reading {
  readonly #core: Core;
  readonly #unwake: () => void;
  #isOpen = false;
  #markedId: string | undefined;
  /** What was counted since somebody last looked: a reply of this page's is told of as a live event, too. */
  readonly #counted = new Set<string>();

  constructor(core: Core) {
    this.#core = core;
    core.subscribe(({ reply }) => {
      if (this.#isOpen && reply === 'idle') this.#mark();
    });
    this.#unwake = core.environment.onWake(() => this.#mark());
  }

  attend(isOpen: boolean): void {
    this.#isOpen = isOpen;
    this.#mark();
  }

  received(id: string): void {
    if (this.#isSeen() || id === this.#markedId || this.#counted.has(id)) return;
    this.#counted.add(id);
    this.#core.update({ unreadCount: this.#core.state.unreadCount + 1 });
  }

  close(): void {
    this.#unwake();
  }

  #isSeen(): boolean {
    return this.#isOpen && this.#core.environment.visible();
  }

  #mark(): void {
    const core = this.#core;
    const { conversation, unreadCount } = core.state;
    if (!this.#isSeen()) return;
    this.#counted.clear();
    if (unreadCount > 0) core.update({ unreadCount: 0 });
    // An answer that is still being written has no parts in the list.
    const newest = conversation.stored.findLast(({ role, parts }) => role === 'assistant' && parts.length > 0);
    if (newest === undefined || newest.id === this.#markedId || conversation.history !== 'ready') return;
    this.#markedId = newest.id;
    void markRead(core, conversation.id, newest.id, core.signal).catch(() => undefined);
  }
}
