import { watchDesk, type DeskEvent } from '../../conversations/index.ts';
import type { Notifier, Operator } from '../../storage/index.ts';
import { seesAgent } from '../scope.ts';

/** `signed-out`: the last one, where the session that opened the stream has ended. */
export type StreamEvent = DeskEvent | { readonly type: 'signed-out' };

type StreamOptions = {
  readonly operator: Operator;
  /** Who that is by what holds now; undefined once the session has ended. */
  readonly review: () => Promise<Operator | undefined>;
  readonly signal: AbortSignal;
};

export type DeskStreams = {
  /** What this operator may know of, from now on, until the session ends or `signal` is aborted. */
  open(options: StreamOptions): AsyncGenerator<StreamEvent>;
};

type DeskStreamsOptions = {
  readonly notifier: Pick<Notifier, 'subscribe'>;
  /** How often sessions are looked at, in milliseconds. */
  readonly reviewEveryMs: number;
};

/** Streams of one operator at once, in this process. One more ends the oldest: forgotten tabs must not lock a new one out. */
const maxPerOperator = 16;
/** Of somebody who does not read. What they have missed by then they ask for anew. */
const maxWaiting = 200;

type Stream = StreamOptions & {
  operator: Operator;
  waiting: StreamEvent[];
  isOver: boolean;
  wake: () => void;
};

/** The live events of all operators at this process: one subscription, filtered by what each of them may see. */
export function createDeskStreams({ notifier, reviewEveryMs }: DeskStreamsOptions): DeskStreams {
  const streams = new Set<Stream>();
  let stopListening: (() => void) | undefined;

  function listen(): () => void {
    const unwatch = watchDesk(notifier, (event) => {
      for (const stream of streams) if (concerns(event, stream.operator)) push(stream, event);
    });
    const timer = setInterval(() => streams.forEach((stream) => void review(stream)), reviewEveryMs).unref();
    return () => {
      unwatch();
      clearInterval(timer);
    };
  }

  function leave(stream: Stream): void {
    streams.delete(stream);
    if (streams.size > 0) return;
    stopListening?.();
    stopListening = undefined;
  }

  return {
    open(options) {
      const stream: Stream = { ...options, waiting: [], isOver: false, wake: () => undefined };
      const theirs = [...streams].filter(({ operator }) => operator.id === options.operator.id);
      for (const old of theirs.slice(0, Math.max(0, theirs.length + 1 - maxPerOperator))) end(old);
      streams.add(stream);
      stopListening ??= listen();
      return read(stream, () => leave(stream));
    },
  };
}

function concerns(event: DeskEvent, operator: Operator): boolean {
  return event.type === 'resumed' || seesAgent(operator, event.agentId);
}

function push(stream: Stream, event: StreamEvent): void {
  if (stream.waiting.length >= maxWaiting) stream.waiting = [{ type: 'resumed' }];
  else stream.waiting.push(event);
  stream.wake();
}

function end(stream: Stream): void {
  stream.isOver = true;
  stream.wake();
}

/** A store that cannot be asked ends the stream: its page comes back, and is judged then. */
async function review(stream: Stream): Promise<void> {
  try {
    const operator = await stream.review();
    if (operator === undefined) {
      stream.waiting = [{ type: 'signed-out' }];
      end(stream);
    } else {
      stream.operator = operator;
    }
  } catch {
    end(stream);
  }
}

async function* read(stream: Stream, leave: () => void): AsyncGenerator<StreamEvent> {
  const { signal } = stream;
  const onAbort = (): void => end(stream);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) end(stream);
  try {
    for (;;) {
      const event = stream.waiting.shift();
      if (event !== undefined) yield event;
      else if (stream.isOver) return;
      else await new Promise<void>((resolve) => (stream.wake = resolve));
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    leave();
  }
}
