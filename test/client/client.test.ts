import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { startServer, type Harness, type HarnessOptions } from '../../server/test/http/harness.ts';
import type { ChatError, ChatSnapshot } from '../../src/client/index.ts';
import { createWorld, cutAfter, isIdentity, isSend, problemResponse, type Tab, type World } from './support/world.ts';

/** A client in a world of its own, against a real server with a real store. */
async function setUp(test: TestContext, options?: HarnessOptions): Promise<Harness & { world: World; tab: Tab }> {
  const harness = await startServer(test, options);
  const world = createWorld((request) => harness.server.fetch(request), harness.clock);
  const tab = world.open();
  test.after(() => tab.client.close());
  return { ...harness, world, tab };
}

const isIdle = ({ reply, messages }: ChatSnapshot) => reply === 'idle' && messages.at(-1)?.role === 'assistant';
const bearerOf = (request: Request) => request.headers.get('authorization')?.replace('Bearer ', '');
const code = (expected: string) => (error: ChatError) => error.code === expected;

test('an anonymous visitor sends a message and reads the answer as it comes', async (t) => {
  const { tab, agent } = await setUp(t);
  const held = agent.hold();
  const deltas: string[] = [];
  tab.client.onTextDelta(({ delta }) => deltas.push(delta));
  tab.client.load();
  await tab.until((snapshot) => snapshot.agent !== undefined);
  await tab.client.send('Where is my order?');
  const reply = await held;
  reply.say('It is ');
  await tab.until(({ reply: phase }) => phase === 'streaming');
  const snapshotsBefore = tab.snapshots.length;
  reply.say('on its way.');
  while (deltas.length < 2) await new Promise(setImmediate);
  assert.deepEqual(deltas, ['It is ', 'on its way.']);
  assert.equal(tab.snapshots.length, snapshotsBefore, 'a delta makes no snapshot');
  assert.deepEqual(tab.texts(), ['Where is my order?', 'It is on its way.']);
  reply.finish();
  await tab.until(isIdle);
  assert.deepEqual(tab.events.map(({ name }) => name), ['message-sending', 'message-sent', 'message-received']);
});

test('B11 W8 Wo12 the token goes as a bearer with every message, and nowhere else', async (t) => {
  const { tab, world, sign, logged } = await setUp(t);
  const token = sign();
  await tab.client.identify(token);
  tab.client.load();
  await tab.client.send('one');
  await tab.until(isIdle);
  await tab.client.send('two');
  await tab.until((snapshot) => isIdle(snapshot) && snapshot.messages.length === 4);
  const sends = world.requests.filter(isSend);
  assert.deepEqual(sends.map(bearerOf), [token, token]);
  for (const request of world.requests) {
    assert.ok(!request.url.includes(token));
    assert.ok(!(await request.clone().text()).includes(token));
  }
  const kept = JSON.stringify([[...world.shared], [...tab.tab], tab.events, tab.snapshots]);
  assert.ok(!kept.includes(token), 'Wo13');
  assert.ok(!logged().includes(token));
});

test('H9 H10 a token is verified when it comes, and messages then say so', async (t) => {
  const { tab, world, sign } = await setUp(t);
  const state = await tab.client.identify(sign({ name: 'Ada', email: 'ada@shop.example' }));
  assert.equal(state.state, 'verified');
  assert.equal(state.state === 'verified' && state.claims['name'], 'Ada');
  await tab.client.send('hello');
  const [send] = world.requests.filter(isSend);
  assert.equal(send?.headers.get('x-chat-identity-source'), 'verified');
  assert.ok(world.requests.some(isIdentity));
});

