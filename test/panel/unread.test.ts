import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ChatSnapshot, ViewMessage } from '../../src/client/index.ts';
import { Unread } from '../../src/panel/conversation/unread.ts';

const message = (id: string, change: Partial<ViewMessage> = {}): ViewMessage => ({
  id,
  role: id.startsWith('u') ? 'user' : 'assistant',
  parts: [],
  delivery: 'sent',
  status: 'complete',
  ...change,
});

function snapshotOf(ids: string, change: Partial<ChatSnapshot> & { readonly unread?: number } = {}): ChatSnapshot {
  const { unread = 0, ...rest } = change;
  const conversationId = rest.conversationId ?? 'c1';
  const row = { id: conversationId, title: '', createdAt: '', updatedAt: '', lastMessage: '', unreadCount: unread };
  const messages = ids
    .split(' ')
    .filter(Boolean)
    .map((id) => message(id));
  return {
    epoch: 1,
    history: 'ready',
    unreadCount: 0,
    messages,
    conversations: [row],
    ...rest,
    conversationId,
  } as ChatSnapshot;
}

describe('what is new', () => {
  it('are so many of the newest answers as the server says, where a conversation opens', () => {
    for (const [count, first] of [
      [0, undefined],
      [1, 'a3'],
      [2, 'a2'],
      [3, 'a1'],
    ] as const) {
      const unread = new Unread();
      unread.follow(snapshotOf('', { history: 'loading' }), true);
      unread.follow(snapshotOf('u1 a1 a2 u2 a3', { unread: count }), true);
      assert.equal(unread.firstId, first);
    }
  });

  it('stays where it is while it is read, until the visitor writes', () => {
    const unread = new Unread();
    unread.follow(snapshotOf('u1 a1 a2', { unread: 1 }), true);
    unread.follow(snapshotOf('u1 a1 a2'), true);
    unread.follow(snapshotOf('u1 a1 a2 a3'), true);
    assert.equal(unread.firstId, 'a2');
    unread.follow(snapshotOf('u1 a1 a2 a3 u2'), true);
    assert.equal(unread.firstId, undefined);
    unread.follow(snapshotOf('u1 a1 a2 a3 u2 a4'), true);
    assert.equal(unread.firstId, undefined);
  });

  it('is what came while nobody looked', () => {
    const unread = new Unread();
    unread.follow(snapshotOf('u1 a1'), true);
    unread.follow(snapshotOf('u1 a1 u2 a2'), false);
    unread.follow(snapshotOf('u1 a1 u2 a2 a3'), false);
    unread.follow(snapshotOf('u1 a1 u2 a2 a3'), true);
    assert.equal(unread.firstId, 'a2');
  });

  it('is an answer that had not ended when the visitor looked away', () => {
    const unread = new Unread();
    const growing = { ...snapshotOf(''), messages: [message('u1'), message('a1', { status: 'streaming' })] };
    unread.follow(growing, true);
    unread.follow(snapshotOf('u1 a1'), false);
    assert.equal(unread.firstId, 'a1');
  });

  it('is nothing in a conversation that was seen to its end, whatever an old list says', () => {
    const unread = new Unread();
    unread.follow(snapshotOf('u1 a1', { unread: 1 }), true);
    unread.follow(snapshotOf('u5 a5', { conversationId: 'c2' }), true);
    unread.follow(snapshotOf('u1 a1', { unread: 1 }), true);
    assert.equal(unread.firstId, undefined);
  });

  it('is forgotten with the visitor', () => {
    const unread = new Unread();
    unread.follow(snapshotOf('u1 a1', { unread: 1 }), true);
    unread.follow(snapshotOf('u1 a1', { epoch: 2, history: 'loading' }), true);
    assert.equal(unread.firstId, undefined);
  });
});
