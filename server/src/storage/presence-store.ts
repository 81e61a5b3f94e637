import type { Backend, Database } from './backend.ts';
import type { Presence, PresenceStore } from './live-stores.ts';
import { escapeKey, unescapeKey } from './text.ts';

/** Whoever has not been heard of for so long has come anew. */
export const presenceLastsMs = 20_000;

export function createPresenceStore({ database }: Backend): PresenceStore {
  return {
    here: (conversationId, who, now) => here(database, conversationId, who, now),
    leave: async (conversationId, operatorId) => {
      const { numDeletedRows } = await database
        .deleteFrom('operator_presence')
        .where('conversation_id', '=', escapeKey(conversationId))
        .where('operator_id', '=', escapeKey(operatorId))
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },
    list: async (conversationId, seenSince) => {
      const rows = await database
        .selectFrom('operator_presence')
        .selectAll()
        .where('conversation_id', '=', escapeKey(conversationId))
        .where('seen_at', '>=', seenSince)
        .orderBy('operator_name')
        .orderBy('operator_id')
        .execute();
      return rows.map((row) => ({
        operatorId: unescapeKey(row.operator_id),
        name: unescapeKey(row.operator_name),
        typing: row.typing === 1,
      }));
    },
    sweep: async (seenBefore) => {
      const { numDeletedRows } = await database
        .deleteFrom('operator_presence')
        .where('seen_at', '<', seenBefore)
        .executeTakeFirst();
      return Number(numDeletedRows);
    },
  };
}

async function here(database: Database, conversationId: string, who: Presence, now: number): Promise<boolean> {
  const key = { conversation_id: escapeKey(conversationId), operator_id: escapeKey(who.operatorId) };
  const is = { operator_name: escapeKey(who.name), typing: who.typing ? 1 : 0, seen_at: now };
  const before = await database
    .selectFrom('operator_presence')
    .select(['typing', 'seen_at'])
    .where('conversation_id', '=', key.conversation_id)
    .where('operator_id', '=', key.operator_id)
    .executeTakeFirst();
  await database
    .insertInto('operator_presence')
    .values({ ...key, ...is })
    .onConflict((conflict) => conflict.columns(['conversation_id', 'operator_id']).doUpdateSet(is))
    .execute();
  return before === undefined || before.seen_at < now - presenceLastsMs || before.typing !== is.typing;
}
