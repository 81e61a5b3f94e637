import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sseBody, type SseFrame } from '../../src/http/sse.ts';

function framesFrom(next: () => Promise<IteratorResult<SseFrame>>): AsyncIterable<SseFrame> {
  return { [Symbol.asyncIterator]: () => ({ next }) };
}

function textsOf(body: ReadableStream<Uint8Array>): () => Promise<string> {
  const reader = body.getReader();
  return async () => new TextDecoder().decode((await reader.read()).value);
}

const silence = ': keep-alive\n\n';

test('a stream that is silent for days keeps nothing of each silence', async (t) => {
  const { promise } = Promise.withResolvers<IteratorResult<SseFrame>>();
  const listening = t.mock.method(promise, 'then');
  const read = textsOf(sseBody({ frames: framesFrom(() => promise), onEnd: () => {}, keepAliveMs: 0 }));
  assert.equal(await read(), silence);
  const before = listening.mock.callCount();
  for (let count = 0; count < 10; count += 1) assert.equal(await read(), silence);
  assert.equal(listening.mock.callCount(), before);
});

test('a frame that comes during a silence is sent, and silence is told of again after it', async () => {
  const first = Promise.withResolvers<IteratorResult<SseFrame>>();
  const { promise: never } = Promise.withResolvers<IteratorResult<SseFrame>>();
  const waiting = [first.promise];
  const read = textsOf(
    sseBody({ frames: framesFrom(() => waiting.shift() ?? never), onEnd: () => {}, keepAliveMs: 0 }),
  );
  assert.equal(await read(), silence);
  first.resolve({ done: false, value: { data: '1' } });
  const seen = [await read(), await read(), await read()];
  assert.ok(seen.includes('data: 1\n\n'), seen.join(''));
  assert.equal(await read(), silence);
});

test('frames that fail during a silence cut the stream', async () => {
  const first = Promise.withResolvers<IteratorResult<SseFrame>>();
  const failures: unknown[] = [];
  const body = sseBody({
    frames: framesFrom(() => first.promise),
    onEnd: ({ failure }) => failures.push(failure),
    keepAliveMs: 60_000,
  });
  const reading = body.getReader().read();
  const failure = new Error('the store has gone');
  first.reject(failure);
  await assert.rejects(reading, /cut/);
  assert.deepEqual(failures, [failure]);
});
