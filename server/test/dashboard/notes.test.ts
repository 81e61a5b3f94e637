import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { allFrames, framesOf } from '../http/harness.ts';
import { startDashboard } from './harness.ts';
import { haveConversation } from './live-harness.ts';

const secret = 'zebra-crossing';
type Notes = { notes: { id: string; text: string; author: { name: string }; createdAt: string }[] };

test('a note is read by every operator of the agent, is kept once, and is removed by its author or an administrator', async (t) => {
  const harness = await startDashboard(t);
  const { admin, deskOf } = harness;
  const { at } = await haveConversation(harness);
  const [author, other, viewer] = [await deskOf('operator'), await deskOf('operator'), await deskOf('viewer')];
  const note = { id: randomUUID(), text: `They are <b>angry</b>: ${secret}` };
  assert.equal((await author.call(at('notes'), { body: note })).status, 201);
  assert.equal((await author.call(at('notes'), { body: note })).status, 201, 'sent again');
  assert.equal((await other.call(at('notes'), { body: note })).status, 409, 'with an id of another’s');
  const { notes } = (await viewer.call(at('notes'))).body as Notes;
  assert.partialDeepStrictEqual(notes, [{ ...note, author: { name: 'Otto operator' } }]);
  assert.equal(notes.length, 1);
  assert.match(notes[0]?.createdAt ?? '', /^\d{4}-\d\d-\d\dT.*Z$/);
  assert.equal((await other.call(at(`notes/${note.id}`), { method: 'DELETE' })).status, 403);
  assert.equal((await author.call(at(`notes/${note.id}`), { method: 'DELETE' })).status, 204);
  assert.equal((await author.call(at(`notes/${note.id}`), { method: 'DELETE' })).status, 404);
  await author.call(at('notes'), { body: { ...note, id: randomUUID() } });
  const second = ((await admin.call(at('notes'))).body as Notes).notes[0];
  assert.equal((await admin.call(at(`notes/${second?.id}`), { method: 'DELETE' })).status, 204);
  for (const text of ['', ' ', 'a\0', 'a'.repeat(8_001)]) {
    const { status, body } = await author.call(at('notes'), { body: { id: randomUUID(), text } });
    assert.equal(status, 422);
    assert.deepEqual(Object.keys((body as { fields: object }).fields), ['text']);
  }
});

test('a note reaches its visitor by no way, nor their agent', async (t) => {
  const harness = await startDashboard(t);
  const { admin, send, agent, sign, clock } = harness;
  const token = sign();
  const { id, session, at, say } = await haveConversation(harness, 'about zebras');
  const live = await send('/events', { session });
  const frames = framesOf(live);
  await admin.call(at('take-over'), { body: {} });
  await admin.call(at('notes'), { body: { id: randomUUID(), text: secret } });
  await admin.call(at('reply'), { body: { id: randomUUID(), text: 'the reply' } });
  await admin.call(at('hand-back'), { method: 'POST' });
  const streamed = JSON.stringify(await say('go on, please'));
  const seen: string[] = [streamed];
  for await (const frame of frames) {
    seen.push(JSON.stringify(frame));
    if (frame.data.includes('You said: go on, please')) break;
  }
  const read = async (path: string) => seen.push(await (await send(path, { session })).text());
  await read('/conversations');
  await read(`/conversations/${id}/messages`);
  await read(`/conversations?query=${secret}`);
  await read(`/chat/${id}/stream`);
  assert.match(seen.at(-2) ?? '', /"conversations":\[\]/, 'nothing is found by a note');
  // Also once the conversation is a subject's, at another browser.
  await send('/identity', { method: 'POST', session, token });
  for (const path of ['/conversations', `/conversations/${id}/messages`, `/conversations?query=${secret}`]) {
    seen.push(await (await send(path, { token })).text());
  }
  seen.push(JSON.stringify(agent.turns));
  clock.now += 1;
  assert.ok(seen.some((text) => text.includes('the reply')));
  for (const text of seen) assert.ok(!text.includes(secret) && !text.includes('note'), text);
});

