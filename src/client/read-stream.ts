import { createParser } from 'eventsource-parser';
import { decodeStreamPart, type StreamPart } from '../protocol/index.ts';
import type { Environment } from './environment.ts';
import { TransportError } from './transport.ts';
import { ChatError } from './types.ts';

/** One frame of a reply. `id` is the frame's, for resuming after it. */
export type ReplyFrame = { readonly id: string | undefined; readonly part: StreamPart };

/** One frame of the live events. */
export type EventFrame = { readonly id: string | undefined; readonly type: string; readonly data: string };

/** Our server sends a comment every 15 s, so a stream that is silent for this long has lost its other end. */
const idleTimeoutMs = 45_000;

/** Parts of a reply's stream. Ends after `[DONE]`; a stream that ends without it throws `stream`. */
export async function* readReply(response: Response, environment: Environment): AsyncIterable<ReplyFrame> {
  for await (const { id, data } of readEvents(response, environment)) {
    const part = decodeStreamPart(data);
    if (part === 'done') return;
    // Parts of a later protocol are passed over; a reply never fails on one.
    if (part === 'unknown') continue;
    if (part === 'malformed') throw new TransportError('stream', 0);
    yield { id, part };
  }
  throw new TransportError('stream', 0);
}

/** Frames of an event stream, as they arrive. A stream that says nothing for `idleMs` is hung up on. */
export async function* readEvents(
  response: Response,
  environment: Environment,
  idleMs = idleTimeoutMs,
): AsyncIterable<EventFrame> {
  if (response.body === null) return;
  let frames: EventFrame[] = [];
  const parser = createParser({
    onEvent: ({ id, event, data }) => frames.push({ id, type: event ?? 'message', data }),
  });
  const decoder = new TextDecoder();
  const reader = response.body.getReader();
  const hangUp = () => void reader.cancel().catch(() => undefined);
  // Browsers that keep pages for Back would rather not keep their connections; what was missed is read on return.
  const stopLeave = environment.onLeave(hangUp);
  let cancelIdle = () => {};
  try {
    for (;;) {
      cancelIdle();
      cancelIdle = environment.after(idleMs, hangUp);
      const { done, value } = await reader.read();
      if (done) return;
      parser.feed(decoder.decode(value, { stream: true }));
      const ready = frames;
      frames = [];
      yield* ready;
    }
  } catch (error) {
    throw error instanceof ChatError ? error : new TransportError('stream', 0);
  } finally {
    cancelIdle();
    stopLeave();
    hangUp();
  }
}
