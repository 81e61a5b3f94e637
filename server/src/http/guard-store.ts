import type { Store } from '../storage/index.ts';

/** What the store threw, marked as such: a visitor reads `503 unavailable`, the log has the cause. */
export class StoreFailure extends Error {
  constructor(cause: unknown) {
    super('The store failed.', { cause });
    this.name = 'StoreFailure';
  }
}

/**
 * The same store, whose failures are told apart from mistakes in this program. A `RangeError` (a broken cursor) is the
 * caller's and passes as it is.
 *
 * @param onReplyEnded told the state of each reply that this process has ended
 */
export function guardStore(store: Store, onReplyEnded: (state: string) => void): Store {
  const replies = guard(store.replies);
  return {
    dialect: store.dialect,
    conversations: guard(store.conversations),
    replies: {
      ...replies,
      async finish(...values) {
        const isLast = await replies.finish(...values);
        if (isLast) onReplyEnded(values[1]);
        return isLast;
      },
      async interruptStale(...values) {
        const ended = await replies.interruptStale(...values);
        for (const { state } of ended) onReplyEnded(state);
        return ended;
      },
    },
    sessions: guard(store.sessions),
    revocations: guard(store.revocations),
    contacts: guard(store.contacts),
    approvals: guard(store.approvals),
    attachments: guard(store.attachments),
    handoffs: guard(store.handoffs),
    audit: guard(store.audit),
    events: guard(store.events),
    keys: guard(store.keys),
    operators: guard(store.operators),
    agentSettings: guard(store.agentSettings),
    agentVisits: guard(store.agentVisits),
    desk: guard(store.desk),
    inbox: guard(store.inbox),
    notes: guard(store.notes),
    cannedReplies: guard(store.cannedReplies),
    presence: guard(store.presence),
    privacy: guard(store.privacy),
    refusals: guard(store.refusals),
    statistics: guard(store.statistics),
    notifier: {
      publish: guard(store.notifier).publish,
      subscribe: (channel, listener) => store.notifier.subscribe(channel, listener),
    },
    ping: () => guard(store).ping(),
    close: () => store.close(),
  };
}

function guard<Room extends object>(room: Room): Room {
  return new Proxy(room, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return async (...values: unknown[]): Promise<unknown> => {
        try {
          return await Reflect.apply(member, target, values);
        } catch (error) {
          throw error instanceof RangeError ? error : new StoreFailure(error);
        }
      };
    },
  });
}
