import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChatError } from '../../src/client/index.ts';
import { bearerOf, code, isIdle, setUp } from './support/set-up.ts';
import { isIdentity, isSend } from './support/world.ts';

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
  const bodies = await Promise.all(
    world.requests.filter((request) => bearerOf(request) !== undefined).map((r) => r.text()),
  );
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
  await tab.until(({ agent }) => agent !== undefined);
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
  for (const wrong of [42, true, {}]) {
    await assert.rejects(tab.client.identify(wrong as unknown as string), TypeError);
  }
});

test('A15 H17 no token leaves a page on plain http, or for a server on plain http', async (t) => {
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
  const out = tab.client.logout();
  assert.equal(tab.client.snapshot.access, 'denied');
  await out;
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

test('a reply that runs while the visitor signs in goes on under the new identity', async (t) => {
  const { tab, agent, sign } = await setUp(t);
  tab.client.load();
  const held = agent.hold();
  await tab.client.send('a slow question');
  const reply = await held;
  reply.say('The answer ');
  await tab.until(({ reply: phase }) => phase === 'streaming');
  await tab.client.identify(sign());
  await tab.until(({ reply: phase }) => phase === 'streaming');
  reply.say('goes on.');
  reply.finish();
  await tab.until(isIdle);
  assert.deepEqual(tab.texts(), ['a slow question', 'The answer goes on.']);
  assert.equal(agent.turns.length, 1);
});

test('what is typed while the token is being verified is sent as the verified visitor', async (t) => {
  const { tab, agent, sign } = await setUp(t);
  const identifying = tab.client.identify(sign());
  const sent = tab.client.send('am I there yet?');
  assert.equal(tab.client.snapshot.identity.state, 'verifying');
  await Promise.all([identifying, sent]);
  await tab.until(isIdle);
  assert.equal(agent.turns[0]?.user.verified, true);
});

test('A9 after a logout the chat goes on as somebody new, who sees nothing of before', async (t) => {
  const { tab, world, agent, sign } = await setUp(t);
  await tab.client.identify(sign());
  await tab.client.send('as Ada');
  await tab.until(isIdle);
  await tab.client.logout();
  await tab.client.send('as nobody');
  await tab.until(isIdle);
  assert.deepEqual(tab.texts(), ['as nobody', 'You said: as nobody']);
  assert.equal(agent.turns.at(-1)?.user.verified, false);
  assert.equal(agent.turns.at(-1)?.history.length, 1);
  const later = world.open();
  later.client.load();
  await later.until(({ messages }) => messages.length === 2);
  assert.deepEqual(later.texts(), ['as nobody', 'You said: as nobody']);
  later.client.close();
});

test('A9 what was revoked elsewhere leaves this screen too', async (t) => {
  const { tab, sign, send } = await setUp(t);
  const token = sign();
  tab.client.load();
  await tab.client.identify(token);
  await tab.client.send('a secret');
  await tab.until(isIdle);
  await send('/logout', { method: 'POST', token });
  await tab.until(({ identity }) => identity.state === 'rejected');
  assert.deepEqual(tab.texts(), []);
  assert.deepEqual(tab.client.snapshot.identity, { state: 'rejected', reason: 'revoked' });
});

test('where anonymous conversations are not claimed, signing in begins a new one', async (t) => {
  const { tab, sign } = await setUp(t, { agent: { policy: { claimAnonymousConversations: false } } });
  tab.client.load();
  await tab.client.send('as nobody');
  await tab.until(isIdle);
  await tab.client.identify(sign());
  await tab.until(({ history, messages }) => history === 'ready' && messages.length === 0);
  await tab.client.send('as Ada');
  await tab.until(isIdle);
  assert.deepEqual(tab.texts(), ['as Ada', 'You said: as Ada']);
});

test('a panel that is opened after the sign-in loads the history once', async (t) => {
  const { tab, world, sign } = await setUp(t);
  await tab.client.identify(sign());
  tab.client.load();
  await tab.until(({ history }) => history === 'ready');
  await tab.until((snapshot) => snapshot.agent !== undefined);
  assert.equal(world.requests.filter(({ url }) => url.endsWith('/conversations')).length, 1);
});
