/** One frame of an event stream, ready to be sent. `id` and `event` hold no line break. */
export type SseFrame = { readonly id?: string; readonly event?: string; readonly data: string };

export type SseOptions = {
  readonly frames: AsyncIterable<SseFrame>;
  /** Called once: when the reader has gone, when the frames have ended, or when they failed. */
  readonly onEnd: (end: { readonly failure?: unknown }) => void;
  /** Sent first, so that a stream without news is seen to be open. */
  readonly greeting?: string;
  /** Silence after which a comment is sent, in milliseconds. */
  readonly keepAliveMs: number;
};

const keepAliveComment = ': keep-alive\n\n';

/** Text of a frame. `data` must be one line, as JSON is. */
function formatFrame({ id, event, data }: SseFrame): string {
  const idLine = id === undefined ? '' : `id: ${id}\n`;
  const eventLine = event === undefined ? '' : `event: ${event}\n`;
  return `${idLine}${eventLine}data: ${data}\n\n`;
}

/**
 * Frames as the body of a response, at the speed of its reader: the next frame is asked for when there is room for it.
 * Where the frames fail the body is cut, so that the reader does not take it for the end.
 */
export function sseBody({ frames, onEnd, keepAliveMs, greeting }: SseOptions): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const iterator = frames[Symbol.asyncIterator]();
  let pending: Coming<IteratorResult<SseFrame>> | undefined;
  let ended = false;
  const end = (outcome: { readonly failure?: unknown }): void => {
    if (ended) return;
    ended = true;
    onEnd(outcome);
  };
  return new ReadableStream<Uint8Array>({
    start(controller) {
      if (greeting !== undefined) controller.enqueue(encoder.encode(`: ${greeting}\n\n`));
      // Asked for before anybody reads: live events count from the moment of the answer.
      pending = coming(iterator.next());
    },
    async pull(controller) {
      try {
        pending ??= coming(iterator.next());
        const hasCome = await pending.within(keepAliveMs);
        if (ended) return;
        if (!hasCome) return controller.enqueue(encoder.encode(keepAliveComment));
        const next = await pending.promise;
        if (ended) return;
        pending = undefined;
        if (next.done !== true) return controller.enqueue(encoder.encode(formatFrame(next.value)));
        end({});
        controller.close();
      } catch (failure) {
        if (ended) return;
        end({ failure });
        controller.error(new Error('The stream was cut.'));
      }
    },
    cancel() {
      end({});
      void iterator.return?.().catch(() => undefined);
    },
  });
}

/** Something that one reader waits for, again and again. */
type Coming<T> = {
  /** Whoever awaits it learns of a failure; until then nobody does. */
  readonly promise: Promise<T>;
  /** Whether it comes, or fails, within so long. One call at a time. */
  readonly within: (durationMs: number) => Promise<boolean>;
};

/** With one listener for all waits: each `Promise.race` leaves its own on the promise, and a silence may last for days. */
function coming<T>(promise: Promise<T>): Coming<T> {
  let hasCome = false;
  let wake: (() => void) | undefined;
  const arrive = (): void => {
    hasCome = true;
    wake?.();
  };
  promise.then(arrive, arrive);
  return {
    promise,
    within: async (durationMs) => {
      if (hasCome) return true;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, durationMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      wake = undefined;
      return hasCome;
    },
  };
}
