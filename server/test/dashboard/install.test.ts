import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { newSession, origin } from '../http/harness.ts';
import { startDashboard, type Desk } from './harness.ts';

type Visit = {
  readonly origin: string;
  readonly identity: string;
  readonly reason: string;
  readonly hint: string;
  readonly firstAt: string;
  readonly lastAt: string;
};

const visitsOf = async (desk: Desk) =>
  ((await desk.call('/agents/shop/install/check')).body as { visits: readonly Visit[] }).visits;

/** They are written beside the answer. */
async function eventually(desk: Desk, isThere: (visits: readonly Visit[]) => boolean): Promise<readonly Visit[]> {
  for (;;) {
    const visits = await visitsOf(desk);
    if (isThere(visits)) return visits;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('the check of an installation', () => {
  test('shows what arrived, as whom, and why not', async (t) => {
    const harness = await startDashboard(t);
    const { admin, send, sign } = harness;
    assert.deepEqual(await visitsOf(admin), []);
    await send('', { origin });
    await send('/conversations', { origin, session: newSession() });
    await send('/identity', { method: 'POST', origin, token: sign() });
    await send('/identity', {
      method: 'POST',
      origin,
      token: sign({}, { secret: 'another-secret-that-is-long-enough-too' }),
    });
    await send('/identity', { method: 'OPTIONS', origin: 'https://stranger.example' });
    await send('/identity', { method: 'OPTIONS', origin: 'https://shop.example' });
    const visits = await eventually(admin, ({ length }) => length === 5);
    const found = visits.map(({ origin: from, identity, reason }) => [from, identity, reason].join(' '));
    assert.deepEqual(
      found.toSorted((one, other) => (one < other ? -1 : 1)),
      [
        `${origin} anonymous `,
        `${origin} reached `,
        `${origin} refused invalid_signature`,
        `${origin} verified `,
        'https://stranger.example refused origin_not_allowed',
      ],
    );
    for (const { hint } of visits) assert.ok(hint.length > 20);
    assert.match(visits.find(({ reason }) => reason === 'invalid_signature')?.hint ?? '', /another secret/);
  });

  test('says of a token that is passed over that its visitor goes on as anonymous', async (t) => {
    const { admin, send } = await startDashboard(t, { agent: { policy: { onInvalidToken: 'anonymous' } } });
    await send('/identity', { method: 'POST', origin, token: 'no.real.token' });
    const [visit] = await eventually(admin, ({ length }) => length === 1);
    assert.partialDeepStrictEqual(visit, { identity: 'anonymous', reason: 'malformed' });
    assert.match(visit?.hint ?? '', /goes on as anonymous/);
  });

  test('has what arrived last on top, also within a minute', async (t) => {
    const { admin, send, sign, clock } = await startDashboard(t);
    const identify = (secret?: string) => {
      clock.now += 3_000;
      return send('/identity', { method: 'POST', origin, token: secret ? sign({}, { secret }) : sign() });
    };
    const bad = 'another-secret-that-is-long-enough-too';
    for (const [secret, identity] of [
      [undefined, 'verified'],
      [bad, 'refused'],
      [undefined, 'verified'],
    ] as const) {
      await identify(secret);
      await eventually(admin, ([newest]) => newest?.identity === identity);
    }
  });

  test('is written once a minute, and not for every origin that somebody makes up', async (t) => {
    const harness = await startDashboard(t);
    const { admin, send, clock } = harness;
    const session = newSession();
    await send('/conversations', { origin, session });
    const [first] = await eventually(admin, ({ length }) => length === 1);
    clock.now += 30_000;
    await send('/conversations', { origin, session });
    assert.deepEqual(await visitsOf(admin), [first]);
    clock.now += 31_000;
    await send('/conversations', { origin, session });
    const [later] = await eventually(admin, ([visit]) => visit?.lastAt !== first?.lastAt);
    assert.equal(later?.firstAt, first?.firstAt);
    for (let at = 0; at < 100; at++) await send('', { origin: `https://x${at}.example` });
    await harness.server.close();
    const { openStore } = await import('../../src/storage/index.ts');
    const store = await openStore({ dataDirectory: harness.dataDirectory });
    t.after(() => store.close());
    const strangers = (await store.agentVisits.list('shop')).filter(({ reason }) => reason === 'origin_not_allowed');
    assert.equal(strangers.length, 20);
  });

  test('hands out code that wears the agent’s looks and leads to the sign-in page that was asked for', async (t) => {
    const { admin } = await startDashboard(t, { agent: { appearance: { accent: '#8a2be2', position: 'start' } } });
    const { text, body } = await admin.call('/agents/shop/install?signInUrl=%2Flogin');
    assert.match(text, /data-sign-in-url=\\"\/login\\" data-position=\\"start\\"/);
    assert.match(text, /--chat-accent: #8a2be2/);
    assert.equal((body as { hasLooks: boolean }).hasLooks, true);
    const refused = await admin.call('/agents/shop/install?signInUrl=javascript%3Aalert(1)');
    assert.equal(refused.status, 422);
    assert.match(refused.text, /such as \/login/);
  });

  test('hands out code with this agent’s id and this server’s address', async (t) => {
    const { admin } = await startDashboard(t);
    const { body } = await admin.call('/agents/shop/install');
    const { snippets, server } = body as { server: string; snippets: { id: string; files: { code: string }[] }[] };
    assert.equal(server, 'https://chat.example');
    assert.deepEqual(
      snippets.map(({ id }) => id),
      ['script', 'markup', 'react', 'vue', 'svelte', 'angular', 'wordpress', 'shopify'],
    );
    for (const { id, files } of snippets) {
      const code = files.map((file) => file.code).join('\n');
      assert.match(code, /agent-id="shop"/, id);
      assert.match(code, /https:\/\/chat\.example/, id);
    }
  });
});