test('H1 a self-reported name goes along as context, unproven', async (t) => {
  const { tab, world, agent } = await setUp(t);
  tab.client.update({ userName: 'Ada', userEmail: 'ada@shop.example' });
  assert.equal(tab.client.snapshot.identity.state, 'self-reported');
  await tab.client.send('hello');
  const [send] = world.requests.filter(isSend);
  assert.equal(send?.headers.get('x-chat-identity-source'), 'self-reported');
  assert.deepEqual(agent.turns[0]?.user, { verified: false, selfReported: { name: 'Ada', email: 'ada@shop.example' } });
});

test('A10 a verified visitor finds the history of every session; an anonymous one only that of the own', async (t) => {
  const { tab, world, sign, server, clock } = await setUp(t);
  await tab.client.identify(sign());
  await tab.client.send('on my phone');
  await tab.until(isIdle);

  const elsewhere = createWorld((request) => server.fetch(request), clock);
  const stranger = elsewhere.open();
  stranger.client.load();
  await stranger.until(({ history }) => history === 'ready');
  assert.deepEqual(stranger.texts(), []);
  await stranger.client.identify(sign());
  await stranger.until((snapshot) => snapshot.messages.length === 2);
  assert.deepEqual(stranger.texts(), ['on my phone', 'You said: on my phone']);

  const visitor = world.open();
  visitor.client.load();
  await visitor.until(({ history }) => history === 'ready');
  assert.deepEqual(visitor.texts(), []);
  for (const { client } of [stranger, visitor]) client.close();
});

test('A10 an anonymous visitor finds the conversation again after a reload', async (t) => {
  const { tab, world } = await setUp(t);
  await tab.client.send('before the reload');
  await tab.until(isIdle);
  tab.client.close();
  const reloaded = world.open({ tab: tab.tab });
  reloaded.client.load();
  await reloaded.until(({ messages }) => messages.length === 2);
  assert.deepEqual(reloaded.texts(), ['before the reload', 'You said: before the reload']);
  reloaded.client.close();
});

test('who signs in during an anonymous conversation keeps it, and the old secret opens it no more', async (t) => {
  const { tab, world, sign } = await setUp(t);
  tab.client.load();
  await tab.client.send('before I signed in');
  await tab.until(isIdle);
  const secretBefore = [...world.shared.values()].join();
  await tab.client.identify(sign());
  await tab.until(({ history, messages }) => history === 'ready' && messages.length === 2);
  assert.deepEqual(tab.texts(), ['before I signed in', 'You said: before I signed in']);
  assert.ok(!secretBefore.includes([...world.shared.values()].join().slice(0, 20)), 'rotated');
});

test('W7 a switch of users takes the old one off the screen in the same task', async (t) => {
  const { tab, sign } = await setUp(t);
  await tab.client.identify(sign({ sub: 'ada' }));
  await tab.client.send('a secret of Ada');
  await tab.until(isIdle);
  const switching = tab.client.identify(sign({ sub: 'grace' }));
  assert.deepEqual(tab.texts(), []);
  assert.deepEqual(tab.client.snapshot.conversations, []);
  await switching;
  await tab.until(({ history }) => history === 'ready');
  assert.deepEqual(tab.texts(), []);
  await tab.client.send('I am Grace');
  await tab.until(isIdle);
  assert.deepEqual(tab.texts(), ['I am Grace', 'You said: I am Grace']);
});

test('a late answer for the previous user is never shown', async (t) => {
  const { tab, agent, sign } = await setUp(t);
  await tab.client.identify(sign({ sub: 'ada' }));
  const held = agent.hold();
  await tab.client.send('a slow question of Ada');
  const reply = await held;
  reply.say('Your address is ');
  await tab.until(({ reply: phase }) => phase === 'streaming');
  await tab.client.identify(sign({ sub: 'grace' }));
  const mark = tab.snapshots.length;
  reply.say('12 Secret Street');
  reply.finish();
  await tab.client.send('I am Grace');
  await tab.until(isIdle);
  assert.ok(!JSON.stringify(tab.snapshots.slice(mark)).includes('Ada'));
  assert.ok(!JSON.stringify(tab.snapshots.slice(mark)).includes('Secret Street'));
});

