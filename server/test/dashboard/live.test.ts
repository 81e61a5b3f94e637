import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { allFrames, json, textIn } from '../http/harness.ts';
import { startDashboard, type Called } from './harness.ts';
import { haveConversation, liveOf, operatorIdOf } from './live-harness.ts';

type Messages = {
  messages: { role: string; parts: { type: string; text?: string }[]; metadata: { author?: object } }[];
};
const codeOf = ({ body }: Called) => (body as { code?: string }).code;
const detailOf = ({ body }: Called) => (body as { detail?: string }).detail ?? '';
const reply = (text: string, id: string = randomUUID()) => ({ body: { id, text } });

test('an operator takes over under their name, answers, and hands back to the agent', async (t) => {
  const harness = await startDashboard(t);
  const { admin, send, agent } = harness;
  const { id, at, session, say } = await haveConversation(harness);
  assert.equal(codeOf(await admin.call(at('reply'), reply('Too soon'))), 'conflict');
  assert.equal((await admin.call(at('take-over'), { body: {} })).status, 200);
  assert.equal((await admin.call(at('take-over'), { body: {} })).status, 200, 'again');
  const me = await operatorIdOf(admin);
  assert.partialDeepStrictEqual(await liveOf(admin, at('live')), {
    status: 'open',
    handoff: { state: 'active', name: 'Alma Admin', operatorId: me },
    assignee: { id: me, name: 'Alma Admin' },
    unreadCount: 1,
  });
  const turns = agent.turns.length;
  await say('Are you there?');
  assert.equal(agent.turns.length, turns, 'the agent is quiet');
  const said = reply('Yes, I am Alma.');
  assert.equal((await admin.call(at('reply'), said)).status, 204);
  assert.equal((await admin.call(at('reply'), said)).status, 204, 'sent again it is said once');
  assert.equal((await liveOf(admin, at('live'))).unreadCount, 0, 'who answers has read it');
  const { messages } = await json<Messages>(await send(`/conversations/${id}/messages`, { session }));
  const theirs = messages.filter(({ metadata }) => metadata.author !== undefined);
  assert.deepEqual(
    theirs.map(({ parts, metadata }) => [parts[0]?.text, metadata.author]),
    [['Yes, I am Alma.', { kind: 'operator', name: 'Alma Admin' }]],
  );
  assert.ok(!JSON.stringify(messages).includes(me), 'the visitor reads a name and no id');
  assert.equal((await admin.call(at('hand-back'), { method: 'POST' })).status, 200);
  assert.match(textIn(await say('And now?')), /You said: And now\?/);
});

test('of two who take over at once one does, and the other is told who', async (t) => {
  const harness = await startDashboard(t);
  const { at } = await haveConversation(harness);
  const desks = [harness.admin, await harness.deskOf('operator')];
  const called = await Promise.all(desks.map((desk) => desk.call(at('take-over'), { body: {} })));
  assert.deepEqual(new Set(called.map(({ status }) => status)), new Set([200, 409]));
  const [winner, loser] = called[0]?.status === 200 ? desks : desks.toReversed();
  const refused = called.find(({ status }) => status === 409);
  assert.ok(winner && loser && refused);
  const { handoff } = await liveOf(winner, at('live'));
  assert.equal(handoff.operatorId, await operatorIdOf(winner));
  assert.ok(detailOf(refused).startsWith(`${handoff.name} has taken over`), detailOf(refused));
  const barred = await loser.call(at('reply'), reply('Me too'));
  assert.equal(codeOf(barred), 'conflict');
  assert.ok(detailOf(barred).startsWith(`${handoff.name} has taken over`));
  // From a colleague who is known to have it, one may.
  const from = handoff.operatorId;
  assert.equal((await loser.call(at('take-over'), { body: { from: randomUUID() } })).status, 409);
  assert.equal((await loser.call(at('take-over'), { body: { from } })).status, 200);
  assert.equal((await loser.call(at('reply'), reply('Now me'))).status, 204);
  assert.equal(codeOf(await winner.call(at('reply'), reply('Still me?'))), 'conflict');
});

