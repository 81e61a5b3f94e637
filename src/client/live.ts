import type { ChatMessage } from '../protocol/index.ts';
import type { Core } from './core.ts';
import { backOff, isBusy, isPassing } from './retry.ts';
import { readEvents, type EventFrame } from './read-stream.ts';

export type Live = ReturnType<typeof createLive>;

export type LiveListeners = {
  onMessage(conversationId: string, message: ChatMessage): void;
  onEnded(state: 'revoked' | 'expired', token: string | undefined): void;
};

/**
 * The server's live events, while somebody can see the page: hidden tabs hold no connection (browsers allow six a host
 * over HTTP/1.1) and catch up by the last event's id when they are shown again.
 */
export function createLive(core: Core, { onMessage, onEnded }: LiveListeners) {
  let running: { readonly epoch: AbortSignal; readonly controller: AbortController } | undefined;
  let lastEventId: string | undefined;
  let isWanted = false;
  const unwake = core.environment.onWake(() => follow());

  /** Brings the connection into line with what is wanted: one, of the present epoch, of a visible page. */
  function follow(): void {
    const isDue = isWanted && core.environment.visible();
    if (running !== undefined && (!isDue || running.epoch.aborted)) {
      running.controller.abort();
      running = undefined;
    }
    if (!isDue || running !== undefined) return;
    const mine = { epoch: core.signal, controller: new AbortController() };
    running = mine;
    void listen(AbortSignal.any([mine.epoch, mine.controller.signal])).then(() => {
      if (running === mine) running = undefined;
    });
  }

  async function listen(signal: AbortSignal): Promise<void> {
    for (let attempt = 0; !signal.aborted; attempt++) {
      const { token } = core.state.identity;
      try {
        for await (const frame of readEvents(await core.transport.events(core.credentials(), lastEventId, signal))) {
          if (signal.aborted) return;
          attempt = 0;
          take(frame, token);
        }
      } catch (error) {
        // Refused for good (an agent for signed-in visitors, a token that ended): the next identity asks again.
        if (signal.aborted || (!isPassing(error) && !isBusy(error))) return;
      }
      await backOff(core, attempt, signal).catch(() => undefined);
      if (!signal.aborted) core.update({ connection: core.environment.online() ? 'online' : 'offline' });
    }
  }

  function take({ id, type, data }: EventFrame, token: string | undefined): void {
    lastEventId = id ?? lastEventId;
    const event = parse(data);
    if (type === 'message' && typeof event['conversationId'] === 'string' && isMessage(event['message'])) {
      onMessage(event['conversationId'], event['message']);
    } else if (type === 'identity' && (event['state'] === 'revoked' || event['state'] === 'expired')) {
      onEnded(event['state'], token);
    }
  }

  return {
    start(): void {
      isWanted = true;
      follow();
    },
    /** Another identity: nothing of the old one's events is asked for again. */
    reset(): void {
      lastEventId = undefined;
      isWanted = false;
      follow();
    },
    close(): void {
      this.reset();
      unwake();
    },
  };
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