test('a message that could not leave before a switch is dropped with its author', async (t) => {
  const { tab, world, sign } = await setUp(t);
  await tab.client.identify(sign({ sub: 'ada' }));
  world.network.online = false;
  const sending = tab.client.send('typed as Ada');
  await tab.until(({ messages }) => messages.length === 1);
  const switching = tab.client.identify(sign({ sub: 'grace' }));
  await assert.rejects(sending, code('superseded'));
  world.network.online = true;
  world.wake();
  await switching;
  await tab.client.send('typed as Grace');
  await tab.until(isIdle);
  const bodies = await Promise.all(world.requests.filter((request) => bearerOf(request) !== undefined).map((r) => r.text()));
  const asGrace = bodies.slice(bodies.findIndex((body) => body.includes('typed as Grace')));
  assert.ok(asGrace.every((body) => !body.includes('typed as Ada')));
  assert.ok(![...tab.tab.values()].join().includes('typed as Ada'));
});

test('A9 logout empties the screen at once, revokes the token on the server, and tells the other tabs', async (t) => {
  const { tab, world, sign, send } = await setUp(t);
  const token = sign();
  const other = world.open();
  await other.client.identify(token);
  await tab.client.identify(token);
  await tab.client.send('a secret');
  await tab.until(isIdle);
  const leaving = tab.client.logout();
  assert.deepEqual(tab.texts(), []);
  assert.equal(tab.client.snapshot.identity.state, 'anonymous');
  await leaving;
  await other.until(({ identity }) => identity.state === 'anonymous');
  assert.equal((await send('/conversations', { token })).status, 401);
  other.client.close();
});

test('A9 a logout without a network acts at once and reaches the server when it can', async (t) => {
  const { tab, world, sign, send } = await setUp(t);
  const token = sign();
  await tab.client.identify(token);
  world.network.online = false;
  const leaving = tab.client.logout();
  assert.equal(tab.client.snapshot.identity.state, 'anonymous');
  assert.equal((await send('/conversations', { token })).status, 200);
  world.network.online = true;
  world.wake();
  await leaving;
  assert.equal((await send('/conversations', { token })).status, 401);
});

test('B14 a tampered token is refused with its reason, and what was typed is kept', async (t) => {
  const { tab, sign, agent } = await setUp(t);
  await assert.rejects(
    tab.client.identify(`${sign().slice(0, -4)}AAAA`),
    (error: ChatError) => error.code === 'invalid_token' && error.reason === 'invalid_signature',
  );
  assert.deepEqual(tab.client.snapshot.identity, { state: 'rejected', reason: 'invalid_signature' });
  await assert.rejects(tab.client.send('what I typed'), code('invalid_token'));
  const [message] = tab.client.snapshot.messages;
  assert.equal(message?.delivery, 'failed');
  assert.equal(agent.turns.length, 0);
  assert.equal(tab.client.discard(message?.id ?? ''), 'what I typed');
  assert.deepEqual(tab.texts(), []);
});

test('H13 W12 where the agent lets anybody in, a refused token leaves an anonymous chat that works', async (t) => {
  const { tab, sign } = await setUp(t, { agent: { policy: { onInvalidToken: 'anonymous' } } });
  await assert.rejects(tab.client.identify(sign({}, { secret: 'another-secret-of-some-other-shop-entirely' })));
  await tab.client.send('still here');
  await tab.until(isIdle);
  assert.deepEqual(tab.texts(), ['still here', 'You said: still here']);
  assert.equal(tab.client.snapshot.identity.state, 'rejected');
});

