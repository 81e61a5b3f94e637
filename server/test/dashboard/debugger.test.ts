import assert from 'node:assert/strict';
import { test } from 'node:test';
import jsonwebtoken from 'jsonwebtoken';
import { origin, secret } from '../http/harness.ts';
import { startDashboard, type Called } from './harness.ts';
import { storedText } from './stored-text.ts';

type Report = {
  readonly accepted: boolean;
  readonly reason: string | null;
  readonly header: { readonly alg: string } | null;
  readonly claims: { readonly sub: string } | null;
  readonly keyId: string | null;
  readonly expiresAt: string | null;
  readonly secondsLeft: number | null;
  readonly hints: readonly string[];
};

const reportOf = ({ body, status, text }: Called): Report => {
  assert.equal(status, 200, text);
  return body as Report;
};
const helpSecret = 'a-secret-of-the-help-desk-that-nobody-else-knows';

test('Wo15 a good token shows its header, its claims, its key and the time that is left', async (t) => {
  const harness = await startDashboard(t);
  const desk = await harness.deskOf('operator');
  const token = harness.sign({ name: 'Ada' }, { lifetimeSeconds: 600 });
  const report = reportOf(await desk.call('/agents/shop/debugger', { body: { token } }));
  assert.partialDeepStrictEqual(report, {
    accepted: true,
    reason: null,
    header: { alg: 'HS256' },
    claims: { sub: 'ada', name: 'Ada' },
    keyId: 'k1',
    secondsLeft: 600,
    expiresAt: new Date(harness.clock.now + 600_000).toISOString(),
  });
});

test('Wo15 a token that is refused shows the reason and a hint', async (t) => {
  const { admin, sign, clock } = await startDashboard(t);
  const debug = async (token: string) => reportOf(await admin.call('/agents/shop/debugger', { body: { token } }));
  const [header, , signature] = sign().split('.');
  const payload = Buffer.from(JSON.stringify({ sub: 'eve', exp: Math.floor(clock.now / 1_000) + 60 })).toString(
    'base64url',
  );
  const tampered = await debug([header, payload, signature].join('.'));
  assert.partialDeepStrictEqual(tampered, { accepted: false, reason: 'invalid_signature', claims: { sub: 'eve' } });
  assert.match(tampered.hints.join(), /not known here, or changed afterwards/);
  const expired = await debug(sign({}, { lifetimeSeconds: -120 }));
  assert.equal(expired.reason, 'expired');
  assert.match(expired.hints.join(), /expired 2 minutes ago/);
  const unread = await debug('hello');
  assert.partialDeepStrictEqual(unread, { accepted: false, reason: 'malformed', header: null, claims: null });
  const endless = sign({ exp: Number.MAX_VALUE });
  assert.equal((await debug(endless)).expiresAt, '+275760-09-13T00:00:00.000Z', 'the last day that there is');
});

test('A5 Wo15 a token without an end is accepted where the policy says so, with a warning', async (t) => {
  const { admin } = await startDashboard(t, { agent: { policy: { expiry: 'recommended' } } });
  const token = jsonwebtoken.sign({ sub: 'ada' }, secret);
  const report = reportOf(await admin.call('/agents/shop/debugger', { body: { token } }));
  assert.partialDeepStrictEqual(report, { accepted: true, expiresAt: null, secondsLeft: null });
  assert.match(report.hints.join(), /no exp, so it is good for ever/);
});

test('Wo15 the token of an agent that somebody may not see is nobody’s in particular', async (t) => {
  const agents = { moreAgents: [{ id: 'help', name: 'Help', keys: [{ id: 'h1', secret: helpSecret }] }] };
  const harness = await startDashboard(t, agents);
  const limited = await harness.deskOf('operator', { agentIds: ['shop'] });
  const token = harness.sign({}, { secret: helpSecret });
  const seen = reportOf(await harness.admin.call('/agents/shop/debugger', { body: { token } }));
  assert.match(seen.hints.join(), /token of another agent \("help"\)/);
  const unseen = await limited.call('/agents/shop/debugger', { body: { token } });
  assert.ok(!unseen.text.includes('help'), unseen.text);
  assert.equal((await limited.call('/agents/help/debugger', { body: { token } })).status, 404);
});

