import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allFrames, framesOf, newSession, problem, sendBody, startServer, type ReadFrame } from './harness.ts';

/** Reads on until an event of this type has come, and no further. */
async function next(
  frames: AsyncGenerator<ReadFrame>,
  type: string,
): Promise<{ id: string | undefined; data: unknown }> {
  for (;;) {
    const { done, value } = await frames.next();
    if (done === true) assert.fail(`the stream ended before an event "${type}"`);
    if (value.event === type) return { id: value.id, data: JSON.parse(value.data) };
  }
}

test('what is said in one tab is told in the others, and told again after Last-Event-ID', async (t) => {
  const { send } = await startServer(t);
  const session = newSession();
  const stream = await send('/events', { session });
  assert.equal(stream.headers.get('content-type'), 'text/event-stream');
  const live = framesOf(stream);
  const first = sendBody('hello');
  await allFrames(await send('/chat', { session, body: first }));
  const told = await next(live, 'message');
  assert.partialDeepStrictEqual(told.data, { conversationId: first.id, message: { id: first.messages[0]?.id } });
  await live.return(undefined);
  const second = sendBody('and again', { id: first.id });
  await allFrames(await send('/chat', { session, body: second }));
  const replay = framesOf(await send('/events', { session, headers: { 'last-event-id': told.id ?? '' } }));
  const ids = new Set<unknown>();
  while (!ids.has(second.messages[0]?.id)) {
    const { data } = await next(replay, 'message');
    ids.add((data as { message: { id: string } }).message.id);
  }
  assert.ok(!ids.has(first.messages[0]?.id));
  await replay.return(undefined);
});

test('events of one visitor never reach another', async (t) => {
  const { send, sign } = await startServer(t);
  const eve = framesOf(await send('/events', { token: sign({ sub: 'eve' }) }));
  await allFrames(await send('/chat', { token: sign(), body: sendBody('for my eyes') }));
  const own = sendBody('hers');
  await allFrames(await send('/chat', { token: sign({ sub: 'eve' }), body: own }));
  const { data } = await next(eve, 'message');
  assert.equal((data as { conversationId: string }).conversationId, own.id);
  await eve.return(undefined);
});

test('A9 logout ends the live streams of its token and of its session, and says so', async (t) => {
  const { send, sign, agent } = await startServer(t);
  const token = sign();
  const session = newSession();
  const verified = framesOf(await send('/events', { token }));
  const anonymous = framesOf(await send('/events', { session }));
  const untouched = await send('/events', { token: sign({ jti: 'another' }) });
  const holding = agent.hold();
  const reply = framesOf(await send('/chat', { token, body: sendBody('go on') }));
  await holding;
  await send('/logout', { method: 'POST', token, session });
  for (const frames of [verified, anonymous]) {
    assert.deepEqual((await next(frames, 'identity')).data, { state: 'revoked' });
    assert.equal((await frames.next()).done, true);
  }
  const rest = [];
  for await (const { data } of reply) rest.push(data);
  assert.ok(!rest.includes('[DONE]'));
  const other = framesOf(untouched);
  await allFrames(await send('/chat', { token: sign(), body: sendBody('still here') }));
  await next(other, 'message');
  await other.return(undefined);
});

test('A9 a stream that is opened while its token is revoked ends as well', async (t) => {
  const { send, sign } = await startServer(t);
  const token = sign();
  const [stream] = await Promise.all([send('/events', { token }), send('/logout', { method: 'POST', token })]);
  if (stream.status === 401) return;
  assert.deepEqual((await next(framesOf(stream), 'identity')).data, { state: 'revoked' });
});

test('W8 live events end with the token, tolerance included', async (t) => {
  const { send, sign, clock } = await startServer(t);
  const frames = framesOf(await send('/events', { token: sign({}, { lifetimeSeconds: 30 }) }));
  clock.now += 90_000;
  assert.deepEqual((await next(frames, 'identity')).data, { state: 'expired' });
  assert.equal((await frames.next()).done, true);
});

test('a reader of events who leaves is let go', async (t) => {
  const { send } = await startServer(t);
  const stream = await send('/events', { session: newSession() });
  const open = async (): Promise<string | undefined> =>
    /chat_open_streams (\d+)/.exec(await (await send('http://chat.example/metrics')).text())?.[1];
  assert.equal(await open(), '1');
  await stream.body?.cancel();
  assert.equal(await open(), '0');
});

test('events need a visitor', async (t) => {
  const { send } = await startServer(t);
  assert.partialDeepStrictEqual(await problem(await send('/events')), { status: 422, code: 'invalid_request' });
});