test('W12 a sign-in that expires gives way to an anonymous session: the old conversation goes, the chat goes on', async (t) => {
  const { tab, sign, clock, agent } = await setUp(t, {
    agent: { policy: { onInvalidToken: 'anonymous', clockToleranceSeconds: 0 } },
  });
  tab.client.load();
  await tab.client.identify(sign({}, { lifetimeSeconds: 60 }));
  await tab.client.send('a secret');
  await tab.until(isIdle);
  clock.now += 61_000;
  await tab.until(({ identity }) => identity.state === 'expired');
  await tab.client.send('and now?');
  await tab.until((snapshot) => isIdle(snapshot) && snapshot.messages.length === 2);
  assert.deepEqual(tab.texts(), ['and now?', 'You said: and now?']);
  assert.equal(agent.turns.at(-1)?.user.verified, false);
  assert.equal(agent.turns.at(-1)?.history.length, 1);
});

test('Wo18 a token that expires in mid-conversation fails the next message, keeps it, and sends it once the visitor is back', async (t) => {
  const { tab, sign, clock, agent } = await setUp(t, { agent: { policy: { clockToleranceSeconds: 0 } } });
  await tab.client.identify(sign({}, { lifetimeSeconds: 60 }));
  await tab.client.send('before');
  await tab.until(isIdle);
  clock.now += 61_000;
  await assert.rejects(tab.client.send('after'), code('invalid_token'));
  assert.deepEqual(tab.texts(), ['before', 'You said: before', 'after']);
  assert.equal(tab.client.snapshot.identity.state, 'expired');
  await tab.client.identify(sign());
  await tab.until((snapshot) => isIdle(snapshot) && snapshot.messages.length === 4);
  assert.equal(agent.turns.length, 2);
  assert.deepEqual(tab.texts().slice(2), ['after', 'You said: after']);
});

test('a provider is asked again when the server refuses its token, and the message goes out once', async (t) => {
  const { tab, sign, clock, agent } = await setUp(t, { agent: { policy: { clockToleranceSeconds: 0 } } });
  let asked = 0;
  await tab.client.identify(async () => {
    asked += 1;
    return sign({}, { lifetimeSeconds: 60 });
  });
  clock.now += 61_000;
  await tab.client.send('hello');
  await tab.until(isIdle);
  assert.equal(asked, 2);
  assert.equal(agent.turns.length, 1);
  assert.equal(tab.client.snapshot.identity.state, 'verified');
});

test('a provider is asked in good time before its token expires', async (t) => {
  const { tab, world, sign } = await setUp(t);
  let asked = 0;
  await tab.client.identify(async () => {
    asked += 1;
    return sign({}, { lifetimeSeconds: 1000 });
  });
  world.advance(799_000);
  assert.equal(asked, 1);
  world.advance(2_000);
  assert.equal(asked, 2);
});

test('without a provider the page is told that the token is about to expire', async (t) => {
  const { tab, world, sign } = await setUp(t);
  await tab.client.identify(sign({}, { lifetimeSeconds: 1000 }));
  world.advance(801_000);
  assert.deepEqual(tab.events.at(-1)?.name, 'token-expiring');
});

test('a provider that fails is reported, and nothing leaves without a name meanwhile', async (t) => {
  const { tab, world } = await setUp(t);
  let fail = (_: Error): void => undefined;
  const identifying = tab.client.identify(() => new Promise((_, reject) => (fail = reject)));
  tab.client.send('typed while the page asks').catch(() => undefined);
  assert.equal(tab.client.snapshot.identity.state, 'verifying');
  assert.equal(world.requests.filter(isSend).length, 0);
  fail(new Error('the page’s own secret words'));
  await assert.rejects(identifying, code('token_provider'));
  assert.ok(!JSON.stringify(tab.events).includes('secret words'));
});

test('the latest call wins, also when an earlier one is answered later', async (t) => {
  const { tab, world, sign } = await setUp(t);
  let release = (): void => undefined;
  world.intercept(isIdentity, async (_, pass) => {
    await new Promise<void>((resolve) => (release = resolve));
    return pass();
  });
  const first = tab.client.identify(sign({ sub: 'ada' }));
  const second = tab.client.identify(sign({ sub: 'grace' }));
  await assert.rejects(first, code('superseded'));
  const state = await second;
  release();
  assert.equal(state.state === 'verified' && state.subject, 'grace');
});

