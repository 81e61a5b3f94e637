import assert from 'node:assert/strict';
import type { Reader } from '../../../src/client/endpoint/adapter.ts';
import { readParts } from '../../../src/client/endpoint/reply-stream.ts';
import type { Environment } from '../../../src/client/index.ts';
import type { StreamPart } from '../../../src/protocol/index.ts';

const environment = { onLeave: () => () => {}, after: () => () => {} } as unknown as Environment;

/** What a reader makes of a stream that arrives in these pieces, and whether it was whole. */
export async function readPieces(
  pieces: readonly Uint8Array[],
  read: Reader,
): Promise<{ readonly parts: readonly StreamPart[]; readonly isWhole: boolean }> {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece);
      controller.close();
    },
  });
  const response = new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  const parts: StreamPart[] = [];
  try {
    for await (const part of readParts(response, read, environment)) parts.push(part);
  } catch {
    return { parts, isWhole: false };
  }
  return { parts, isWhole: true };
}

/** Wherever the bytes are split, the reader says the same. */
export async function sameAtEverySplit(stream: string, createReader: () => Reader): Promise<void> {
  const bytes = new TextEncoder().encode(stream);
  const whole = await readPieces([bytes], createReader());
  assert.ok(whole.isWhole && whole.parts.length > 3);
  for (let at = 1; at < bytes.length; at++) {
    const split = await readPieces([bytes.subarray(0, at), bytes.subarray(at)], createReader());
    assert.deepEqual(split, whole, `split at byte ${at}`);
  }
}

/** Ids in the order in which they are asked for. */
export function counter(): () => string {
  let count = 0;
  return () => `id-${++count}`;
}

/** As Server-Sent Events, one for each. */
export const framed = (...events: readonly unknown[]): string =>
  events.map((event) => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`).join('');
