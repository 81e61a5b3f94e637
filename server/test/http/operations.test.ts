import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { createChatServer, DataDirectoryInUseError } from '../../src/index.ts';
import {
  allFrames,
  framesOf,
  json,
  newSession,
  problem,
  sendBody,
  startServer,
  temporaryDirectory,
} from './harness.ts';

const at = (path: string): string => `http://chat.example${path}`;

test('a server that is up says that it lives and is ready', async (t) => {
  const { send } = await startServer(t);
  assert.deepEqual(await json(await send(at('/healthz'))), { status: 'ok' });
  assert.deepEqual(await json(await send(at('/readyz'))), { status: 'ready' });
});

test('the agent’s description is public, kept for a minute, and not sent twice', async (t) => {
  const { send } = await startServer(t, {
    agent: { greeting: 'Good day', suggestions: ['Where is my order?'], maxMessageCharacters: 100 },
  });
  const response = await send('');
  assert.equal(response.headers.get('cache-control'), 'public, max-age=60');
  const etag = response.headers.get('etag') ?? '';
  assert.partialDeepStrictEqual(await json(response), {
    id: 'shop',
    name: 'Shop',
    greeting: 'Good day',
    suggestions: ['Where is my order?'],
    access: 'open',
    limits: { maxMessageCharacters: 100 },
  });
  const again = await send('', { headers: { 'if-none-match': etag } });
  assert.equal(again.status, 304);
  assert.equal(await again.text(), '');
});

test('what the agent says first is told in all languages that the configuration names, the same to everybody', async (t) => {
  const { send } = await startServer(t, {
    agent: {
      greeting: { de: 'Guten Tag', 'EN-gb': 'Good day', ar: 'أهلا' },
      suggestions: { 'pt-br': ['Onde está?'], de: ['Wo ist es?'] },
    },
  });
  const response = await send('');
  assert.equal(response.headers.get('vary')?.includes('anguage') ?? false, false);
  const said = await json(response);
  assert.partialDeepStrictEqual(said, {
    greeting: 'Good day',
    suggestions: ['Onde está?'],
    translations: {
      de: { greeting: 'Guten Tag', suggestions: ['Wo ist es?'] },
      'en-GB': { greeting: 'Good day' },
      ar: { greeting: 'أهلا' },
      'pt-BR': { suggestions: ['Onde está?'] },
    },
  });
  const other = await send('', { headers: { 'accept-language': 'de' } });
  assert.deepEqual(await json(other), said);
});

test('an agent that says the same in every language is told of without translations', async (t) => {
  const { send } = await startServer(t, { agent: { greeting: 'Good day' } });
  assert.ok(!('translations' in (await json(await send('')))));
});