test('a programming mistake is told as one, without repeating what was passed', async (t) => {
  const { tab } = await setUp(t);
  for (const wrong of [42, '', undefined, {}]) {
    await assert.rejects(tab.client.identify(wrong as unknown as string), TypeError);
  }
});

test('A15 no token leaves a page on plain http, or for a server on plain http', async (t) => {
  const { world, sign } = await setUp(t);
  const tab = world.open({ pageUrl: 'http://shop.example/' });
  await assert.rejects(tab.client.identify(sign()), code('insecure_page'));
  assert.equal(world.requests.length, 0);
  const local = world.open({ pageUrl: 'http://127.0.0.1:3000/' });
  assert.equal((await local.client.identify(sign())).state, 'verified');
  for (const { client } of [tab, local]) client.close();
});

test('Wo16 an agent for signed-in visitors says so to everybody else', async (t) => {
  const { tab, sign, agent } = await setUp(t, { agent: { policy: { access: 'verified-only' } } });
  tab.client.load();
  await tab.until(({ access }) => access === 'denied');
  await tab.client.identify(sign());
  await tab.until(({ access }) => access === 'allowed');
  await tab.client.send('let me in');
  await tab.until(isIdle);
  assert.equal(agent.turns.length, 1);
});

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

test('messages that are typed while a reply runs wait for it and leave in order', async (t) => {
  const { tab, agent } = await setUp(t);
  const held = agent.hold();
  await tab.client.send('first');
  const reply = await held;
  const sent = [tab.client.send('second'), tab.client.send('third')];
  assert.equal(agent.turns.length, 1);
  reply.finish();
  await Promise.all(sent);
  await tab.until((snapshot) => isIdle(snapshot) && snapshot.messages.length === 6);
  assert.deepEqual(
    agent.turns.map(({ history }) => JSON.stringify(history.at(-1)?.parts)),
    ['first', 'second', 'third'].map((text) => JSON.stringify([{ type: 'text', text }])),
  );
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

test('a second tab of the same visitor sees the conversation go on', async (t) => {
  const { tab, world, sign } = await setUp(t);
  const token = sign();
  await tab.client.identify(token);
  await tab.client.send('one');
  await tab.until(isIdle);
  const other = world.open();
  await other.client.identify(token);
  await other.until(({ messages }) => messages.length === 2);
  await tab.client.send('two');
  await other.until(({ messages }) => messages.length === 4);
  assert.deepEqual(other.texts(), ['one', 'You said: one', 'two', 'You said: two']);
  other.client.close();
});

test('a page may keep a message from being sent', async (t) => {
  const { world, agent } = await setUp(t);
  const tab = world.open({ answerEvent: (name) => name !== 'message-sending' });
  await assert.rejects(tab.client.send('not this one'), code('not_sent'));
  assert.equal(agent.turns.length, 0);
  assert.deepEqual(tab.texts(), []);
  tab.client.close();
});

test('older messages are loaded page by page', async (t) => {
  const { tab, world } = await setUp(t);
  for (let n = 0; n < 27; n++) {
    await tab.client.send(`question ${n}`);
    await tab.until((snapshot) => isIdle(snapshot) && snapshot.messages.length === 2 * (n + 1));
  }
  const later = world.open();
  later.client.load();
  await later.until(({ history, messages }) => history === 'ready' && messages.length > 0);
  assert.equal(later.client.snapshot.messages.length, 50);
  assert.equal(later.client.snapshot.hasOlder, true);
  await later.client.loadOlder();
  assert.equal(later.texts()[0], 'question 0');
  assert.equal(later.texts().length, 54);
  assert.equal(later.client.snapshot.hasOlder, false);
  later.client.close();
});
