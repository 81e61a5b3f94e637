import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import {
  allFrames,
  collect,
  framesOf,
  json,
  newSession,
  problem,
  sendBody,
  startServer,
  textIn,
  type Harness,
} from './harness.ts';

type Stored = { id: string; role: string; parts: { type: string; text?: string }[]; metadata: Record<string, unknown> };
type Messages = { messages: Stored[] };
type Conversations = { conversations: { id: string; title: string }[] };

const messagesOf = async ({ send }: Harness, id: string, session: string) =>
  (await json<Messages>(await send(`/conversations/${id}/messages`, { session }))).messages;

/** One exchange; the ids of its two messages. */
async function exchange(
  harness: Harness,
  session: string,
  text = 'one',
  changes: { readonly [key: string]: unknown } = {},
) {
  const body = sendBody(text, changes);
  await allFrames(await harness.send('/chat', { session, body }));
  const messages = await messagesOf(harness, body.id, session);
  return { id: body.id, body, questionId: messages.at(-2)?.id ?? '', replyId: messages.at(-1)?.id ?? '' };
}

/** The same answer, whoever's it is: all but the request's own id. */
async function sameFor(responses: readonly Response[], status: number, code: string): Promise<void> {
  const [first, ...others] = await Promise.all(
    responses.map(async (response) => {
      const { requestId: _, ...said } = await problem(response);
      return said;
    }),
  );
  assert.partialDeepStrictEqual(first, { status, code });
  for (const other of others) assert.deepEqual(other, first);
}

test('what a visitor thinks of an answer stands with it, until it is taken back', async (t) => {
  const harness = await startServer(t);
  const session = newSession();
  const { id, replyId } = await exchange(harness, session);
  const rate = (body: unknown) => harness.send(`/messages/${replyId}/feedback`, { session, body });
  const kept = async () => (await messagesOf(harness, id, session)).at(-1)?.metadata['feedback'];
  for (let again = 0; again < 2; again++) {
    assert.equal((await rate({ rating: 'down', comment: ' too short\n' })).status, 204);
    assert.deepEqual(await kept(), { rating: 'down', comment: 'too short' });
  }
  assert.equal((await rate({ rating: 'up', comment: '  ' })).status, 204);
  assert.deepEqual(await kept(), { rating: 'up' });
  assert.equal((await rate({ rating: null, comment: 'x' })).status, 204);
  assert.equal(await kept(), undefined);
  for (const body of [
    {},
    { rating: 'sideways' },
    { rating: 'up', comment: 'a'.repeat(2_001) },
    { rating: 'up', comment: '\0' },
    [],
  ]) {
    assert.equal((await rate(body)).status, 422, JSON.stringify(body));
  }
  assert.match(
    await (await harness.send('http://chat.example/metrics')).text(),
    /chat_feedback_total\{rating="down"\} 1/,
  );
});

test('feedback on another’s message, on a question, or on none is the same 404', async (t) => {
  const harness = await startServer(t);
  const [ada, eve] = [newSession(), newSession()];
  const { replyId, questionId } = await exchange(harness, ada);
  const rate = (id: string, session: string) =>
    harness.send(`/messages/${id}/feedback`, { session, body: { rating: 'up' } });
  const others = [rate(replyId, eve), rate(randomUUID(), eve), rate('%00', eve), rate(questionId, ada)];
  await sameFor(await Promise.all(others), 404, 'message_not_found');
});

test('a conversation is renamed by its owner, who is told of it on every stream', async (t) => {
  const harness = await startServer(t);
  const session = newSession();
  const { id } = await exchange(harness, session);
  const events = framesOf(await harness.send('/events', { session }));
  const rename = (title: unknown, who = session, at: string = id) =>
    harness.send(`/conversations/${at}`, { session: who, method: 'PATCH', body: { title } });
  assert.equal((await rename('  My \u2028 order\t ')).status, 204);
  const event = await events.next();
  assert.deepEqual([event.value?.event, event.value?.data], ['conversation', JSON.stringify({ conversationId: id })]);
  await events.return(undefined);
  const { conversations } = await json<Conversations>(await harness.send('/conversations', { session }));
  assert.equal(conversations[0]?.title, 'My order');
  for (const title of ['', '   ', 'a'.repeat(121), 7, null]) assert.equal((await rename(title)).status, 422);
  assert.equal((await rename('a'.repeat(120))).status, 204);
  const eve = newSession();
  await sameFor(
    [await rename('mine', eve), await rename('mine', eve, randomUUID()), await rename('mine', eve, 'a%20b')],
    404,
    'conversation_not_found',
  );
});

test('a page may ask to rename and to take back', async (t) => {
  const { send } = await startServer(t);
  const preflight = await send('/conversations/x', { method: 'OPTIONS', origin: 'https://shop.example' });
  assert.equal(preflight.headers.get('access-control-allow-methods'), 'GET, POST, PATCH, DELETE');
});

