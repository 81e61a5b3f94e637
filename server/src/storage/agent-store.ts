import { randomUUID } from 'node:crypto';
import type { AgentSettingsStore, AgentVisit, AgentVisitStore, VisitIdentity } from './agent-stores.ts';
import { type Backend, transact, type Trx } from './backend.ts';
import type { AgentVisitTable } from './dashboard-schema.ts';
import { escapeKey, unescapeKey } from './text.ts';

const maxAgents = 1_000;
const membersLock = 'agents';

export function createAgentSettingsStore(backend: Backend): AgentSettingsStore {
  const { database } = backend;
  return {
    revisions: async () => {
      const rows = await database
        .selectFrom('agents')
        .select(['id', 'revision'])
        .orderBy('id')
        .limit(maxAgents)
        .execute();
      return rows.map(({ id, revision }) => ({ id: unescapeKey(id), revision }));
    },
    find: async (id) => {
      const row = await database.selectFrom('agents').selectAll().where('id', '=', escapeKey(id)).executeTakeFirst();
      if (row === undefined) return undefined;
      const { settings, revision, created_at: createdAt, updated_at: updatedAt } = row;
      return { id, settings, revision, createdAt, updatedAt };
    },
    save: (change) => transact(backend, (trx) => save(backend, trx, change)),
    remove: async (id, revision) => {
      const { numDeletedRows } = await database
        .deleteFrom('agents')
        .where('id', '=', escapeKey(id))
        .where('revision', '=', revision)
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },
  };
}

async function save(
  backend: Backend,
  trx: Trx,
  { id, settings, before, now }: Parameters<AgentSettingsStore['save']>[0],
) {
  const revision = randomUUID();
  if (before !== null) {
    const { numUpdatedRows } = await trx
      .updateTable('agents')
      .set({ settings, revision, updated_at: now })
      .where('id', '=', escapeKey(id))
      .where('revision', '=', before)
      .executeTakeFirst();
    return numUpdatedRows > 0n ? { revision } : 'conflict';
  }
  await backend.lockKey(trx, membersLock);
  const { count } = await trx
    .selectFrom('agents')
    .select(({ fn }) => fn.countAll<number | string>().as('count'))
    .executeTakeFirstOrThrow();
  if (Number(count) >= maxAgents) return 'too_many';
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('agents')
    .values({ id: escapeKey(id), settings, revision, created_at: now, updated_at: now })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .executeTakeFirst();
  return (numInsertedOrUpdatedRows ?? 0n) > 0n ? { revision } : 'conflict';
}

const strange = 'origin_not_allowed';
const maxKnown = 100;
const maxStrange = 50;
/** More than one request adds, so that what several have added at once goes as well. */
const evictedAtOnce = 20;

export function createAgentVisitStore(backend: Backend): AgentVisitStore {
  return {
    note: (visit) => transact(backend, (trx) => noteVisit(trx, visit)),
    list: async (agentId) => {
      const rows = await backend.database
        .selectFrom('agent_visits')
        .selectAll()
        .where('agent_id', '=', escapeKey(agentId))
        .orderBy('last_at', 'desc')
        .orderBy('origin')
        .limit(maxKnown + maxStrange)
        .execute();
      return rows.map(toVisit);
    },
  };
}

type Key = Pick<AgentVisitTable, 'agent_id' | 'origin' | 'identity' | 'reason'>;

async function noteVisit(trx: Trx, { agentId, origin, identity, reason, at }: Parameters<AgentVisitStore['note']>[0]) {
  const key: Key = { agent_id: escapeKey(agentId), origin: escapeKey(origin), identity, reason };
  await trx
    .insertInto('agent_visits')
    .values({ ...key, first_at: at, last_at: at })
    .onConflict((conflict) =>
      conflict.columns(['agent_id', 'origin', 'identity', 'reason']).doUpdateSet({ last_at: at }),
    )
    .execute();
  const isStrange = reason === strange;
  const old = await trx
    .selectFrom('agent_visits')
    .select(['agent_id', 'origin', 'identity', 'reason'])
    .where('agent_id', '=', key.agent_id)
    .where('reason', isStrange ? '=' : '!=', strange)
    .orderBy('last_at', 'desc')
    .orderBy('origin')
    .limit(evictedAtOnce)
    .offset(isStrange ? maxStrange : maxKnown)
    .execute();
  for (const row of old) await evict(trx, row);
}

async function evict(trx: Trx, { agent_id, origin, identity, reason }: Key): Promise<void> {
  await trx
    .deleteFrom('agent_visits')
    .where('agent_id', '=', agent_id)
    .where('origin', '=', origin)
    .where('identity', '=', identity)
    .where('reason', '=', reason)
    .execute();
}

function toVisit(row: AgentVisitTable): AgentVisit {
  return {
    agentId: unescapeKey(row.agent_id),
    origin: unescapeKey(row.origin),
    identity: row.identity as VisitIdentity,
    reason: row.reason,
    firstAt: row.first_at,
    lastAt: row.last_at,
  };
}
