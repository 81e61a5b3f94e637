import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { hashSession } from '../../src/identity/index.ts';

const secret = randomBytes(32).toString('base64url');

test('a session is known by the SHA-256 of its secret', () => {
  assert.equal(hashSession(secret), createHash('sha256').update(secret).digest('hex'));
});

const zeros = Buffer.alloc(32).toString('base64url');
const refused: readonly [string, unknown][] = [
  ['nothing', undefined],
  ['a number', 43],
  ['a list', [secret]],
  ['the empty text', ''],
  ['31 bytes', randomBytes(31).toString('base64url')],
  ['33 bytes', randomBytes(33).toString('base64url')],
  ['padding', `${secret}=`],
  ['padding in the place of a character', `${secret.slice(0, 42)}=`],
  ['plain base64', `+/${zeros.slice(2)}`],
  ['non-zero spare bits', `${zeros.slice(0, 42)}B`],
  ['a space', ` ${secret.slice(1)}`],
  ['hex', randomBytes(32).toString('hex')],
  ['two secrets', `${secret}, ${secret}`],
];
for (const [title, value] of refused) {
  test(`no session is opened by ${title}`, () => assert.equal(hashSession(value), undefined));
}