test('a search finds a visitor’s own conversations, page by page, and takes no sign for more than it is', async (t) => {
  const harness = await startServer(t);
  const [session, eve] = [newSession(), newSession()];
  for (const text of ['Where is my fern?', 'A fern and a FIG', 'plain']) {
    harness.clock.now += 1_000;
    await exchange(harness, session, text);
  }
  await exchange(harness, eve, 'Her fern is 100% gone');
  const search = async (query: string, who = session, more = '') => {
    const response = await harness.send(`/conversations?query=${encodeURIComponent(query)}${more}`, { session: who });
    assert.equal(response.status, 200, query);
    return json<Conversations & { nextBefore: string | null }>(response);
  };
  const titles = async (query: string, who = session) =>
    (await search(query, who)).conversations.map(({ title }) => title);
  assert.deepEqual(await titles('FERN'), ['A fern and a FIG', 'Where is my fern?']);
  assert.deepEqual(await titles(' fig   fern '), ['A fern and a FIG']);
  assert.equal((await titles('  ')).length, 3);
  assert.deepEqual(await titles('100%', eve), ['Her fern is 100% gone']);
  for (const query of ['%', '_', 'f%n', 'f.rn', '.*', "'", "x' or '1'='1", '\\', 'role', '{"parts"', 'gone']) {
    assert.deepEqual(await titles(query), [], query);
  }
  const first = await search('fern', session, '&limit=1');
  const before = `&limit=1&before=${encodeURIComponent(first.nextBefore ?? '')}`;
  assert.equal((await search('fern', session, before)).conversations[0]?.title, 'Where is my fern?');
});

test('a search of many words looks for the longest eight, each by its beginning', async (t) => {
  const harness = await startServer(t);
  const session = newSession();
  const word = (at: number) => 'abcdefghij'.charAt(at).repeat(at + 3);
  const eight = Array.from({ length: 8 }, (_, at) => word(at + 1));
  await exchange(harness, session, [...eight, '\u2057'.repeat(100)].join(' '));
  const count = async (query: string) =>
    (await json<Conversations>(await harness.send(`/conversations?query=${encodeURIComponent(query)}`, { session })))
      .conversations.length;
  assert.equal(
    await count(['nowhere', ...eight].join(' ').replace('nowhere', 'no')),
    1,
    'a short ninth word is left out',
  );
  assert.equal(await count([...eight.slice(1), 'nowhere-to-be-found'].join(' ')), 0);
  assert.equal(await count('\u2057'.repeat(199)), 1, 'found by its first 64 characters');
});

test('a search that is too long, has a NUL, or comes too often is refused', async (t) => {
  const harness = await startServer(t, { config: { rateLimits: { searchesPerVisitor: 2 } } });
  const session = newSession();
  const search = (query: string) => harness.send(`/conversations?query=${encodeURIComponent(query)}`, { session });
  const hundredThousand = 'w '.repeat(10_000);
  for (const query of ['a'.repeat(201), hundredThousand, 'a\0b']) {
    const refused = await problem(await search(query));
    assert.partialDeepStrictEqual(refused, { status: 422, errors: [{ path: 'query' }] });
  }
  assert.deepEqual(
    [(await search('a')).status, (await search('a')).status, (await search('a')).status],
    [200, 200, 429],
  );
  assert.equal((await harness.send('/conversations', { session })).status, 200, 'the list is no search');
});

test('a last message is edited: the new one and its reply take its place', async (t) => {
  const harness = await startServer(t);
  const session = newSession();
  const { id, questionId } = await exchange(harness, session);
  const edit = sendBody('two', { id, messageId: questionId });
  const frames = await allFrames(await harness.send('/chat', { session, body: edit }));
  assert.equal(textIn(frames), 'You said: two');
  const messages = await messagesOf(harness, id, session);
  assert.deepEqual(
    messages.map(({ role, parts }) => [role, parts[0]?.text]),
    [
      ['user', 'two'],
      ['assistant', 'You said: two'],
    ],
  );
  assert.equal(messages[0]?.metadata['editedFrom'], questionId);
  const replay = await allFrames(await harness.send('/chat', { session, body: edit }));
  assert.deepEqual(replay, frames, 'sent again it reads the same reply');
  assert.equal(harness.agent.turns.length, 2);
});

test('an edit of another’s message, of none, of an earlier one, or while a reply runs is refused', async (t) => {
  const harness = await startServer(t);
  const [ada, eve] = [newSession(), newSession()];
  const hers = await exchange(harness, ada);
  const mine = await exchange(harness, eve);
  const edit = (messageId: string, changes: object = {}, session = eve) =>
    harness.send('/chat', { session, body: sendBody('x', { id: mine.id, messageId, ...changes }) });
  await sameFor([await edit(hers.questionId), await edit(randomUUID())], 404, 'message_not_found');
  await sameFor(
    [await edit(hers.questionId, { id: hers.id }), await edit(hers.questionId, { id: randomUUID() })],
    404,
    'conversation_not_found',
  );
  await exchange(harness, eve, 'two', { id: mine.id });
  await sameFor([await edit(mine.questionId), await edit(mine.replyId)], 409, 'message_conflict');
  const holding = harness.agent.hold();
  const running = sendBody('three', { id: mine.id });
  const reply = await harness.send('/chat', { session: eve, body: running });
  const held = await holding;
  assert.partialDeepStrictEqual(await problem(await edit((running.messages[0] as { id: string }).id)), {
    status: 409,
    code: 'conversation_busy',
  });
  held.finish();
  await allFrames(reply);
});

