import { type Backend, transact } from './backend.ts';
import { ownerColumns } from './rows.ts';
import { type EventRow, type EventStore, type Owner, ownerKey } from './store.ts';
import { escapeKey } from './text.ts';

const maxEvents = 500;

export function createEventStore(backend: Backend): EventStore {
  const { database } = backend;
  return {
    append: (owner, type, data, now) => appendEvent(backend, owner, type, data, now),
    after: async (owner, id) => {
      const rows = await eventsOf(backend, owner)
        .select(['id', 'type', 'data', 'created_at'])
        .where('id', '>', id)
        .orderBy('id')
        .limit(maxEvents)
        .execute();
      return rows.map((row) => ({
        id: row.id,
        type: row.type,
        data: JSON.parse(row.data) as EventRow['data'],
        createdAt: row.created_at,
      }));
    },
    lastId: async (owner) => {
      const row = await eventsOf(backend, owner).select('id').orderBy('id', 'desc').limit(1).executeTakeFirst();
      return row?.id ?? 0;
    },
    sweep: async (createdBefore) => {
      const { numDeletedRows } = await database
        .deleteFrom('events')
        .where('created_at', '<', createdBefore)
        .executeTakeFirst();
      return Number(numDeletedRows);
    },
  };
}

function eventsOf({ database }: Backend, owner: Owner) {
  const { agent_id, owner_kind, owner_id } = ownerColumns(owner);
  return database
    .selectFrom('events')
    .where('agent_id', '=', agent_id)
    .where('owner_kind', '=', owner_kind)
    .where('owner_id', '=', owner_id);
}

/**
 * Numbers are taken and committed in one order for each owner. Without the lock, 8 could be visible before 7, and a reader
 * that goes on after 8 would never see 7.
 */
function appendEvent(backend: Backend, owner: Owner, type: string, data: EventRow['data'], now: number) {
  return transact(backend, async (trx) => {
    await backend.lockKey(trx, escapeKey(ownerKey(owner)));
    const { id } = await trx
      .insertInto('events')
      .values({ ...ownerColumns(owner), type, data: JSON.stringify(data), created_at: now })
      .returning('id')
      .executeTakeFirstOrThrow();
    return id;
  });
}
