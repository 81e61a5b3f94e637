import type { ContentPart } from '../../../../src/protocol/index.ts';

/** Parts that come from beside a stream, such as those of an action that runs while the model waits for it. */
export type PartQueue = {
  push(part: ContentPart): void;
  /** What has come since the last time. */
  take(): readonly ContentPart[];
  /** The items of a stream; `undefined` each time that parts have come beside it. */
  beside<Item>(stream: AsyncIterable<Item>): AsyncGenerator<Item | undefined>;
};

export function createPartQueue(): PartQueue {
  let parts: ContentPart[] = [];
  let arrival = Promise.withResolvers<undefined>();

  async function* beside<Item>(stream: AsyncIterable<Item>): AsyncGenerator<Item | undefined> {
    const iterator = stream[Symbol.asyncIterator]();
    try {
      let next = iterator.next();
      for (;;) {
        const step = await Promise.race([next, arrival.promise]);
        if (step?.done === true) return;
        if (step !== undefined) next = iterator.next();
        yield step?.value;
      }
    } finally {
      await iterator.return?.();
    }
  }

  return {
    push(part) {
      parts.push(part);
      arrival.resolve(undefined);
    },
    take() {
      const taken = parts;
      parts = [];
      arrival = Promise.withResolvers();
      return taken;
    },
    beside,
  };
}