test('Wo15 H16 Wo13 a token that is debugged is stored, logged, audited and answered nowhere', async (t) => {
  const harness = await startDashboard(t);
  const tokens = [harness.sign(), harness.sign({}, { lifetimeSeconds: -120 }), 'eyJnot.a-token-but.secret-enough'];
  for (const token of tokens) {
    const called = await harness.admin.call('/agents/shop/debugger', { body: { token } });
    const signature = token.split('.')[2] ?? '';
    const everything = called.text + harness.logged() + (await storedText(harness.dataDirectory));
    assert.ok(!everything.includes(token) && !everything.includes(signature), called.text);
  }
  for (const body of [{}, { token: '' }, { token: 7 }, { token: 'x'.repeat(100_001) }]) {
    const called = await harness.admin.call('/agents/shop/debugger', { body });
    assert.equal(called.status, 422);
    assert.deepEqual(Object.keys((called.body as { fields: object }).fields), ['token']);
  }
  const { refusals } = await counts(harness.admin);
  assert.deepEqual(refusals.reasons, [], 'what is debugged is not counted as a visitor’s');
});

type Refusals = {
  readonly from: string;
  readonly to: string;
  readonly bucketSeconds: number;
  readonly total: number;
  readonly reasons: readonly { reason: string; count: number; counts: readonly number[] }[];
};

async function counts(desk: { call: (path: string) => Promise<Called> }, days = 1) {
  const called = await desk.call(`/agents/shop/refusals?days=${days}`);
  return { called, refusals: called.body as Refusals };
}

test('W10 refused tokens are counted by reason and over time, the last minute included', async (t) => {
  const harness = await startDashboard(t, { agent: { allowedOrigins: [origin] } });
  const { send, sign, clock, server, dataDirectory } = harness;
  const refuse = async (token: string) => void (await send('/identity', { method: 'POST', token }));
  await refuse('nonsense');
  await refuse(sign({}, { lifetimeSeconds: -120 }));
  await refuse(sign({}, { lifetimeSeconds: -120 }));
  const desk = await harness.deskOf('operator');
  const { refusals } = await counts(desk);
  assert.equal(refusals.total, 3);
  assert.deepEqual(
    refusals.reasons.map(({ reason, count }) => [reason, count]),
    [
      ['expired', 2],
      ['malformed', 1],
    ],
  );
  assert.deepEqual([refusals.bucketSeconds, refusals.reasons[0]?.counts.length], [3_600, 24]);
  assert.equal(refusals.reasons[0]?.counts.at(-1), 2);
  await server.close();

  const later = clock.now + 25 * 60 * 60 * 1_000;
  const again = await startDashboardAgain(t, dataDirectory, later);
  assert.equal((await counts(again)).refusals.total, 0);
  const month = (await counts(again, 30)).refusals;
  assert.deepEqual([month.total, month.bucketSeconds, month.reasons[0]?.counts.length], [3, 86_400, 30]);
  assert.deepEqual(month.reasons[0]?.counts.slice(-2), [2, 0]);
  assert.equal((await counts(again, 7)).called.status, 422);
});

/** The same database later, by somebody who signs in anew. */
async function startDashboardAgain(t: Parameters<typeof startDashboard>[0], dataDirectory: string, now: number) {
  const { startServer } = await import('../http/harness.ts');
  const { createDesk, password } = await import('./harness.ts');
  const publicUrl = 'https://chat.example';
  const server = await startServer(t, { dataDirectory, config: { publicUrl } });
  server.clock.now = now;
  const desk = createDesk(server, publicUrl);
  await desk.call('/session', { body: { email: 'admin@example.com', password } });
  return desk;
}
