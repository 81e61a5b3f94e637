import type { StreamPart } from '../../../src/protocol/index.ts';
import { createBell } from './bell.ts';
import type { Frame } from './types.ts';

/**
 * The frames of a reply that this process writes. Readers keep a place in one shared list: a slow reader holds up nobody and
 * costs nothing but its place.
 */
export type LiveReply = {
  readonly messageId: string;
  push(part: StreamPart): Frame;
  /** Nothing comes after this; readers end when they have read all. */
  end(): void;
  readonly ended: Promise<void>;
  frames(afterN: number, signal: AbortSignal): AsyncIterable<Frame>;
};

export function createLiveReply(messageId: string): LiveReply {
  const frames: Frame[] = [];
  const bell = createBell();
  const ended = Promise.withResolvers<void>();
  let isEnded = false;

  async function* read(afterN: number, signal: AbortSignal): AsyncGenerator<Frame> {
    let index = afterN;
    while (!signal.aborted) {
      const rings = bell.rings;
      const frame = frames[index];
      if (frame !== undefined) {
        index++;
        yield frame;
      } else if (isEnded) {
        return;
      } else {
        await bell.wait(rings, signal);
      }
    }
  }

  return {
    messageId,
    ended: ended.promise,
    push: (part) => {
      const frame = { n: frames.length + 1, part };
      frames.push(frame);
      bell.ring();
      return frame;
    },
    end: () => {
      isEnded = true;
      bell.ring();
      ended.resolve();
    },
    frames: (afterN, signal) => read(afterN, signal),
  };
}
