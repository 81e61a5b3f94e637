import assert from 'node:assert/strict';
import { test } from 'node:test';
import { code, isIdle, setUp } from './support/set-up.ts';
import { cutAfter, isSend, problemResponse } from './support/world.ts';

for (const cutAt of [0, 1, 60, 200, 400]) {
  test(`a stream that is cut after ${cutAt} bytes is taken up where it was, without a word lost or doubled`, async (t) => {
    const { tab, world, agent } = await setUp(t);
    world.intercept(isSend, async (_, pass) => cutAfter(await pass(), cutAt));
    await tab.client.send('tell me a long story, as long as you like, with many words in it');
    await tab.until(isIdle);
    assert.deepEqual(tab.texts().at(-1), 'You said: tell me a long story, as long as you like, with many words in it');
    assert.equal(agent.turns.length, 1);
  });
}

test('a reply that finished while the connection was away is read from the history', async (t) => {
  const { tab, world, agent } = await setUp(t);
  const held = agent.hold();
  world.intercept(isSend, async (_, pass) => cutAfter(await pass(), 150));
  let release = (): void => undefined;
  world.intercept(
    (request) => request.url.endsWith('/stream'),
    async (_, pass) => {
      await new Promise<void>((resolve) => (release = resolve));
      return pass();
    },
  );
  await tab.client.send('a question');
  const reply = await held;
  reply.say('An answer.');
  reply.finish();
  while (world.requests.every(({ url }) => !url.endsWith('/stream'))) await new Promise(setImmediate);
  release();
  await tab.until(isIdle);
  assert.deepEqual(tab.texts(), ['a question', 'An answer.']);
});

test('a malformed frame is not drawn: the reply is read again', async (t) => {
  const { tab, world } = await setUp(t);
  world.intercept(isSend, async (_, pass) => {
    const response = await pass();
    const text = (await response.text()).replace('"type":"text-delta"', '"type":"text-');
    return new Response(text, response);
  });
  await tab.client.send('hello');
  await tab.until(isIdle);
  assert.deepEqual(tab.texts(), ['hello', 'You said: hello']);
});

test('a part of a later protocol is passed over', async (t) => {
  const { tab, world } = await setUp(t);
  world.intercept(isSend, async (_, pass) => {
    const response = await pass();
    return new Response(`data: {"type":"hologram","x":1}\n\n${await response.text()}`, response);
  });
  await tab.client.send('hello');
  await tab.until(isIdle);
  assert.deepEqual(tab.texts(), ['hello', 'You said: hello']);
});

test('an answer that was lost on the way back is asked for again under the same id: one message, one reply', async (t) => {
  const { tab, world, agent } = await setUp(t);
  world.intercept(isSend, async (_, pass) => {
    await pass();
    throw new TypeError('Failed to fetch');
  });
  await tab.client.send('hello');
  await tab.until(isIdle);
  assert.deepEqual(tab.texts(), ['hello', 'You said: hello']);
  assert.equal(agent.turns.length, 1);
});

test('a server that is away for a moment costs nothing but the moment', async (t) => {
  const { tab, world } = await setUp(t);
  world.intercept(isSend, async () => problemResponse(503, 'unavailable', {}, { 'retry-after': '1' }), 2);
  await tab.client.send('hello');
  await tab.until(isIdle);
  assert.deepEqual(tab.texts(), ['hello', 'You said: hello']);
});

const refusals = [
  { status: 403, problem: 'no_permission', retryable: false },
  { status: 413, problem: 'too_large', retryable: false },
  { status: 422, problem: 'invalid_request', retryable: false },
  { status: 429, problem: 'rate_limited', retryable: true },
] as const;
for (const { status, problem, retryable } of refusals) {
  test(`a message that is answered ${status} stays on the screen, as failed, with why`, async (t) => {
    const { tab, world } = await setUp(t);
    world.intercept(isSend, async () => problemResponse(status, problem, {}, { 'retry-after': '7' }));
    await assert.rejects(tab.client.send('hello'), code(problem));
    const [message] = tab.client.snapshot.messages;
    assert.equal(message?.delivery, 'failed');
    assert.equal(message?.failure?.code, problem);
    assert.equal(message?.failure?.retryable, retryable);
    assert.deepEqual(tab.texts(), ['hello']);
  });
}

test('a server that stays broken leaves the message to be retried under its own id', async (t) => {
  const { tab, world, agent } = await setUp(t);
  world.intercept(isSend, async () => problemResponse(500, 'internal'), 5);
  await assert.rejects(tab.client.send('hello'), code('internal'));
  const [message] = tab.client.snapshot.messages;
  tab.client.retry(message?.id ?? '');
  await tab.until(isIdle);
  assert.deepEqual(tab.texts(), ['hello', 'You said: hello']);
  assert.equal(agent.turns.length, 1);
});

test('what was typed offline is kept over a reload and leaves once, when the network is back', async (t) => {
  const { tab, world, agent } = await setUp(t);
  world.network.online = false;
  tab.client.send('typed in a tunnel').catch(() => undefined);
  await tab.until(({ connection }) => connection === 'offline');
  tab.client.close();
  const reloaded = world.open({ tab: tab.tab });
  reloaded.client.load();
  assert.deepEqual(reloaded.texts(), ['typed in a tunnel']);
  world.network.online = true;
  world.wake();
  await reloaded.until(isIdle);
  assert.deepEqual(reloaded.texts(), ['typed in a tunnel', 'You said: typed in a tunnel']);
  assert.equal(agent.turns.length, 1);
  assert.equal(tab.tab.size, 0);
  reloaded.client.close();
});

test('a reply is stopped and what there is of it is kept', async (t) => {
  const { tab, agent } = await setUp(t);
  const held = agent.hold();
  await tab.client.send('a long story please');
  const reply = await held;
  reply.say('Once upon a time');
  await tab.until(({ reply: phase }) => phase === 'streaming');
  tab.client.stop();
  const { messages } = await tab.until(isIdle);
  assert.equal(messages.at(-1)?.status, 'stopped');
  assert.equal(tab.texts().at(-1), 'Once upon a time');
});

test('a reply that failed says so, and can be asked for again', async (t) => {
  const { tab, agent } = await setUp(t);
  const held = agent.hold();
  await tab.client.send('hello');
  (await held).fail(new Error('a secret of the agent'));
  const { messages } = await tab.until(isIdle);
  const failed = messages.at(-1);
  assert.equal(failed?.status, 'failed');
  assert.ok(!JSON.stringify(tab.snapshots).includes('a secret of the agent'));
  tab.client.regenerate(failed?.id ?? '');
  await tab.until((snapshot) => isIdle(snapshot) && snapshot.messages.at(-1)?.status === 'complete');
  assert.deepEqual(tab.texts(), ['hello', 'You said: hello']);
});

test('a visitor who does nothing learns that the network is gone, and that it is back', async (t) => {
  const { tab, world } = await setUp(t);
  world.network.online = false;
  world.wake();
  assert.equal(tab.client.snapshot.connection, 'offline');
  world.network.online = true;
  world.wake();
  assert.equal(tab.client.snapshot.connection, 'online');
});

test('a message that has not left yet makes nobody look busy', async (t) => {
  const { tab, world } = await setUp(t);
  world.network.online = false;
  tab.client.send('typed in a tunnel').catch(() => undefined);
  const { reply, messages } = await tab.until(({ connection }) => connection === 'offline');
  assert.equal(reply, 'idle');
  assert.equal(messages[0]?.delivery, 'pending');
});