test('of two edits at once one wins', async (t) => {
  const harness = await startServer(t);
  const session = newSession();
  const { id, questionId } = await exchange(harness, session);
  const edits = ['a', 'b', 'c'].map((text) =>
    harness.send('/chat', { session, body: sendBody(text, { id, messageId: questionId }) }),
  );
  const statuses = (await Promise.all(edits)).map(({ status }) => status);
  assert.deepEqual(
    statuses.toSorted((a, b) => a - b),
    [200, 409, 409],
  );
});

const consent = {
  version: '2026-11',
  text: 'We keep what you write for 30 days.',
  url: 'https://shop.example/privacy',
};
const form = {
  intro: 'Who are you?',
  fields: [{ name: 'name' as const, required: false }, { name: 'email' as const }],
};

test('an agent that asks for consent answers nobody without it, whatever else they send', async (t) => {
  const harness = await startServer(t, { agent: { consent } });
  const { send, sign, agent } = harness;
  assert.partialDeepStrictEqual(await json(await send('')), { consent });
  const session = newSession();
  const refused = [{}, { consent: true }, { consent: '2026-10' }, { consent: ['2026-11'] }, { Consent: '2026-11' }];
  for (const metadata of refused) {
    for (const who of [{ session }, { token: sign() }]) {
      const answer = await problem(await send('/chat', { ...who, body: sendBody('hi', { metadata }) }));
      assert.partialDeepStrictEqual(answer, { status: 403, code: 'consent_required' }, JSON.stringify(metadata));
    }
  }
  const hidden = JSON.parse('{"__proto__":{"consent":"2026-11"}}') as object;
  assert.equal((await send('/chat', { session, body: sendBody('hi', { metadata: hidden }) })).status, 403);
  assert.equal(agent.turns.length, 0);
  const { id, replyId } = await exchange(harness, session, 'hi', { metadata: { consent: '2026-11' } });
  const again = { id, trigger: 'regenerate-message', messageId: replyId };
  assert.equal((await send('/chat', { session, body: again })).status, 403);
  const agreed = { ...again, metadata: { consent: '2026-11' } };
  assert.equal((await send('/chat', { session, body: agreed })).status, 200);
});

test('an agent with a form wants it of whoever is not verified, and believes nothing of it', async (t) => {
  const harness = await startServer(t, { agent: { form } });
  const { send, sign, agent } = harness;
  assert.partialDeepStrictEqual(await json(await send('')), {
    form: {
      intro: form.intro,
      fields: [
        { name: 'name', required: false },
        { name: 'email', required: true },
      ],
    },
  });
  const say = (context: unknown, who: object = { session: newSession() }) =>
    send('/chat', { ...who, body: sendBody('hi', { metadata: { context } }) });
  for (const context of [
    undefined,
    {},
    { name: 'Ada' },
    { email: '' },
    { email: ' \n ' },
    { email: 'ada' },
    { email: ['a@b.c'] },
    'a@b.c',
  ]) {
    assert.partialDeepStrictEqual(await problem(await say(context)), { status: 403, code: 'form_required' });
  }
  assert.equal((await say({ email: 'ada@shop.example' })).status, 200);
  assert.equal((await say(undefined, { token: sign() })).status, 200);
  assert.equal(
    (await say(undefined, { session: newSession(), headers: { 'x-chat-identity-source': 'verified' } })).status,
    403,
  );
  const [first, second] = agent.turns;
  assert.deepEqual(first?.user, { verified: false, selfReported: { email: 'ada@shop.example' } });
  assert.equal(second?.user.verified, true);
});

test('who only types is heard by nobody while the agent answers', async (t) => {
  const harness = await startServer(t);
  const session = newSession();
  const { id } = await exchange(harness, session);
  const type = (at: string, who: string, body: unknown = { typing: true }) =>
    harness.send(`/conversations/${at}/typing`, { session: who, body });
  assert.partialDeepStrictEqual(await problem(await type(id, session)), { status: 404, code: 'not_found' });
  assert.equal((await type(id, session, { typing: 'yes' })).status, 422);
  const eve = newSession();
  await sameFor([await type(id, eve), await type(randomUUID(), eve)], 404, 'conversation_not_found');
});

test('an agent cannot say that a person has taken over', async (t) => {
  const agentFor = () => ({
    async *reply() {
      yield { type: 'data-handoff', data: { state: 'active', name: 'The boss' } } as const;
      yield { type: 'data-other', data: {} } as const;
    },
  });
  const { send } = await startServer(t, { server: { agentFor } });
  const frames = await collect(framesOf(await send('/chat', { session: newSession(), body: sendBody('hi') })));
  assert.ok(frames.some(({ data }) => data.includes('data-other')));
  assert.ok(!frames.some(({ data }) => data.includes('data-handoff')));
});
