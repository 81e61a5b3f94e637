import type { ChatMessage } from '../protocol/index.ts';
import { openEvents } from './calls.ts';
import type { Core } from './core.ts';
import { backOff, isBusy, isPassing } from './retry.ts';
import { readEvents, type EventFrame } from './read-stream.ts';
import { isUnauthorized, type TransportError } from './transport.ts';
import type { ChatSnapshot } from './types.ts';

/** Somebody who types says so every few seconds. */
const typingMs = 8_000;

export type LiveHooks = {
  /** Events come from now on; of what happened before, what the server has kept. */
  onOpen(): void;
  onMessage(conversationId: string, message: ChatMessage): void;
  onRemoved(conversationId: string): void;
  onEnded(state: 'revoked' | 'expired', token: string | undefined): void;
  onUnauthorized(error: TransportError, token: string | undefined): boolean;
};

/**
 * The server's live events, while somebody can see the page: hidden tabs hold no connection (browsers allow six a host
 * over HTTP/1.1) and catch up by the last event's id when they are shown again.
 */
export class Live {
  readonly #core: Core;
  readonly #hooks: LiveHooks;
  readonly #unwake: () => void;
  #running: { readonly epoch: AbortSignal; readonly controller: AbortController; readonly whose: string } | undefined;
  #lastEventId: string | undefined;
  #isWanted = false;

  constructor(core: Core, hooks: LiveHooks) {
    this.#core = core;
    this.#hooks = hooks;
    this.#unwake = core.environment.onWake(() => this.#follow());
    // Not within the change: who asks as somebody may learn that another tab has logged them out.
    core.subscribe(() => this.#isOthers && queueMicrotask(() => this.#follow()));
  }

  start(): void {
    this.#isWanted = true;
    this.#follow();
  }

  /** Another identity: nothing of the old one's events is asked for again. */
  reset(): void {
    this.#lastEventId = undefined;
    this.#isWanted = false;
    this.#follow();
  }

  close(): void {
    this.reset();
    this.#unwake();
  }

  get #whose(): string {
    const { session, state } = this.#core;
    return state.identity.subject ?? session.secret();
  }

  /** Another tab that signs in takes the session along: what nobody says from then on is another session's. */
  get #isOthers(): boolean {
    // Asked with every change of the screen: the storage is read only where there is something to compare.
    if (this.#running === undefined) return false;
    const { session, state } = this.#core;
    const whose = state.identity.subject ?? session.peek();
    return whose !== undefined && this.#running.whose !== whose;
  }

  /** Brings the connection into line with what is wanted: one, of the present epoch and visitor, of a visible page. */
  #follow(): void {
    const core = this.#core;
    const isDue = this.#isWanted && core.environment.visible();
    if (this.#running !== undefined && (!isDue || this.#running.epoch.aborted)) {
      this.#running.controller.abort();
      this.#running = undefined;
    }
    if (isDue && this.#isOthers) {
      this.#running?.controller.abort();
      this.#running = this.#lastEventId = undefined;
    }
    if (!isDue || this.#running !== undefined) return;
    const mine = { epoch: core.signal, controller: new AbortController(), whose: this.#whose };
    this.#running = mine;
    void this.#listen(AbortSignal.any([mine.epoch, mine.controller.signal])).then(() => {
      if (this.#running === mine) this.#running = undefined;
    });
  }

  async #listen(signal: AbortSignal): Promise<void> {
    const core = this.#core;
    for (let attempt = 0; !signal.aborted; attempt++) {
      const { token } = core.state.identity;
      let isLost = false;
      try {
        const stream = await openEvents(core, this.#lastEventId, signal);
        this.#hooks.onOpen();
        for await (const frame of readEvents(stream, core.environment)) {
          if (signal.aborted) return;
          attempt = 0;
          this.#take(frame, token);
        }
      } catch (error) {
        if (signal.aborted) return;
        // Refused for good (an agent for signed-in visitors, a token that ended): the next identity asks again.
        if (isUnauthorized(error)) this.#onUnauthorized(error, token);
        const isOutdated = isUnauthorized(error) && core.state.identity.token !== token;
        isLost = isPassing(error);
        if (!isOutdated && !isLost && !isBusy(error)) return;
      }
      await backOff(core, attempt, signal, isLost).catch(() => undefined);
      if (!signal.aborted) core.update({ connection: core.environment.online() ? 'online' : 'offline' });
    }
  }

  /** A sign-in that ended while this page slept, or was cut off. What is known to be refused needs no telling. */
  #onUnauthorized(error: TransportError, token: string | undefined): void {
    if (this.#core.state.identity.view.state === 'verified') this.#hooks.onUnauthorized(error, token);
  }

  #take({ id, type, data }: EventFrame, token: string | undefined): void {
    this.#lastEventId = id ?? this.#lastEventId;
    const { conversationId, message, state, typing, ...rest } = parse(data);
    if (type === 'message' && typeof conversationId === 'string' && isMessage(message)) {
      this.#hooks.onMessage(conversationId, message);
    } else if (type === 'removed' && typeof conversationId === 'string') {
      this.#hooks.onRemoved(conversationId);
    } else if (type === 'typing' && conversationId === this.#core.state.conversation.id) {
      this.#showTyping(typing === true ? rest['name'] : undefined);
    } else if (type === 'identity' && (state === 'revoked' || state === 'expired')) {
      this.#hooks.onEnded(state, token);
    }
  }

  /** It is said again while it lasts: a message, another conversation, or silence ends it. */
  #showTyping(name: unknown): void {
    const core = this.#core;
    const show = (typing: ChatSnapshot['typing']) => core.converse({ ...core.state.conversation, typing });
    if (typeof name !== 'string') return show(undefined);
    const mine = { name };
    show(mine);
    core.environment.after(typingMs, () => {
      if (core.state.conversation.typing === mine) show(undefined);
    });
  }
}

function parse(data: string): { readonly [field: string]: unknown } {
  try {
    return (JSON.parse(data) ?? {}) as { readonly [field: string]: unknown };
  } catch {
    return {};
  }
}

/** Whether what came from elsewhere can be drawn as a message. Its parts are read one by one, where they are drawn. */
export function isMessage(value: unknown): value is ChatMessage {
  const { id, role, parts } = (value ?? {}) as { [field: string]: unknown };
  return typeof id === 'string' && (role === 'user' || role === 'assistant') && Array.isArray(parts);
}