test('metrics count requests by route, refused tokens by reason, replies by state, and nothing that a visitor chose', async (t) => {
  const { send, agent } = await startServer(t);
  const session = newSession();
  await allFrames(await send('/chat', { session, body: sendBody('one') }));
  const holding = agent.hold();
  const broken = await send('/chat', { session, body: sendBody('two') });
  (await holding).fail(new Error('no'));
  await allFrames(broken);
  await send('/conversations', { token: 'bad' });
  await send('/a-made-up-path', { method: 'PATCH' });
  const response = await send(at('/metrics'));
  assert.match(response.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
  const text = await response.text();
  assert.ok(text.includes('chat_http_requests_total{route="/v1/agents/:agentId/chat",method="POST",status="200"} 2'));
  assert.ok(text.includes('chat_http_requests_total{route="unmatched",method="PATCH",status="404"} 1'));
  assert.ok(text.includes('chat_tokens_refused_total{reason="malformed"} 1'));
  assert.ok(text.includes('chat_replies_total{state="complete"} 1'));
  assert.ok(text.includes('chat_replies_total{state="failed"} 1'));
  assert.doesNotMatch(text, /made-up/);
});

test('a store that fails is unavailable, and what it said stays in the server', async (t) => {
  const { send, dataDirectory, logged } = await startServer(t);
  const database = new DatabaseSync(join(dataDirectory, 'chat.sqlite'));
  database.exec('pragma foreign_keys = off; drop table sessions');
  database.close();
  const response = await send('/conversations', { session: newSession() });
  assert.equal(response.headers.get('retry-after'), '5');
  const { title, ...rest } = (await problem(response)) as { title?: string };
  assert.partialDeepStrictEqual(rest, { status: 503, code: 'unavailable' });
  assert.equal(title, 'The server cannot answer at the moment');
  assert.match(logged(), /"msg":"store failed"/);
});

test('refused tokens are one audit entry with their number, also those of the last minute', async (t) => {
  const { server, send, dataDirectory } = await startServer(t);
  for (let time = 0; time < 50; time++) await send('/conversations', { token: 'bad' });
  await server.close();
  const database = new DatabaseSync(join(dataDirectory, 'chat.sqlite'));
  const rows = database.prepare('select kind, reason, detail from audit').all();
  database.close();
  assert.deepEqual(
    rows.map((row) => ({ ...row })),
    [{ kind: 'token-refused', reason: 'malformed', detail: '{"count":50}' }],
  );
});

test('a server whose store takes no more goes down all the same', async (t) => {
  const { server, send, dataDirectory, logged } = await startServer(t);
  await send('/conversations', { token: 'bad' });
  const database = new DatabaseSync(join(dataDirectory, 'chat.sqlite'));
  database.exec('drop table audit');
  database.close();
  await server.close();
  assert.match(logged(), /what was counted in the last minute could not be recorded/);
});

test('a mistake of the program is internal, and says nothing of itself', async (t) => {
  let isBroken = false;
  const clock = (): number => {
    if (isBroken) throw new Error('the clock fell off the wall');
    return Date.now();
  };
  const { send, logged } = await startServer(t, { server: { clock, streamCheckMs: 60_000 } });
  const request = send('/identity', { method: 'POST', token: 'bad' });
  isBroken = true;
  const response = await request;
  const body = await problem(response);
  assert.partialDeepStrictEqual(body, { status: 500, code: 'internal' });
  assert.doesNotMatch(JSON.stringify(body), /clock/);
  const line =
    logged()
      .split('\n')
      .find((text) => text.includes('request failed')) ?? '';
  assert.ok(line.includes(body.requestId) && line.includes('the clock fell off the wall'));
});

test('a server that goes down finishes what runs, takes nothing new, and ends live events', async (t) => {
  const { server, send, agent } = await startServer(t, { server: { shutdownGraceMs: 60_000 } });
  const session = newSession();
  const body = sendBody('last words');
  const holding = agent.hold();
  const reply = await send('/chat', { session, body });
  const events = framesOf(await send('/events', { session }));
  const held = await holding;
  const closing = server.close();
  const refused = await send('/chat', { session: newSession(), body: sendBody('too late') });
  assert.equal(refused.headers.get('retry-after'), '5');
  assert.partialDeepStrictEqual(await problem(refused), { status: 503, code: 'unavailable' });
  assert.equal((await send(at('/readyz'))).status, 503);
  for await (const { event } of events) assert.notEqual(event, 'identity');
  held.say('farewell');
  held.finish();
  const frames = await allFrames(reply);
  assert.equal(frames.at(-1)?.data, '[DONE]');
  await closing;
  await server.close();
  assert.partialDeepStrictEqual(await problem(await send('/conversations', { session })), {
    status: 503,
    code: 'unavailable',
  });
});

test('a reply that outlives the grace is interrupted, kept, and can be asked for again by the next server', async (t) => {
  const dataDirectory = await temporaryDirectory(t);
  const before = await startServer(t, { dataDirectory, server: { shutdownGraceMs: 1 } });
  const session = newSession();
  const body = sendBody('take your time');
  const holding = before.agent.hold();
  const frames = framesOf(await before.send('/chat', { session, body }));
  (await holding).say('I was just');
  for await (const { data } of frames) if (data.includes('I was just')) break;
  await before.server.close();
  const { send } = await startServer(t, { dataDirectory });
  const path = `/conversations/${body.id}/messages`;
  type Messages = { messages: { id: string; parts: { text?: string }[]; metadata: { status: string } }[] };
  const { messages } = await json<Messages>(await send(path, { session }));
  assert.equal(messages[1]?.metadata.status, 'interrupted');
  assert.equal(messages[1].parts[0]?.text, 'I was just');
  const again = { id: body.id, trigger: 'regenerate-message', messageId: messages[1].id };
  await allFrames(await send('/chat', { session, body: again }));
  const after = await json<Messages>(await send(path, { session }));
  assert.deepEqual(
    after.messages.map(({ parts }) => parts[0]?.text),
    ['take your time', 'You said: take your time'],
  );
});

test('a second server on one data directory is refused, and says why', async (t) => {
  const { dataDirectory, send } = await startServer(t);
  const config = { agents: [{ id: 'a', name: 'A' }] };
  const second = createChatServer({
    config,
    store: { dataDirectory },
    agentFor: () => ({ reply: async function* () {} }),
    logLevel: 'silent',
  });
  await assert.rejects(second.ready, DataDirectoryInUseError);
  const answer = await second.fetch(new Request(at('/v1/agents/a')));
  assert.partialDeepStrictEqual(await problem(answer), { status: 503, code: 'unavailable' });
  await second.close();
  assert.equal((await send('')).status, 200);
});

test('HEAD answers as GET does, without a body and without leaving a stream open', async (t) => {
  const { send } = await startServer(t);
  const session = newSession();
  const response = await send('/events', { method: 'HEAD', session });
  assert.equal(response.status, 200);
  assert.equal(response.body, null);
  assert.match(await (await send(at('/metrics'))).text(), /chat_open_streams 0/);
});
