import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, createAttachmentStorage, decodeConfig, readEnvironment } from '../../src/config/index.ts';

const agent = { id: 'shop', name: 'Shop', knowledge: 'articles' };
const s3 = { kind: 's3', endpoint: 'https://s3.example', bucket: 'chat' };

const mistakes: readonly (readonly [title: string, config: object, message: RegExp])[] = [
  ['a type that is none', { attachments: { types: ['png'] } }, /^attachments\.types\[0\]: must be a media type/],
  ['every type', { attachments: { types: ['*/*'] } }, /^attachments\.types\[0\]/],
  ['no type', { attachments: { types: [] } }, /^attachments\.types: must list/],
  ['no bytes', { attachments: { maxBytes: 0 } }, /^attachments\.maxBytes/],
  ['another storage', { attachments: { storage: { kind: 'ftp' } } }, /^attachments\.storage\.kind/],
  ['keys in the file', { attachments: { storage: { ...s3, secretAccessKey: 'x' } } }, /secretAccessKey/],
  [
    'an address that is none',
    { attachments: { storage: { ...s3, endpoint: 's3' } } },
    /^attachments\.storage\.endpoint/,
  ],
  ['a bucket with a slash', { attachments: { storage: { ...s3, bucket: 'a/b' } } }, /^attachments\.storage\.bucket/],
  ['a prefix without its slash', { attachments: { storage: { ...s3, prefix: 'a' } } }, /^attachments\.storage\.prefix/],
  [
    'consent to nothing',
    { agents: [{ ...agent, consent: { version: '1', text: ' ' } }] },
    /^agents\[0\]\.consent\.text/,
  ],
  [
    'consent with a script for a link',
    { agents: [{ ...agent, consent: { version: '1', text: 'x', url: 'javascript:alert(1)' } }] },
    /^agents\[0\]\.consent\.url/,
  ],
  ['an empty form', { agents: [{ ...agent, form: { fields: [] } }] }, /^agents\[0\]\.form\.fields/],
  [
    'a field twice',
    { agents: [{ ...agent, form: { fields: [{ name: 'name' }, { name: 'name' }] } }] },
    /^agents\[0\]\.form\.fields: names a field twice/,
  ],
  ['a field of its own', { agents: [{ ...agent, form: { fields: [{ name: 'phone' }] } }] }, /fields\[0\]\.name/],
];

for (const [title, config, message] of mistakes) {
  test(`a configuration is refused with its place: ${title}`, () => {
    assert.throws(
      () => decodeConfig({ agents: [agent], ...config }),
      (error) => {
        assert.ok(error instanceof ConfigError);
        assert.match(error.message, message);
        return true;
      },
    );
  });
}

test('nothing can be attached unless the configuration says so', () => {
  assert.equal(decodeConfig({ agents: [agent] }).attachments, undefined);
  assert.partialDeepStrictEqual(decodeConfig({ agents: [agent], attachments: {} }).attachments, {
    maxBytes: 10 * 1024 * 1024,
    maxPerMessage: 5,
    storage: { kind: 'disk' },
  });
});

test('the place of attachments is known at the start: a folder that all servers share, or S3 with its keys', () => {
  const place = (storage: object, location: object, credentials?: { accessKeyId: string; secretAccessKey: string }) => {
    const { attachments } = decodeConfig({ agents: [agent], attachments: { storage } });
    if (attachments === undefined) return assert.fail();
    const surroundings = { baseDirectory: '/base', location: location as { dataDirectory: string }, credentials };
    return createAttachmentStorage(attachments, surroundings);
  };
  const postgres = { databaseUrl: 'postgres://host/name' };
  assert.ok(place({ kind: 'disk' }, { dataDirectory: '/data' }));
  assert.ok(place({ kind: 'disk', directory: 'files' }, postgres));
  assert.throws(() => place({ kind: 'disk' }, postgres), /attachments\.storage\.directory: must name a folder/);
  assert.throws(() => place(s3, postgres), /CHAT_S3_ACCESS_KEY_ID and CHAT_S3_SECRET_ACCESS_KEY/);
  assert.ok(place(s3, postgres, { accessKeyId: 'a', secretAccessKey: 'b' }));
});

test('the keys of the S3 storage come from the environment, both or none', () => {
  const keys = { CHAT_S3_ACCESS_KEY_ID: 'a', CHAT_S3_SECRET_ACCESS_KEY: 'b-secret' };
  assert.deepEqual(readEnvironment(keys).s3, { accessKeyId: 'a', secretAccessKey: 'b-secret' });
  assert.equal(readEnvironment({}).s3, undefined);
  assert.throws(
    () => readEnvironment({ CHAT_S3_SECRET_ACCESS_KEY: 'b-secret' }),
    (error) => error instanceof ConfigError && !error.message.includes('b-secret'),
  );
});
