import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { openTestPostgres } from '../storage/test-stores.ts';
import { allFrames, framesOf, json, newSession, problem, sendBody, startServer, textIn } from './harness.ts';

// Two chat servers on one Postgres database stand in for two processes: they share nothing else.
const postgres = await openTestPostgres();
const { missing: skip } = postgres;
after(() => postgres.stop());

test('A9 a logout at one server ends the live streams at the other', { skip }, async (t) => {
  const databaseUrl = await postgres.createDatabase();
  const here = await startServer(t, { databaseUrl });
  const there = await startServer(t, { databaseUrl });
  const token = here.sign();
  const session = newSession();
  const streams = [await there.send('/events', { token }), await there.send('/events', { session })];
  assert.equal((await here.send('/logout', { method: 'POST', token, session })).status, 204);
  for (const stream of streams) {
    const frames = await allFrames(stream);
    assert.deepEqual(
      frames.map(({ event, data }) => ({ event, data })),
      [{ event: 'identity', data: '{"state":"revoked"}' }],
    );
  }
  assert.partialDeepStrictEqual(await problem(await there.send('/conversations', { token })), {
    status: 401,
    reason: 'revoked',
  });
});

test('a reply that one server writes is read, resumed and stopped at the other', { skip }, async (t) => {
  const databaseUrl = await postgres.createDatabase();
  const here = await startServer(t, { databaseUrl });
  const there = await startServer(t, { databaseUrl });
  const session = newSession();
  const body = sendBody('go on');
  const holding = here.agent.hold();
  const first = await here.send('/chat', { session, body });
  const reply = await holding;
  reply.say('from here');
  const resumed = await there.send(`/chat/${body.id}/stream`, { session });
  const frames = framesOf(resumed);
  for await (const { data } of frames) if (data.includes('from here')) break;
  assert.equal((await there.send(`/chat/${body.id}/stop`, { method: 'POST', session })).status, 204);
  assert.equal(textIn(await allFrames(first)), 'from here');
  type Messages = { messages: { metadata: { status: string } }[] };
  const { messages } = await json<Messages>(await there.send(`/conversations/${body.id}/messages`, { session }));
  assert.equal(messages[1]?.metadata.status, 'stopped');
});

test('the same message sent to both servers at once has one reply', { skip }, async (t) => {
  const databaseUrl = await postgres.createDatabase();
  const servers = [await startServer(t, { databaseUrl }), await startServer(t, { databaseUrl })];
  const session = newSession();
  const body = sendBody('only once');
  const responses = await Promise.all(
    Array.from({ length: 20 }, (_, at) => servers[at % 2]?.send('/chat', { session, body }) ?? assert.fail()),
  );
  const streams = await Promise.all(responses.map(allFrames));
  assert.equal(
    servers.reduce((sum, { agent }) => sum + agent.turns.length, 0),
    1,
  );
  for (const frames of streams) assert.equal(textIn(frames), 'You said: only once');
});
