import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeOutbox, nextOutbox, nextToSend, type Outbox, type OutboxEvent } from '../../src/client/outbox.ts';

const entry = (id: string, who?: string) =>
  ({ id, conversationId: 'c', text: `text of ${id}`, createdAt: '2026-01-01T00:00:00.000Z', who }) as const;
const add = (id: string, who?: string): OutboxEvent => ({ type: 'add', entry: entry(id, who) });

function after(...events: OutboxEvent[]): Outbox {
  return events.reduce<Outbox>(nextOutbox, []);
}

const failure = { code: 'invalid_token', retryable: false } as const;

test('messages leave one at a time and in order', () => {
  const queued = after(add('1'), add('2'));
  assert.equal(nextToSend(queued, 'c', undefined)?.id, '1');
  const sending = nextOutbox(queued, { type: 'sending', id: '1' });
  assert.equal(nextToSend(sending, 'c', undefined), undefined);
  const delivered = nextOutbox(sending, { type: 'delivered', id: '1' });
  assert.equal(nextToSend(delivered, 'c', undefined)?.id, '2');
});

test('what was typed as one visitor never leaves under another, nor without a name', () => {
  const typed = after(add('1', 'sub:ada'));
  assert.equal(nextToSend(typed, 'c', 'sub:grace'), undefined);
  assert.equal(nextToSend(typed, 'c', undefined), undefined);
  assert.equal(nextToSend(typed, 'c', 'sub:ada')?.id, '1');
});

test('what was typed before signing in may leave after it', () => {
  assert.equal(nextToSend(after(add('1')), 'c', 'sub:ada')?.id, '1');
});

test('a message of another conversation waits for that one', () => {
  assert.equal(nextToSend(after(add('1')), 'another', undefined), undefined);
});

test('a failed message stays, with why, until it is retried or discarded', () => {
  const failed = after(add('1'), { type: 'sending', id: '1' }, { type: 'fail', id: '1', failure });
  assert.equal(failed[0]?.failure?.code, 'invalid_token');
  assert.equal(nextToSend(failed, 'c', undefined), undefined);
  assert.equal(nextToSend(nextOutbox(failed, { type: 'retry', id: '1' }), 'c', undefined)?.id, '1');
  assert.deepEqual(nextOutbox(failed, { type: 'discard', id: '1' }), []);
});

test('a renewed identity sends on what a refused token held up, and nothing else', () => {
  const held = after(add('1'), { type: 'fail', id: '1', failure }, add('2'), {
    type: 'fail',
    id: '2',
    failure: { code: 'too_large', retryable: false },
  });
  const renewed = nextOutbox(held, { type: 'identity-renewed' });
  assert.deepEqual(
    renewed.map(({ state }) => state),
    ['queued', 'failed'],
  );
});

test('a proved identity drops what another one typed on an earlier page', () => {
  const mixed = after(add('1', 'sub:ada'), add('2', 'sub:grace'), add('3'));
  const kept = nextOutbox(mixed, { type: 'keep', who: 'sub:grace' });
  assert.deepEqual(
    kept.map(({ id }) => id),
    ['2', '3'],
  );
});

test('a cut-off request leaves its message in the queue under the same id', () => {
  const cut = after(add('1'), { type: 'sending', id: '1' }, { type: 'interrupted' });
  assert.equal(nextToSend(cut, 'c', undefined)?.id, '1');
});

test('what a page has stored is read back as queued; what does not fit is dropped', () => {
  const stored: unknown = JSON.parse(JSON.stringify(after(add('1', 'sub:ada'), { type: 'sending', id: '1' })));
  assert.deepEqual(
    decodeOutbox(stored).map(({ id, state, who }) => ({ id, state, who })),
    [{ id: '1', state: 'queued', who: 'sub:ada' }],
  );
  for (const broken of [undefined, null, 7, { a: 1 }, [null, 7, { id: 1 }], [{ id: '1' }]]) {
    assert.deepEqual(decodeOutbox(broken), []);
  }
});
