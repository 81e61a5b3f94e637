import { type Backend, transact, type Trx } from './backend.ts';
import type { CannedReplyTable } from './dashboard-schema.ts';
import type { CannedReply, CannedReplyStore } from './live-stores.ts';
import { escapeKey, unescapeKey } from './text.ts';

const maxListed = 1_000;
const shortcutsLock = 'canned_replies';

export function createCannedReplyStore(backend: Backend): CannedReplyStore {
  const { database } = backend;
  return {
    list: async () => {
      const rows = await database
        .selectFrom('canned_replies')
        .selectAll()
        .orderBy('shortcut')
        .orderBy('id')
        .limit(maxListed)
        .execute();
      return rows.map(toCannedReply);
    },
    find: async (id) => {
      const row = await database
        .selectFrom('canned_replies')
        .selectAll()
        .where('id', '=', escapeKey(id))
        .executeTakeFirst();
      return row === undefined ? undefined : toCannedReply(row);
    },
    add: (reply) =>
      transact(backend, async (trx) => {
        await backend.lockKey(trx, shortcutsLock);
        if (await isTaken(trx, toRow(reply))) return 'exists';
        await trx.insertInto('canned_replies').values(toRow(reply)).execute();
        return 'added';
      }),
    change: (id, to) =>
      transact(backend, async (trx) => {
        await backend.lockKey(trx, shortcutsLock);
        return change(trx, id, to);
      }),
    remove: async (id) => {
      const { numDeletedRows } = await database
        .deleteFrom('canned_replies')
        .where('id', '=', escapeKey(id))
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },
  };
}

async function change(trx: Trx, id: string, to: Parameters<CannedReplyStore['change']>[1]) {
  const row = await trx
    .selectFrom('canned_replies')
    .select(['id', 'agent_id'])
    .where('id', '=', escapeKey(id))
    .executeTakeFirst();
  if (row === undefined) return 'not_found';
  const shortcut = escapeKey(to.shortcut);
  if (await isTaken(trx, { ...row, shortcut })) return 'exists';
  await trx
    .updateTable('canned_replies')
    .set({ shortcut, body: JSON.stringify(to.text), updated_at: to.updatedAt })
    .where('id', '=', row.id)
    .execute();
  return 'changed';
}

async function isTaken(trx: Trx, row: Pick<CannedReplyTable, 'id' | 'agent_id' | 'shortcut'>): Promise<boolean> {
  const other = await trx
    .selectFrom('canned_replies')
    .select('id')
    .where('shortcut', '=', row.shortcut)
    .where('agent_id', row.agent_id === null ? 'is' : '=', row.agent_id)
    .where('id', '!=', row.id)
    .executeTakeFirst();
  return other !== undefined;
}

function toRow(reply: CannedReply): CannedReplyTable {
  return {
    id: escapeKey(reply.id),
    agent_id: reply.agentId === null ? null : escapeKey(reply.agentId),
    shortcut: escapeKey(reply.shortcut),
    body: JSON.stringify(reply.text),
    created_at: reply.createdAt,
    updated_at: reply.updatedAt,
  };
}

function toCannedReply(row: CannedReplyTable): CannedReply {
  return {
    id: unescapeKey(row.id),
    agentId: row.agent_id === null ? null : unescapeKey(row.agent_id),
    shortcut: unescapeKey(row.shortcut),
    text: JSON.parse(row.body) as string,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
