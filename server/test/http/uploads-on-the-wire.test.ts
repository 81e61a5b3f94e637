import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { startS3, s3Keys } from '../attachments/s3-server.ts';
import { eventually } from '../storage/test-stores.ts';
import { listen } from '../../src/index.ts';
import { fileBody, png, startFileServer, type FileHarness } from './attachment-harness.ts';
import { allFrames, json, newSession, startServer, type Harness } from './harness.ts';

async function onPort(t: TestContext, { server }: Harness): Promise<URL> {
  const { url, close } = await listen(server, { port: 0, host: '127.0.0.1' });
  t.after(close);
  return new URL(url);
}

/** The head of an upload, and as much of its content as is given. */
function uploadHead(session: string, declaredBytes: number): string {
  return [
    'POST /v1/agents/shop/attachments?filename=a.txt HTTP/1.1',
    'Host: localhost',
    `X-Chat-Session: ${session}`,
    'Content-Type: text/plain',
    `Content-Length: ${declaredBytes}`,
    '',
    '',
  ].join('\r\n');
}

test('an upload whose connection is cut leaves nothing behind, and gives its place back', async (t) => {
  const harness: FileHarness = await startFileServer(t);
  const url = await onPort(t, harness);
  const session = newSession();
  for (let count = 0; count < 9; count++) {
    const socket = connect(Number(url.port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write(uploadHead(session, 90_000) + 'a'.repeat(40_000));
    await eventually(async () => (await harness.kept()).length === 1);
    socket.destroy();
    await eventually(async () => (await harness.kept()).length === 0);
  }
  // More than a visitor may have unsent were begun: none of them counts any more.
  await eventually(async () => (await harness.upload({ session })).status === 201);
});

test('an upload that declares too much is refused before it has been sent', async (t) => {
  const harness = await startFileServer(t);
  const url = await onPort(t, harness);
  const socket = connect(Number(url.port), '127.0.0.1');
  t.after(() => socket.destroy());
  socket.write(uploadHead(newSession(), 1_000_000_000));
  const [answer] = (await once(socket, 'data')) as [Buffer];
  assert.match(answer.toString(), /^HTTP\/1\.1 413 /);
  assert.deepEqual(await harness.kept(), []);
});

test('two server processes share a bucket, and a folder, on one database', async (t) => {
  const s3 = await startS3();
  t.after(() => s3.close());
  const directory = await mkdtemp(join(tmpdir(), 'chat-volume-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  const { endpoint, bucket } = s3;
  for (const storage of [{ kind: 's3', endpoint, bucket } as const, { kind: 'disk', directory } as const]) {
    const attachments = { types: ['image/*'], storage };
    const harness = await startFileServer(t, { config: { attachments }, server: { s3: s3Keys } });
    const session = newSession();
    const file = await harness.attach({ session });
    assert.deepEqual(await harness.kept(), [], 'nothing in the data folder');
    await allFrames(await harness.send('/chat', { session, body: fileBody('look', [file.url]) }));
    await harness.server.close();
    const { dataDirectory } = harness;
    const next = await startServer(t, { config: { attachments }, server: { s3: s3Keys }, dataDirectory });
    const response = await next.send(`/attachments/${file.id}`, { session });
    assert.deepEqual(Buffer.from(await response.arrayBuffer()), png);
  }
});

test('a storage that fails answers 503 and says nothing of itself, neither to visitors nor with its secrets to the log', async (t) => {
  const s3 = await startS3();
  t.after(() => s3.close());
  const { endpoint, bucket } = s3;
  const attachments = { types: ['image/*'], storage: { kind: 's3', endpoint, bucket } as const };
  const harness = await startFileServer(t, { config: { attachments }, server: { s3: s3Keys } });
  const session = newSession();
  const { id } = await harness.attach({ session });
  s3.fail(/./, 500);
  for (const response of [await harness.upload({ session }), await harness.send(`/attachments/${id}`, { session })]) {
    assert.equal(response.status, 503);
    const said = await json(response);
    assert.doesNotMatch(JSON.stringify(said), /SECRET-DETAIL|S3/);
  }
  assert.match(harness.logged(), /storage of attachments failed/);
  assert.doesNotMatch(harness.logged(), /SECRET-DETAIL|S3RVER/);
});
