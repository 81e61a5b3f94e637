import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scrub, visibleText } from '../../src/http/request-log.ts';

test('H16 a password in the address of a database is not logged', () => {
  assert.equal(
    scrub('cannot reach postgres://chat:hunter2@db.example/chat'),
    'cannot reach postgres://chat:[redacted]@db.example/chat',
  );
});

// Of quadratic expressions each of these takes minutes.
for (const piece of ['a', 'a:', 'a://', 'a://b:', 'bearer ', 'aaaaaaaaaa.', '-', ' ']) {
  test(`a million characters of ${JSON.stringify(piece)} are looked through once`, { timeout: 20_000 }, () => {
    assert.equal(visibleText(piece.repeat(1_000_000 / piece.length), 200).length, 200);
  });
}
