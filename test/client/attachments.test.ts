import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { png } from '../../server/test/http/attachment-harness.ts';
import { code, isIdle, setUp } from './support/set-up.ts';
import { isSend, problemResponse } from './support/world.ts';

const isUpload = (request: Request) => request.method === 'POST' && request.url.includes('/attachments?');
const picture = new Blob([png], { type: 'image/png' });

function takeFiles(t: TestContext) {
  const attachments = { types: ['image/*', 'text/plain'], maxBytes: 100_000, maxPerMessage: 2 };
  return setUp(t, { config: { attachments } });
}

const bytesOf = async (blob: Blob) => Buffer.from(await blob.arrayBuffer()).toString('hex');

test('a file is uploaded with the headers of every call, sent with a message, and read again by its owner', async (t) => {
  const { tab, world } = await takeFiles(t);
  const steps: number[] = [];
  const attached = await tab.client.attach(picture, 'r\u00e9sum\u00e9 & co.png', (fraction) => steps.push(fraction));
  assert.deepEqual(
    { ...attached, id: '', url: '' },
    { id: '', filename: 'r\u00e9sum\u00e9 & co.png', mediaType: 'image/png', bytes: png.length, url: '' },
  );
  assert.deepEqual(steps, [0.5, 1]);
  await tab.client.send('look', { attachments: [attached] });
  await tab.until(isIdle);
  const { parts } = tab.client.snapshot.messages[0] ?? { parts: [] };
  assert.deepEqual(parts[1], { type: 'file', mediaType: 'image/png', filename: attached.filename, url: attached.url });
  assert.equal(await bytesOf(await tab.client.readAttachment(attached.url)), png.toString('hex'));
  const later = world.open();
  t.after(() => later.client.close());
  later.client.load();
  await later.until(({ messages }) => messages.length === 2);
  assert.deepEqual(later.client.snapshot.messages[0]?.parts[1], parts[1]);
  for (const request of world.requests.filter(({ url }) => url.includes('/attachments'))) {
    assert.match(request.headers.get('x-chat-session') ?? '', /^[\w-]{43}$/);
    assert.equal(new URL(request.url).origin, 'http://localhost:8787');
  }
});

test('a message of files alone is sent', async (t) => {
  const { tab } = await takeFiles(t);
  const attached = await tab.client.attach(picture, 'a.png');
  await tab.client.send('', { attachments: [attached] });
  await tab.until(isIdle);
  assert.deepEqual(
    tab.client.snapshot.messages[0]?.parts.map(({ type }) => type),
    ['file'],
  );
});

test('what the server does not take says why, and what it could not take now can be tried again', async (t) => {
  const { tab, world } = await takeFiles(t);
  const { client } = tab;
  const program = new Blob([Buffer.from('7f454c46020101', 'hex')], { type: 'application/x-executable' });
  await assert.rejects(client.attach(program, 'a.png'), code('unsupported_type'));
  const large = new Blob([new Uint8Array(100_001)], { type: 'image/png' });
  await assert.rejects(client.attach(large, 'a.png'), (error: { code: string; retryable: boolean }) => {
    return error.code === 'too_large' && !error.retryable;
  });
  world.intercept(isUpload, async () => problemResponse(429, 'rate_limited', {}, { 'Retry-After': '7' }));
  await assert.rejects(client.attach(picture, 'a.png'), (error: { code: string; retryable: boolean }) => {
    return error.code === 'rate_limited' && error.retryable;
  });
  world.intercept(isUpload, () => Promise.reject(new TypeError('Failed to fetch')));
  await assert.rejects(client.attach(picture, 'a.png'), (error: { code: string; retryable: boolean }) => {
    return error.code === 'network' && error.retryable;
  });
  assert.equal((await client.attach(picture, 'a.png')).bytes, png.length);
});

