import assert from 'node:assert/strict';
import { after, describe, test, type TestContext } from 'node:test';
import { openTestPostgres } from '../storage/test-stores.ts';
import { allFrames, json, newSession, problem, sendBody, startServer, type Harness } from '../http/harness.ts';
import { badTokens } from './corpus.ts';
import { askIdentity, logOut, startVectorServer } from './vector-server.ts';

const postgres = await openTestPostgres();
after(() => postgres.stop());

type As = { readonly token?: string; readonly session?: string };

async function say({ send }: Harness, as: As, body = sendBody('Where is my order?')): Promise<string> {
  await allFrames(await send('/chat', { ...as, body }));
  return body.id;
}

async function listOf({ send }: Harness, as: As): Promise<readonly string[]> {
  type Page = { readonly conversations: readonly { readonly id: string }[] };
  const { conversations } = await json<Page>(await send('/conversations', as));
  return conversations.map(({ id }) => id).toSorted();
}

async function claim({ send }: Harness, token: string, session: string): Promise<unknown> {
  return (await json(await send('/identity', { method: 'POST', token, session })))['claimedConversations'];
}

/** One server, or two that share nothing but a database. */
type World = readonly [here: Harness, there: Harness];

const worlds: readonly { name: string; skip: string | false; open: (test: TestContext) => Promise<World> }[] = [
  {
    name: 'one server',
    skip: false,
    open: async (t) => {
      const server = await startServer(t);
      return [server, server];
    },
  },
  {
    name: 'two servers on one Postgres',
    skip: postgres.missing,
    open: async (t) => {
      const databaseUrl = await postgres.createDatabase();
      return [await startServer(t, { databaseUrl }), await startServer(t, { databaseUrl })];
    },
  },
];

