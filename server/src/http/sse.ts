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
export function formatFrame({ id, event, data }: SseFrame): string {
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
  let pending: Promise<IteratorResult<SseFrame>> | undefined;
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
      pending = iterator.next();
      // Whoever pulls learns of a failure; until then nobody does.
      pending.catch(() => undefined);
    },
    async pull(controller) {
      try {
        pending ??= iterator.next();
        const next = await withSilence(pending, keepAliveMs);
        if (ended) return;
        if (next === 'silence') return controller.enqueue(encoder.encode(keepAliveComment));
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

async function withSilence<T>(next: Promise<T>, keepAliveMs: number): Promise<T | 'silence'> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<'silence'>((resolve) => {
    timer = setTimeout(resolve, keepAliveMs, 'silence');
  });
  try {
    return await Promise.race([next, silence]);
  } finally {
    clearTimeout(timer);
  }
}