test('a file that is picked without a connection, or cut off by its end, waits for the next one', async (t) => {
  const { tab, world } = await takeFiles(t);
  const { client } = tab;
  world.network.online = false;
  const waiting = client.attach(picture, 'a.png');
  await tab.until(({ connection }) => connection === 'offline');
  assert.equal(world.requests.filter(isUpload).length, 0);
  world.network.online = true;
  world.wake();
  assert.equal((await waiting).filename, 'a.png');
  assert.equal(client.snapshot.connection, 'online');
  world.intercept(isUpload, () => {
    world.network.online = false;
    return Promise.reject(new TypeError('Failed to fetch'));
  });
  const steps: number[] = [];
  const cutOff = client.attach(picture, 'b.png', (fraction) => steps.push(fraction));
  await tab.until(({ connection }) => connection === 'offline');
  world.network.online = true;
  world.wake();
  assert.equal((await cutOff).filename, 'b.png');
  assert.deepEqual(steps, [0.5, 0, 0.5, 1]);
  const stop = new AbortController();
  world.network.online = false;
  const left = client.attach(picture, 'c.png', undefined, stop.signal);
  stop.abort();
  await assert.rejects(left, { name: 'AbortError' });
});

test('an upload that is called off ends at once, and one that is not sent can be deleted, twice', async (t) => {
  const { tab, world } = await takeFiles(t);
  world.intercept(isUpload, () => new Promise<Response>(() => undefined));
  const abort = new AbortController();
  const attached = tab.client.attach(picture, 'a.png', undefined, abort.signal);
  while (!world.requests.some(isUpload)) await new Promise(setImmediate);
  abort.abort();
  await assert.rejects(attached, { name: 'AbortError' });
  const { id, url } = await tab.client.attach(picture, 'a.png');
  await tab.client.detach(id);
  await tab.client.detach(id);
  await assert.rejects(tab.client.readAttachment(url), code('attachment_not_found'));
});

test('an upload that the server refuses for its token is made once more with a fresh one', async (t) => {
  const { tab, world, sign } = await takeFiles(t);
  let asked = 0;
  await tab.client.identify(async () => sign({ jti: `${++asked}` }));
  world.intercept(isUpload, async () => problemResponse(401, 'invalid_token', { reason: 'expired' }));
  const attached = await tab.client.attach(picture, 'a.png');
  assert.equal(attached.filename, 'a.png');
  assert.equal(asked, 2);
  const tokens = world.requests.filter(isUpload).map((request) => request.headers.get('authorization'));
  assert.equal(new Set(tokens).size, 2);
  world.intercept(isUpload, async () => problemResponse(401, 'invalid_token', { reason: 'revoked' }), 9);
  await assert.rejects(tab.client.attach(picture, 'a.png'));
  assert.equal(world.requests.filter(isUpload).length, 3);
});

test('A8 a file of one visitor is neither uploaded, nor sent, nor read as the next', async (t) => {
  const { tab, world, sign } = await takeFiles(t);
  await tab.client.identify(sign());
  const hers = await tab.client.attach(picture, 'secret-of-ada.png');
  world.intercept(isUpload, () => new Promise<Response>(() => undefined));
  const running = tab.client.attach(picture, 'second-of-ada.png');
  while (world.requests.filter(isUpload).length < 2) await new Promise(setImmediate);
  world.intercept(isSend, async () => problemResponse(503, 'unavailable'), 99);
  const sent = tab.client.send('', { attachments: [hers] });
  await tab.until(() => /secret-of-ada/.test([...tab.tab.values()].join()));
  await Promise.all([
    assert.rejects(running, code('superseded')),
    assert.rejects(sent, code('superseded')),
    tab.client.identify(sign({ sub: 'eve' })),
  ]);
  assert.doesNotMatch([...tab.tab.values()].join(), /of-ada/);
  assert.deepEqual(tab.client.snapshot.messages, []);
  await assert.rejects(tab.client.readAttachment(hers.url), code('attachment_not_found'));
});

test('an address of somewhere else is not asked with the headers of the visitor', async (t) => {
  const { tab, world, sign } = await takeFiles(t);
  await tab.client.identify(sign());
  const { id, url } = await tab.client.attach(picture, 'a.png');
  const asked = world.requests.length;
  for (const nowhere of [
    'https://evil.example/',
    'https://evil.example/attachments/',
    `${url}/..`,
    'javascript:alert(1)',
  ]) {
    await assert.rejects(tab.client.readAttachment(nowhere), code('attachment_not_found'));
  }
  assert.equal(world.requests.length, asked);
  await tab.client.readAttachment(`https://evil.example/attachments/${id}`);
  assert.equal(new URL(world.requests.at(-1)?.url ?? '').origin, 'http://localhost:8787');
});