for (const { name, skip, open } of worlds) {
  describe(`an anonymous conversation, ${name},`, { skip }, () => {
    test('is claimed once when two users race for it: one has all of it, the other nothing', async (t) => {
      const [here, there] = await open(t);
      for (let round = 0; round < 8; round++) {
        const session = newSession();
        const made = [
          await say(here, { session }),
          await say(there, { session }),
          await say(here, { session }),
        ].toSorted();
        const ada = here.sign({ sub: `ada-${round}` });
        const eve = there.sign({ sub: `eve-${round}` });
        const calls = Array.from({ length: 6 }, (_, at) =>
          at % 2 === 0 ? claim(here, ada, session) : claim(there, eve, session),
        );
        const counts = await Promise.all(round % 2 === 0 ? calls : calls.toReversed());
        assert.deepEqual(
          counts.map(Number).toSorted((one, other) => one - other),
          [0, 0, 0, 0, 0, 3],
        );
        const lists = [await listOf(there, { token: ada }), await listOf(here, { token: eve })];
        assert.deepEqual(
          lists.toSorted((one, other) => one.length - other.length),
          [[], made],
        );
        assert.deepEqual(await listOf(here, { session }), []);
      }
    });

    test('is not split when a message arrives in it while it is claimed', async (t) => {
      const [here, there] = await open(t);
      for (let round = 0; round < 8; round++) {
        const session = newSession();
        const id = await say(here, { session });
        const token = here.sign({ sub: `ada-${round}` });
        const [counted, response] = await Promise.all([
          claim(here, token, session),
          there.send('/chat', { session, body: sendBody('And another thing', { id }) }),
        ]);
        assert.equal(counted, 1);
        assert.ok(response.status === 200 || response.status === 404, `${response.status}`);
        const isAccepted = response.status === 200;
        await allFrames(response);
        assert.deepEqual(await listOf(there, { token }), [id]);
        assert.deepEqual(await listOf(there, { session }), []);
        type Messages = { readonly messages: readonly unknown[] };
        const { messages } = await json<Messages>(await there.send(`/conversations/${id}/messages`, { token }));
        assert.equal(messages.length, isAccepted ? 4 : 2);
      }
    });

    test('A9 is claimed or closed, and not both, when its owner logs out while somebody claims it', async (t) => {
      const [here, there] = await open(t);
      for (let round = 0; round < 8; round++) {
        const session = newSession();
        const id = await say(here, { session });
        const eve = there.sign({ sub: `eve-${round}` });
        const [counted] = await Promise.all([
          claim(there, eve, session),
          here.send('/logout', { method: 'POST', session }),
        ]);
        assert.deepEqual(await listOf(here, { token: eve }), counted === 1 ? [id] : []);
        assert.equal(await claim(here, here.sign({ sub: 'late' }), session), 0);
      }
    });

    test('A9 is not claimed by a call that is replayed after logout, nor with a fresh token, nor by another user', async (t) => {
      const [here, there] = await open(t);
      const session = newSession();
      const token = here.sign({ jti: 'first' });
      const before = await say(here, { session });
      assert.equal(await claim(here, token, session), 1);
      await say(here, { session });
      assert.equal((await here.send('/logout', { method: 'POST', token, session })).status, 204);
      const replayed = await there.send('/identity', { method: 'POST', token, session });
      assert.deepEqual(await json(replayed), { verified: false, reason: 'revoked' });
      const fresh = there.sign({ jti: 'second' });
      assert.equal(await claim(there, fresh, session), 0);
      assert.equal(await claim(there, there.sign({ sub: 'eve' }), session), 0);
      assert.deepEqual(
        await listOf(there, { token: fresh }),
        [before],
        'what was claimed before the logout stays hers',
      );
      assert.deepEqual(await listOf(there, { token: there.sign({ sub: 'eve' }) }), []);
    });

    test('A10 is out of reach for the session it came from, on every call', async (t) => {
      const [here, there] = await open(t);
      const session = newSession();
      const id = await say(here, { session });
      const token = here.sign();
      assert.equal(await claim(here, token, session), 1);
      const reply = await json<{ messages: { id: string }[] }>(
        await here.send(`/conversations/${id}/messages`, { token }),
      );
      const messageId = reply.messages[1]?.id ?? assert.fail();
      const calls = [
        [`/conversations/${id}/messages`, {}],
        [`/conversations/${id}/read`, { body: { messageId } }],
        [`/chat/${id}/stream`, {}],
        [`/chat/${id}/stop`, { method: 'POST' }],
        ['/chat', { body: sendBody('Still me', { id }) }],
        ['/chat', { body: { id, trigger: 'regenerate-message', messageId } }],
      ] as const;
      for (const [path, sent] of calls) {
        for (const as of [{ session }, { session, token: there.sign({ sub: 'eve' }) }]) {
          const answer = await problem(await there.send(path, { ...sent, ...as }));
          assert.partialDeepStrictEqual(answer, { status: 404, code: 'conversation_not_found' }, path);
        }
      }
      assert.equal(here.agent.turns.length + (here === there ? 0 : there.agent.turns.length), 1);
    });

    test('leaves its session a new beginning, of which the next user gets that alone', async (t) => {
      const [here, there] = await open(t);
      const session = newSession();
      const first = await say(here, { session });
      const [ada, bob] = [here.sign(), there.sign({ sub: 'bob' })];
      assert.equal(await claim(here, ada, session), 1);
      const second = await say(there, { session });
      assert.equal(await claim(there, bob, session), 1);
      assert.deepEqual(await listOf(here, { token: ada }), [first]);
      assert.deepEqual(await listOf(here, { token: bob }), [second]);
    });

    test('is not claimed with another session, or at its id', async (t) => {
      const [here, there] = await open(t);
      const session = newSession();
      const id = await say(here, { session });
      for (const wrong of [newSession(), `${session.slice(0, -1)}=`, session.toUpperCase(), id, '', ` ${id}`]) {
        const answer = await json(
          await there.send('/identity', { method: 'POST', token: there.sign(), session: wrong }),
        );
        assert.equal(answer['claimedConversations'], 0, wrong);
      }
      assert.deepEqual(await listOf(here, { session }), [id]);
    });
  });
}

test('B14 an anonymous conversation is claimed with none of the bad tokens', async (t) => {
  const server = await startVectorServer(t);
  const session = newSession();
  const shop = badTokens().filter(({ agent, via }) => agent.id === 'shop' && via === 'header');
  assert.ok(shop.length > 100);
  const id = await say(server, { session });
  for (const one of shop) {
    await logOut(server, one);
    const { verified } = await json(await askIdentity(server, one, session));
    assert.equal(verified, false);
  }
  assert.deepEqual(await listOf(server, { session }), [id]);
});