test('a reply is text of at most 32,000 characters, with an id of its own', async (t) => {
  const harness = await startDashboard(t);
  const { at } = await haveConversation(harness);
  await harness.admin.call(at('take-over'), { body: {} });
  const bodies = [
    { text: 'x' },
    { id: 'x', text: 'x' },
    ...['', ' \n', 'a\0', 'a'.repeat(32_001), 7].map((text) => ({ id: randomUUID(), text })),
  ];
  for (const body of bodies) {
    const { status, text } = await harness.admin.call(at('reply'), { body });
    assert.equal(status, 422, text);
  }
});

test('closing hands back; what the visitor writes then opens it again, and the agent answers', async (t) => {
  const harness = await startDashboard(t);
  const { admin } = harness;
  const { at, say } = await haveConversation(harness);
  await admin.call(at('take-over'), { body: {} });
  assert.equal((await admin.call(at('close'), { method: 'POST' })).status, 200);
  assert.partialDeepStrictEqual(await liveOf(admin, at('live')), { status: 'closed', handoff: { state: 'ended' } });
  assert.match(textIn(await say('One more thing')), /You said/);
  assert.equal((await liveOf(admin, at('live'))).status, 'open');
  await admin.call(at('close'), { method: 'POST' });
  assert.equal((await admin.call(at('reopen'), { method: 'POST' })).status, 200);
  assert.equal((await liveOf(admin, at('live'))).status, 'open');
});

test('a conversation is given to oneself, to a colleague who can answer, or to nobody', async (t) => {
  const harness = await startDashboard(t);
  const { admin, deskOf } = harness;
  const { at } = await haveConversation(harness);
  const [operator, viewer, elsewhere] = [
    await deskOf('operator'),
    await deskOf('viewer'),
    await deskOf('operator', { agentIds: [] }),
  ];
  const assign = (operatorId: string | null) => admin.call(at('assign'), { body: { operatorId } });
  assert.equal((await assign(await operatorIdOf(operator))).status, 200);
  assert.equal((await liveOf(viewer, at('live'))).assignee?.name, 'Otto operator');
  for (const id of [await operatorIdOf(viewer), await operatorIdOf(elsewhere), 'nobody']) {
    const refused = await assign(id);
    assert.equal(refused.status, 422);
    assert.deepEqual((refused.body as { fields: object }).fields, { operatorId: 'This person cannot answer here.' });
  }
  const { colleagues } = await liveOf(admin, at('live'));
  assert.deepEqual(colleagues.map(({ name }) => name).toSorted(), ['Alma Admin', 'Otto operator']);
  assert.equal((await assign(null)).status, 200);
  assert.equal((await liveOf(admin, at('live'))).assignee, null);
});

test('two operators at one conversation see each other, and who types; a silence of 20 s is an absence', async (t) => {
  const harness = await startDashboard(t);
  const { admin, clock } = harness;
  const other = await harness.deskOf('operator');
  const viewer = await harness.deskOf('viewer');
  const { at } = await haveConversation(harness);
  const here = async (desk: typeof admin, body: object = {}) =>
    (
      (await desk.call(at('presence'), { body })).body as { operators: { name: string; typing: boolean }[] }
    ).operators.map(({ name, typing }) => ({ name, typing }));
  assert.deepEqual(await here(admin), []);
  assert.deepEqual(await here(other, { typing: true }), [{ name: 'Alma Admin', typing: false }]);
  assert.deepEqual(await here(admin), [{ name: 'Otto operator', typing: true }]);
  assert.equal((await other.call(at('typing'), { body: { typing: false } })).status, 204);
  assert.deepEqual(await here(admin), [{ name: 'Otto operator', typing: false }]);
  await here(viewer, { typing: true });
  assert.deepEqual(
    (await here(admin)).filter(({ typing }) => typing),
    [],
    'who may only look does not type',
  );
  assert.deepEqual((await here(viewer, { leaving: true })).length, 2);
  clock.now += 20_001;
  assert.deepEqual(await here(admin), []);
});

