import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { ChatMessage } from '../../src/protocol/index.ts';
import { isIdle, setUp } from './support/set-up.ts';
import type { Tab, World } from './support/world.ts';

const isEvents = (request: Request) => request.url.endsWith('/events');
const isTyping = (request: Request) => request.url.endsWith('/typing');
const isMessages = (request: Request) => request.url.endsWith('/messages');

/** The server's live events, as the test says them. */
function holdEvents(world: World) {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  world.intercept(isEvents, async () => {
    const body = new ReadableStream<Uint8Array>({ start: (started) => void (controller = started) });
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  });
  return {
    say(event: string, data: object) {
      controller?.enqueue(new TextEncoder().encode(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`));
    },
  };
}

async function askForSomebody(t: TestContext) {
  const all = await setUp(t);
  const { tab, world } = all;
  const events = holdEvents(world);
  await tab.client.send('a person, please');
  await tab.until(isIdle);
  const { conversationId } = tab.client.snapshot;
  const arrive = (message: ChatMessage) => events.say('message', { conversationId, message });
  const handOver = (id: string, data: object) =>
    arrive({ id, role: 'assistant', parts: [{ type: 'data-handoff', data }], metadata: { status: 'complete' } });
  const type = (typing: boolean, id = conversationId) =>
    events.say('typing', { conversationId: id, name: 'Grace', typing });
  return { ...all, arrive, handOver, type };
}

const typings = (world: World) =>
  Promise.all(
    world.requests
      .filter(isTyping)
      .map(async (request) => ((await request.clone().json()) as { typing: boolean }).typing),
  );

const handoff = ({ client }: Tab) => client.snapshot.handoff;

test('a hand-off is told by the conversation’s messages: asked for, begun by somebody with a name, and ended', async (t) => {
  const { tab, handOver } = await askForSomebody(t);
  assert.equal(handoff(tab), undefined);
  handOver('h1', { state: 'requested' });
  await tab.until((snapshot) => snapshot.handoff?.state === 'requested');
  handOver('h2', { state: 'active', name: 'Grace' });
  await tab.until((snapshot) => snapshot.handoff?.state === 'active');
  assert.deepEqual(handoff(tab), { state: 'active', name: 'Grace' });
  handOver('h3', { state: 'ended', name: 'Grace' });
  await tab.until((snapshot) => snapshot.handoff?.state === 'ended');
  handOver('h4', { state: 'nonsense' });
  await tab.until(({ messages }) => messages.some(({ id }) => id === 'h4'));
  assert.equal(handoff(tab), undefined);
  tab.client.newConversation();
  assert.equal(handoff(tab), undefined);
});

test('who answers is said once, and not again with each message to them', async (t) => {
  const { tab, handOver } = await askForSomebody(t);
  const grace = { state: 'active', name: 'Grace' };
  for (const [id, data] of [
    ['h1', grace],
    ['h2', grace],
    ['h3', { ...grace, name: 'Ada' }],
    ['h4', { state: 'ended', name: 'Ada' }],
    ['h5', grace],
    ['h6', grace],
    ['h7', { state: 'ended' }],
  ] as const) {
    handOver(id, data);
  }
  await tab.until(({ messages }) => messages.some(({ id }) => id === 'h7'));
  const lines = tab.client.snapshot.messages.filter(({ parts }) => parts[0]?.type === 'data-handoff');
  assert.deepEqual(
    lines.map(({ id }) => id),
    ['h1', 'h3', 'h4', 'h5', 'h7'],
  );
});

test('where a person has written and the rest is on an older page, the hand-off is under way', async (t) => {
  const { tab, world } = await askForSomebody(t);
  world.intercept(isMessages, async () =>
    Response.json({
      messages: [
        {
          id: 'm',
          role: 'assistant',
          parts: [{ type: 'text', text: 'I am here.' }],
          metadata: { author: { kind: 'operator', name: 'Grace' } },
        },
      ],
      nextBefore: 'more',
    }),
  );
  tab.client.openConversation(tab.client.snapshot.conversationId);
  await tab.until(({ history, messages }) => history === 'ready' && messages.length === 1);
  assert.deepEqual(handoff(tab), { state: 'active', name: 'Grace' });
  assert.equal(tab.client.snapshot.messages[0]?.metadata?.author?.name, 'Grace');
});

test('a person who writes is shown until they stop, say it, or are silent for eight seconds', async (t) => {
  const { tab, type, arrive } = await askForSomebody(t);
  const writes = () => tab.until(({ typing }) => typing?.name === 'Grace');
  const stops = () => tab.until(({ typing }) => typing === undefined);
  type(true);
  await writes();
  type(false);
  await stops();
  type(true);
  await writes();
  arrive({ id: 'o1', role: 'assistant', parts: [{ type: 'text', text: 'Hello.' }], metadata: { status: 'complete' } });
  await stops();
  type(true);
  await writes();
  await stops();
  type(true, 'another-conversation');
  type(true);
  await writes();
  tab.client.newConversation();
  assert.equal(tab.client.snapshot.typing, undefined);
});

test('what the visitor types is told every four seconds, and only while a person is there', async (t) => {
  const { tab, world, handOver, clock } = await askForSomebody(t);
  tab.client.typing(true);
  handOver('h1', { state: 'requested' });
  await tab.until((snapshot) => snapshot.handoff?.state === 'requested');
  tab.client.typing(true);
  await world.quiet();
  assert.deepEqual(await typings(world), []);
  handOver('h2', { state: 'active', name: 'Grace' });
  await tab.until((snapshot) => snapshot.handoff?.state === 'active');
  for (const [afterMs, isNow] of [
    [0, true],
    [100, true],
    [3_800, true],
    [200, true],
    [0, false],
    [0, false],
    [0, true],
  ] as const) {
    clock.now += afterMs;
    tab.client.typing(isNow);
    await world.quiet();
  }
  assert.deepEqual(await typings(world), [true, true, false, true]);
  assert.match(world.requests.find(isTyping)?.url ?? '', new RegExp(tab.client.snapshot.conversationId));
});

test('an author who is no person of ours, or is nothing at all, makes no hand-off', async (t) => {
  const { tab, arrive } = await askForSomebody(t);
  const authors = [null, 'GPT-5', {}, { kind: 'model', name: 'GPT-5' }, { kind: 'operator', name: 5 }];
  for (const [index, author] of authors.entries()) {
    const message = {
      id: `m${index}`,
      role: 'assistant',
      parts: [{ type: 'text', text: 'Hi.' }],
      metadata: { author },
    };
    arrive(message as unknown as ChatMessage);
    await tab.until(({ messages }) => messages.some(({ id }) => id === `m${index}`));
    assert.notEqual(handoff(tab)?.name, 'GPT-5');
    assert.equal(typeof (handoff(tab)?.name ?? ''), 'string');
  }
});

test('that somebody is asked for counts as read where it was seen', async (t) => {
  const articles = fileURLToPath(new URL('../../demo/articles', import.meta.url));
  const { tab, world, sign } = await setUp(t, {
    agent: { answers: 'knowledge', knowledge: articles },
    server: { agentFor: () => undefined },
  });
  await tab.client.identify(sign());
  tab.client.attend(true);
  await tab.client.send('talk to a human');
  await tab.until((snapshot) => isIdle(snapshot) && snapshot.handoff?.state === 'requested');
  await world.quiet();
  const elsewhere = world.open({ shared: new Map() });
  t.after(() => elsewhere.client.close());
  await elsewhere.client.identify(sign());
  const { conversations, unreadCount } = await elsewhere.until((snapshot) => snapshot.conversations.length > 0);
  assert.deepEqual([conversations[0]?.unreadCount, unreadCount], [0, 0]);
});
