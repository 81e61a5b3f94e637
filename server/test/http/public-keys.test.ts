import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { CompactSign } from 'jose';
import { createTool } from '../cli/tool.ts';
import { json, problem, startServer, type Harness } from './harness.ts';

const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const publicKey = elliptic.publicKey.export({ type: 'spki', format: 'pem' }).toString();

function signWith({ clock }: Harness, privateKey: KeyObject, kid?: string): Promise<string> {
  const iat = Math.floor(clock.now / 1000);
  return new CompactSign(Buffer.from(JSON.stringify({ sub: 'ada', iat, exp: iat + 3_600 })))
    .setProtectedHeader({ alg: 'ES256', ...(kid !== undefined && { kid }) })
    .sign(privateKey);
}

async function identify({ send }: Harness, token: string) {
  return json(await send('/identity', { method: 'POST', token }));
}

test('a public key of the configuration verifies, by its own algorithm and no other', async (t) => {
  const keys = [{ id: 'pem', algorithm: 'ES256', publicKey }] as const;
  const harness = await startServer(t, { agent: { keys: [...keys] } });
  const token = await signWith(harness, elliptic.privateKey, 'pem');
  assert.partialDeepStrictEqual(await identify(harness, token), { verified: true, subject: 'ada' });
  const confused = harness.sign({}, { secret: publicKey });
  assert.deepEqual(await identify(harness, confused), { verified: false, reason: 'unsupported_algorithm' });
});

test('a public key that is imported beside a running server verifies from the next request on', async (t) => {
  const harness = await startServer(t, { agent: { keys: undefined } });
  const tool = createTool({ dataDirectory: harness.dataDirectory });
  const token = await signWith(harness, elliptic.privateKey);
  await tool(['policy', 'set', '--agent', 'shop', 'algorithms=HS256,ES256']);
  assert.deepEqual(await identify(harness, token), { verified: false, reason: 'not_configured' });
  const { error } = await tool(
    ['keys', 'import', '--agent', 'shop', '--public-key', '-', '--algorithm', 'ES256', '--id', 'pem'],
    publicKey,
  );
  assert.equal(error, '');
  assert.partialDeepStrictEqual(await identify(harness, token), { verified: true });
});

async function startHost(t: TestContext, kid: string) {
  let mode: 'keys' | 'redirect' | 'down' = 'down';
  const host = createServer((request, response) => {
    if (mode === 'down') return void response.writeHead(503).end();
    if (mode === 'redirect' && request.url === '/jwks')
      return void response.writeHead(302, { location: '/there' }).end();
    const jwk = { ...elliptic.publicKey.export({ format: 'jwk' }), use: 'sig', alg: 'ES256', kid };
    response.end(JSON.stringify({ keys: [jwk] }));
  }).listen(0, '127.0.0.1');
  t.after(() => host.close());
  await once(host, 'listening');
  const { port } = host.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/jwks`, answer: (how: typeof mode) => void (mode = how) };
}

test('a JWKS of the host verifies; while there has been none, the server says that it cannot judge', async (t) => {
  const host = await startHost(t, 'host-1');
  const policy = { algorithms: ['ES256' as const], jwksUrl: host.url };
  const harness = await startServer(t, { agent: { keys: undefined, policy } });
  const { clock, send, logged } = harness;
  const token = await signWith(harness, elliptic.privateKey, 'host-1');
  assert.partialDeepStrictEqual(await problem(await send('/conversations', { token })), { status: 503 });
  assert.match(logged(), /could not be fetched: it answered 503/);
  host.answer('redirect');
  clock.now += 30_000;
  assert.equal((await send('/conversations', { token })).status, 503);
  assert.match(logged(), /cannot be reached, or redirects/);
  host.answer('keys');
  clock.now += 30_000;
  assert.partialDeepStrictEqual(await identify(harness, token), { verified: true });
  host.answer('down');
  clock.now += 11 * 60_000;
  assert.partialDeepStrictEqual(await identify(harness, token), { verified: true });
  assert.equal((await send('/logout', { method: 'POST', token })).status, 204);
  assert.deepEqual(await identify(harness, token), { verified: false, reason: 'revoked' });
});
