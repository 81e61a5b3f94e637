import { type Selectable, type SelectQueryBuilder, sql } from 'kysely';
import type { AuditFilter, AuditPage, AuditStore } from './audit-stores.ts';
import { type Backend, type Database, transact, type Trx } from './backend.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import type { AuditEntry } from './more-stores.ts';
import type { AuditTable, Tables } from './schema.ts';
import type { Page } from './store.ts';
import { escapeKey, unescapeKey } from './text.ts';

export function createAuditStore(backend: Backend): AuditStore {
  const { database } = backend;
  return {
    append: (entry) => appendAudit(database, entry),
    appendOnce: (entry, since) =>
      transact(backend, async (trx) => {
        await backend.lockKey(trx, `audit ${JSON.stringify([entry.agentId, entry.kind, entry.reason])}`);
        if (await isThere(trx, entry, since)) return false;
        await appendAudit(trx, entry);
        return true;
      }),
    list: async (agentId, limit) => {
      const rows = await database
        .selectFrom('audit')
        .selectAll()
        .where('agent_id', '=', escapeKey(agentId))
        .orderBy('id', 'desc')
        .limit(limit)
        .execute();
      return rows.map(toEntry);
    },
    page: (filter, page) => readPage(database, filter, page),
  };
}

export async function appendAudit(database: Database | Trx, entry: AuditEntry): Promise<void> {
  const { agentId, at, kind, subject, reason, detail, operator } = entry;
  await database
    .insertInto('audit')
    .values({
      agent_id: escapeKey(agentId),
      at,
      kind,
      subject: subject === undefined ? null : escapeKey(subject),
      reason: reason === undefined ? null : escapeKey(reason),
      detail: detail === undefined ? null : JSON.stringify(detail),
      operator_id: operator === undefined ? null : escapeKey(operator.id),
      operator_name: operator === undefined ? null : escapeKey(operator.name),
    })
    .execute();
}

async function isThere(trx: Trx, { agentId, kind, reason }: AuditEntry, since: number): Promise<boolean> {
  const row = await trx
    .selectFrom('audit')
    .select('id')
    .where('agent_id', '=', escapeKey(agentId))
    .where('kind', '=', kind)
    .where('at', '>=', since)
    .where('reason', '=', escapeKey(reason ?? ''))
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

async function readPage(database: Database, filter: AuditFilter, { limit, before }: Page): Promise<AuditPage> {
  if (filter.agentIds?.length === 0) return { rows: [], nextBefore: null };
  let query = inTime(chosen(database.selectFrom('audit').selectAll(), filter), filter);
  if (before !== undefined) {
    const { at, id } = readCursor(before);
    query = query.where(sql<boolean>`(at, id) < (${at}, ${id})`);
  }
  const found = await query
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  const nextBefore =
    found.length > limit && last !== undefined ? encodeCursor({ at: last.at, id: String(last.id) }) : null;
  return { rows: rows.map((row) => ({ id: row.id, ...toEntry(row) })), nextBefore };
}

type Query = SelectQueryBuilder<Tables, 'audit', Selectable<AuditTable>>;

function chosen(query: Query, { agentIds, kinds, operatorId, subject }: AuditFilter): Query {
  let chosenQuery = query;
  if (agentIds === 'some') chosenQuery = chosenQuery.where('agent_id', '!=', '');
  else if (agentIds?.length === 1) chosenQuery = chosenQuery.where('agent_id', '=', escapeKey(agentIds[0] ?? ''));
  // Not by the index of agents: the entries of all of them would have to be sorted.
  else if (agentIds !== null) chosenQuery = chosenQuery.where(sql`agent_id || ''`, 'in', agentIds.map(escapeKey));
  if (kinds !== undefined) chosenQuery = chosenQuery.where('kind', 'in', kinds);
  if (operatorId !== undefined) chosenQuery = chosenQuery.where('operator_id', '=', escapeKey(operatorId));
  if (subject !== undefined) chosenQuery = chosenQuery.where('subject', '=', escapeKey(subject));
  return chosenQuery;
}

function inTime(query: Query, { from, to }: AuditFilter): Query {
  const late = from === undefined ? query : query.where('at', '>=', from);
  return to === undefined ? late : late.where('at', '<', to);
}

function readCursor(before: string): { readonly at: number; readonly id: number } {
  const { at, id } = decodeCursor(before);
  if (!/^\d{1,15}$/.test(id)) throw new RangeError('The cursor `before` is not valid.');
  return { at, id: Number(id) };
}

function toEntry(row: Selectable<AuditTable>): AuditEntry {
  const { at, kind, subject, reason, detail, operator_id: id, operator_name: name } = row;
  return {
    agentId: unescapeKey(row.agent_id),
    at,
    kind: kind as AuditEntry['kind'],
    ...(subject === null ? {} : { subject: unescapeKey(subject) }),
    ...(reason === null ? {} : { reason: unescapeKey(reason) }),
    ...(detail === null ? {} : { detail: JSON.parse(detail) as NonNullable<AuditEntry['detail']> }),
    ...(id === null ? {} : { operator: { id: unescapeKey(id), name: unescapeKey(name ?? '') } }),
  };
}
