import { randomUUID } from 'node:crypto';
import { type Backend, transact, type Trx } from './backend.ts';
import type { SigningKeyTable } from './schema.ts';
import type { KeyRow, KeyStore } from './store.ts';
import { escapeKey, unescapeKey } from './text.ts';

export function createKeyStore(backend: Backend): KeyStore {
  const { database } = backend;
  return {
    settings: async (agentId) => {
      const row = await database
        .selectFrom('agent_policies')
        .select(['policy', 'revision'])
        .where('agent_id', '=', escapeKey(agentId))
        .executeTakeFirst();
      return row ?? { policy: null, revision: null };
    },
    list: async (agentId) => {
      const rows = await database
        .selectFrom('signing_keys')
        .selectAll()
        .where('agent_id', '=', escapeKey(agentId))
        .orderBy('created_at', 'desc')
        .orderBy('id')
        .execute();
      return rows.map(toKeyRow);
    },
    sealed: async () => {
      const rows = await database
        .selectFrom('signing_keys')
        .selectAll()
        .where('sealed_secret', 'is not', null)
        .execute();
      return rows.map(toKeyRow);
    },
    add: (key, limits) => addKey(backend, key, limits),
    rename: (agentId, id, name) => changeKey(backend, agentId, id, { name }),
    retire: (agentId, id, now) => changeKey(backend, agentId, id, { state: 'retired', retired_at: now }),
    remove: (agentId, id) =>
      transact(backend, async (trx) => {
        await renewRevision(trx, agentId);
        const { numDeletedRows } = await trx
          .deleteFrom('signing_keys')
          .where('agent_id', '=', escapeKey(agentId))
          .where('id', '=', escapeKey(id))
          .executeTakeFirst();
        return numDeletedRows > 0n;
      }),
    used: async (agentId, id, day) => {
      await database
        .updateTable('signing_keys')
        .set({ last_used_day: day })
        .where('agent_id', '=', escapeKey(agentId))
        .where('id', '=', escapeKey(id))
        .where(({ or, eb }) => or([eb('last_used_day', 'is', null), eb('last_used_day', '<', day)]))
        .execute();
    },
    setPolicy: (agentId, before, policy) =>
      transact(backend, async (trx) => {
        const current = await renewRevision(trx, agentId);
        if (current !== before) return false;
        await trx.updateTable('agent_policies').set({ policy }).where('agent_id', '=', escapeKey(agentId)).execute();
        return true;
      }),
  };
}

/** Also the lock of everything about one agent's keys and policy. @returns the policy that is set */
async function renewRevision(trx: Trx, agentId: string): Promise<string | null> {
  const revision = randomUUID();
  const { policy } = await trx
    .insertInto('agent_policies')
    .values({ agent_id: escapeKey(agentId), policy: null, revision })
    .onConflict((conflict) => conflict.column('agent_id').doUpdateSet({ revision }))
    .returning('policy')
    .executeTakeFirstOrThrow();
  return policy;
}

function addKey(backend: Backend, key: Parameters<KeyStore['add']>[0], limits: Parameters<KeyStore['add']>[1]) {
  return transact(backend, async (trx): Promise<'added' | 'too_many' | 'exists'> => {
    await renewRevision(trx, key.agentId);
    const agent_id = escapeKey(key.agentId);
    const known = await trx
      .selectFrom('signing_keys')
      .select(['id', 'state'])
      .where('agent_id', '=', agent_id)
      .execute();
    if (known.some(({ id }) => id === escapeKey(key.id))) return 'exists';
    const active = known.filter(({ state }) => state === 'active');
    if (active.length >= limits.maxActive) {
      if (!limits.replace) return 'too_many';
      await trx
        .updateTable('signing_keys')
        .set({ state: 'retired', retired_at: key.createdAt })
        .where('agent_id', '=', agent_id)
        .where('state', '=', 'active')
        .execute();
    }
    await trx.insertInto('signing_keys').values(newRow(key)).execute();
    return 'added';
  });
}

type KeyChange = Partial<Pick<SigningKeyTable, 'name' | 'state' | 'retired_at'>>;

function changeKey(backend: Backend, agentId: string, id: string, change: KeyChange): Promise<boolean> {
  return transact(backend, async (trx) => {
    await renewRevision(trx, agentId);
    const query = trx
      .updateTable('signing_keys')
      .set(change)
      .where('agent_id', '=', escapeKey(agentId))
      .where('id', '=', escapeKey(id));
    const { numUpdatedRows } = await (
      change.state === undefined ? query : query.where('state', '=', 'active')
    ).executeTakeFirst();
    return numUpdatedRows > 0n;
  });
}

function newRow(key: Parameters<KeyStore['add']>[0]): SigningKeyTable {
  return {
    agent_id: escapeKey(key.agentId),
    id: escapeKey(key.id),
    name: key.name,
    algorithm: key.algorithm,
    state: 'active',
    sealed_secret: key.sealedSecret,
    public_key: key.publicKey,
    preview: key.preview,
    created_at: key.createdAt,
    retired_at: null,
    last_used_day: null,
  };
}

function toKeyRow(row: SigningKeyTable): KeyRow {
  return {
    agentId: unescapeKey(row.agent_id),
    id: unescapeKey(row.id),
    name: row.name,
    algorithm: row.algorithm,
    state: row.state,
    sealedSecret: row.sealed_secret,
    publicKey: row.public_key,
    preview: row.preview,
    createdAt: row.created_at,
    retiredAt: row.retired_at,
    lastUsedDay: row.last_used_day,
  };
}