test('another tenant’s conversations are like ones that do not exist, whatever is asked', async (t) => {
  const harness = await startDashboard(t, { moreAgents: [{ id: 'other', name: 'Other' }] });
  const { at } = await haveConversation(harness);
  const outsider = await harness.deskOf('operator', { agentIds: ['other'] });
  const note = { id: randomUUID(), text: 'A secret' };
  await harness.admin.call(at('notes'), { body: note });
  const calls: readonly (readonly [string, string, object?])[] = [
    ['GET', 'live'],
    ['POST', 'take-over', {}],
    ['POST', 'hand-back'],
    ['POST', 'reply', { id: randomUUID(), text: 'x' }],
    ['POST', 'typing', { typing: true }],
    ['POST', 'read', { messageId: 'x' }],
    ['POST', 'assign', { operatorId: null }],
    ['POST', 'close'],
    ['POST', 'reopen'],
    ['POST', 'presence', {}],
    ['GET', 'notes'],
    ['POST', 'notes', { id: randomUUID(), text: 'x' }],
    ['DELETE', `notes/${note.id}`],
  ];
  for (const [method, path, body] of calls) {
    const options = { method, ...(body === undefined ? {} : { body }) };
    const theirs = await outsider.call(at(path), options);
    const nobodys = await outsider.call(`/conversations/${randomUUID()}/${path}`, options);
    assert.equal(theirs.status, 404, `${method} ${path}: ${theirs.text}`);
    assert.equal(theirs.text, nobodys.text);
  }
  assert.equal((await liveOf(harness.admin, at('live'))).handoff.state, 'none');
});

test('what operators do is audited, with ids and without a word of what was said', async (t) => {
  const harness = await startDashboard(t);
  const { admin, dataDirectory } = harness;
  const { at } = await haveConversation(harness);
  const words = 'words that nobody audits';
  await admin.call(at('take-over'), { body: {} });
  await admin.call(at('reply'), reply(words));
  await admin.call(at('notes'), { body: { id: randomUUID(), text: words } });
  await admin.call(at('close'), { method: 'POST' });
  await admin.call(at('reopen'), { method: 'POST' });
  await admin.call(at('assign'), { body: { operatorId: null } });
  await admin.call('/canned-replies', { body: { agentId: 'shop', shortcut: 'hi', text: words } });
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(`${dataDirectory}/chat.sqlite`, { readOnly: true });
  const rows = database
    .prepare("select kind, detail, operator_name from audit where agent_id = 'shop' order by id")
    .all();
  database.close();
  assert.deepEqual(
    rows.map(({ kind, operator_name: name }) => [kind, name]),
    [
      'conversation-taken-over',
      'conversation-assigned',
      'note-added',
      'conversation-handed-back',
      'conversation-closed',
      'conversation-reopened',
      'conversation-assigned',
      'canned-reply-created',
    ].map((kind) => [kind, 'Alma Admin']),
  );
  assert.ok(!JSON.stringify(rows).includes(words));
  assert.ok(!harness.logged().includes(words));
});

test('who takes over stops the reply that runs', async (t) => {
  const harness = await startDashboard(t);
  const { id, at, session } = await haveConversation(harness);
  const holding = harness.agent.hold();
  const body = {
    id,
    messages: [{ id: randomUUID(), role: 'user', parts: [{ type: 'text', text: 'go on' }] }],
    trigger: 'submit-message',
  };
  const running = await harness.send('/chat', { session, body });
  await holding;
  assert.equal((await harness.admin.call(at('take-over'), { body: {} })).status, 200);
  assert.ok((await allFrames(running)).some(({ data }) => data.includes('"abort"')));
});