test('a note goes with its conversation, which can be removed', async (t) => {
  const harness = await startDashboard(t);
  const { at, id } = await haveConversation(harness);
  await harness.admin.call(at('notes'), { body: { id: randomUUID(), text: secret } });
  await harness.admin.call(at('presence'), { body: {} });
  const { openStore } = await import('../../src/storage/index.ts');
  await harness.server.close();
  const store = await openStore({ dataDirectory: harness.dataDirectory });
  t.after(() => store.close());
  assert.equal(await store.conversations.remove(id), true);
  assert.deepEqual(await store.notes.list(id), []);
});

test('replies that were written before have one shortcut each at an agent, and belong to those who see it', async (t) => {
  const harness = await startDashboard(t, { moreAgents: [{ id: 'other', name: 'Other' }] });
  const { admin, deskOf } = harness;
  const [shop, other] = [
    await deskOf('operator', { agentIds: ['shop'] }),
    await deskOf('operator', { agentIds: ['other'] }),
  ];
  type Canned = { cannedReply: { id: string; shortcut: string } };
  type List = { cannedReplies: { shortcut: string; text: string }[] };
  const add = (desk: typeof admin, agentId: string | null, shortcut: string) =>
    desk.call('/canned-replies', { body: { agentId, shortcut, text: 'Thank you, {name}!' } });
  const mine = await add(shop, 'shop', ' Thanks ');
  assert.equal(mine.status, 201, mine.text);
  assert.equal((mine.body as Canned).cannedReply.shortcut, 'thanks');
  const twice = await add(shop, 'shop', 'THANKS');
  assert.deepEqual((twice.body as { fields: object }).fields, {
    shortcut: 'There is a reply with the shortcut /thanks already.',
  });
  assert.equal((await add(other, 'shop', 'x')).status, 404);
  assert.equal((await add(other, null, 'x')).status, 403, 'for all agents, by who sees one');
  assert.equal((await add(admin, null, 'bye')).status, 201);
  const shortcuts = async (desk: typeof admin, query = '') =>
    ((await desk.call(`/canned-replies${query}`)).body as List).cannedReplies.map(({ shortcut }) => shortcut);
  assert.deepEqual(await shortcuts(shop), ['bye', 'thanks']);
  assert.deepEqual(await shortcuts(other), ['bye']);
  assert.deepEqual(await shortcuts(admin, '?agent=other'), ['bye']);
  assert.equal((await other.call('/canned-replies?agent=shop')).status, 404);
  const { id } = (mine.body as Canned).cannedReply;
  const change = (desk: typeof admin, body: object) => desk.call(`/canned-replies/${id}`, { method: 'PATCH', body });
  assert.equal((await change(other, { text: 'x' })).status, 404);
  assert.equal((await change(shop, { text: 'New words' })).status, 200);
  for (const body of [{ text: '' }, { shortcut: 'two words' }, { shortcut: '' }, { agentId: 'other' }]) {
    assert.equal((await change(shop, body)).status, 422, JSON.stringify(body));
  }
  assert.equal((await other.call(`/canned-replies/${id}`, { method: 'DELETE' })).status, 404);
  assert.equal((await shop.call(`/canned-replies/${id}`, { method: 'DELETE' })).status, 204);
  assert.deepEqual(await shortcuts(shop), ['bye']);
  assert.equal(
    (
      await allFrames(
        await harness.send('/chat', {
          session: 's'.repeat(43),
          body: {
            id: randomUUID(),
            messages: [{ id: randomUUID(), role: 'user', parts: [{ type: 'text', text: '/bye' }] }],
            trigger: 'submit-message',
          },
        }),
      )
    ).some(({ data }) => data.includes('Thank you')),
    false,
    'sent by nobody',
  );
});
