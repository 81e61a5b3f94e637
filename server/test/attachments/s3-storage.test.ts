import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import { createS3Storage } from '../../src/attachments/index.ts';
import { s3Keys, startS3 } from './s3-server.ts';
import { describeStorage } from './storage-contract.ts';

const s3 = await startS3();
after(() => s3.close());
const settings = { endpoint: s3.endpoint, bucket: s3.bucket, region: 'us-east-1', prefix: 'chat/' };

async function* content(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

describeStorage('on S3', async () => ({
  storage: createS3Storage(settings, s3Keys),
  elsewhere: createS3Storage(settings, s3Keys),
  names: s3.names,
}));

test('on S3: a file goes under its prefix and its id', async () => {
  const [storage, id] = [createS3Storage(settings, s3Keys), randomUUID()];
  await storage.write(id, content(Buffer.from('x')));
  assert.ok(s3.requests.includes(`PUT /${s3.bucket}/chat/${id}`));
});

test('on S3: with wrong keys nothing is stored, and nothing is read', async () => {
  const id = randomUUID();
  await createS3Storage(settings, s3Keys).write(id, content(Buffer.from('x')));
  const wrong = createS3Storage(settings, { ...s3Keys, secretAccessKey: 'another' });
  await assert.rejects(wrong.read(id));
  await assert.rejects(wrong.write(randomUUID(), content(Buffer.from('x'))));
});

test('on S3: a part that fails throws away the parts before it', async (t) => {
  const broken = await startS3();
  t.after(() => broken.close());
  const storage = createS3Storage({ ...settings, endpoint: broken.endpoint }, s3Keys);
  broken.fail(/partNumber=2/, 500);
  await assert.rejects(storage.write(randomUUID(), content(randomBytes(11 * 1024 * 1024))));
  assert.ok(broken.requests.some((line) => /^DELETE .*uploadId=/.test(line)));
  assert.deepEqual(await broken.names(), []);
});
