import type { ChatMessage } from '../protocol/index.ts';
import type { Core } from './core.ts';
import { backOff, isBusy, isPassing } from './retry.ts';
import { readEvents, type EventFrame } from './read-stream.ts';
import { isUnauthorized, type TransportError } from './transport.ts';

export type LiveHooks = {
  /** Events come from now on; what happened before is not among them. */
  onOpen(): void;
  onMessage(conversationId: string, message: ChatMessage): void;
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
  #running: { readonly epoch: AbortSignal; readonly controller: AbortController } | undefined;
  #lastEventId: string | undefined;
  #isWanted = false;

  constructor(core: Core, hooks: LiveHooks) {
    this.#core = core;
    this.#hooks = hooks;
    this.#unwake = core.environment.onWake(() => this.#follow());
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

  /** Brings the connection into line with what is wanted: one, of the present epoch, of a visible page. */
  #follow(): void {
    const core = this.#core;
    const isDue = this.#isWanted && core.environment.visible();
    if (this.#running !== undefined && (!isDue || this.#running.epoch.aborted)) {
      this.#running.controller.abort();
      this.#running = undefined;
    }
    if (!isDue || this.#running !== undefined) return;
    const mine = { epoch: core.signal, controller: new AbortController() };
    this.#running = mine;
    void this.#listen(AbortSignal.any([mine.epoch, mine.controller.signal])).then(() => {
      if (this.#running === mine) this.#running = undefined;
    });
  }

  async #listen(signal: AbortSignal): Promise<void> {
    const core = this.#core;
    for (let attempt = 0; !signal.aborted; attempt++) {
      const { token } = core.state.identity;
      try {
        const stream = await core.transport.events(core.credentials(), this.#lastEventId, signal);
        if (this.#lastEventId === undefined) this.#hooks.onOpen();
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
        if (!isOutdated && !isPassing(error) && !isBusy(error)) return;
      }
      await backOff(core, attempt, signal).catch(() => undefined);
      if (!signal.aborted) core.update({ connection: core.environment.online() ? 'online' : 'offline' });
    }
  }

  /** A sign-in that ended while this page slept, or was cut off. What is known to be refused needs no telling. */
  #onUnauthorized(error: TransportError, token: string | undefined): void {
    if (this.#core.state.identity.view.state === 'verified') this.#hooks.onUnauthorized(error, token);
  }

  #take({ id, type, data }: EventFrame, token: string | undefined): void {
    this.#lastEventId = id ?? this.#lastEventId;
    const { conversationId, message, state } = parse(data);
    if (type === 'message' && typeof conversationId === 'string' && isMessage(message)) {
      this.#hooks.onMessage(conversationId, message);
    } else if (type === 'identity' && (state === 'revoked' || state === 'expired')) {
      this.#hooks.onEnded(state, token);
    }
  }
}

function parse(data: string): { readonly [field: string]: unknown } {
  try {
    return (JSON.parse(data) ?? {}) as { readonly [field: string]: unknown };
  } catch {
    return {};
  }
}

function isMessage(value: unknown): value is ChatMessage {
  const { id, role, parts } = (value ?? {}) as { [field: string]: unknown };
  return typeof id === 'string' && (role === 'user' || role === 'assistant') && Array.isArray(parts);
}
