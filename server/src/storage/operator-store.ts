import { type Backend, type Database, transact, type Trx } from './backend.ts';
import type { OperatorLinkTable, OperatorSessionTable, OperatorTable } from './dashboard-schema.ts';
import type {
  Operator,
  OperatorChange,
  OperatorLink,
  OperatorSession,
  OperatorStore,
  SignInProof,
} from './dashboard-stores.ts';
import { escapeKey, unescapeKey } from './text.ts';

/** A use is noted this often, so that reading costs no writes. */
const noteEveryMs = 60_000;
const maxListed = 1_000;
const membersLock = 'operators';

export function createOperatorStore(backend: Backend): OperatorStore {
  const { database } = backend;
  return {
    hasAdministrator: () => hasAdministrator(database),
    find: async (id) => toOperator(await row(database, 'id', id)),
    list: async () => {
      const rows = await database
        .selectFrom('operators')
        .selectAll()
        .orderBy('name')
        .orderBy('id')
        .limit(maxListed)
        .execute();
      return rows.map(asOperator);
    },
    byEmail: async (email) => toCredentials(await row(database, 'email_key', emailKey(email))),
    byOidcKey: async (key) => toOperator(await row(database, 'oidc_key', key)),
    credentials: async (id) => toCredentials(await row(database, 'id', id)),
    add: (operator) => addOperator(database, operator),
    change: (id, change, keep) => transact(backend, (trx) => changeOperator(backend, trx, { id, change, keep })),
    accept: (id, from, change, keep) => transact(backend, (trx) => accept(backend, trx, { id, from, change, keep })),
    linkOidc: (id, key) => transact(backend, (trx) => linkOidc(backend, trx, id, key)),
    remove: (id) => transact(backend, (trx) => removeOperator(backend, trx, id)),
    ...createSessions(backend),
    ...createLinks(backend),
  };
}

/** Who is compared by e-mail. */
function emailKey(email: string): string {
  return email.trim().toLowerCase();
}

function row(database: Database, column: 'id' | 'email_key' | 'oidc_key', value: string) {
  return database.selectFrom('operators').selectAll().where(column, '=', escapeKey(value)).executeTakeFirst();
}

function asOperator(found: OperatorTable): Operator {
  return {
    id: unescapeKey(found.id),
    email: unescapeKey(found.email),
    name: unescapeKey(found.name),
    role: found.role,
    state: found.state,
    agentIds: found.agent_ids === null ? null : (JSON.parse(found.agent_ids) as readonly string[]),
    isLinked: found.oidc_key !== null,
    createdAt: found.created_at,
    lastSeenAt: found.last_seen_at,
  };
}

function toOperator(found: OperatorTable | undefined): Operator | undefined {
  return found === undefined ? undefined : asOperator(found);
}

function toCredentials(found: OperatorTable | undefined) {
  return found === undefined ? undefined : { operator: asOperator(found), passwordHash: found.password_hash };
}

async function hasAdministrator(database: Database | Trx, otherThan = ''): Promise<boolean> {
  const found = await database
    .selectFrom('operators')
    .select('id')
    .where('role', '=', 'admin')
    .where('state', '=', 'active')
    .where('agent_ids', 'is', null)
    .where('id', '!=', escapeKey(otherThan))
    .executeTakeFirst();
  return found !== undefined;
}

async function addOperator(database: Database, operator: Parameters<OperatorStore['add']>[0]) {
  const added = await database
    .insertInto('operators')
    .values({
      id: escapeKey(operator.id),
      email: escapeKey(operator.email.trim()),
      email_key: escapeKey(emailKey(operator.email)),
      name: escapeKey(operator.name),
      role: operator.role,
      state: operator.state,
      password_hash: operator.passwordHash,
      agent_ids: operator.agentIds === null ? null : JSON.stringify(operator.agentIds),
      oidc_key: null,
      created_at: operator.createdAt,
      last_seen_at: null,
    })
    .onConflict((conflict) => conflict.column('email_key').doNothing())
    .executeTakeFirst();
  return (added.numInsertedOrUpdatedRows ?? 0n) > 0n ? 'added' : 'exists';
}

type Change = { readonly id: string; readonly change: OperatorChange; readonly keep: string | undefined };

async function changeOperator(backend: Backend, trx: Trx, { id, change, keep }: Change) {
  await backend.lockKey(trx, membersLock);
  const before = await trx.selectFrom('operators').selectAll().where('id', '=', escapeKey(id)).executeTakeFirst();
  if (before === undefined) return 'not_found';
  const { name, role = before.role, state = before.state, agentIds, passwordHash, oidcKey } = change;
  const isLimited = agentIds === undefined ? before.agent_ids !== null : agentIds !== null;
  const isLost = isAdministrator(before) && (role !== 'admin' || state !== 'active' || isLimited);
  if (isLost && !(await hasAdministrator(trx, id))) return 'last_administrator';
  const newKey = oidcKey === undefined ? before.oidc_key : oidcKey === null ? null : escapeKey(oidcKey);
  await trx
    .updateTable('operators')
    .set({
      role,
      state,
      ...(name === undefined ? {} : { name: escapeKey(name) }),
      ...(agentIds === undefined ? {} : { agent_ids: agentIds === null ? null : JSON.stringify(agentIds) }),
      ...(passwordHash === undefined ? {} : { password_hash: passwordHash }),
      oidc_key: newKey,
    })
    .where('id', '=', escapeKey(id))
    .execute();
  if (state !== 'active' || passwordHash !== undefined) await endAll(trx, id, keep);
  else if (newKey !== before.oidc_key) await endSessions(trx, id, keep);
  return 'changed';
}

/** Of all agents: nobody else can say who may do what. */
function isAdministrator({ role, state, agent_ids: agentIds }: OperatorTable): boolean {
  return role === 'admin' && state === 'active' && agentIds === null;
}

type Acceptance = Change & { readonly from: Parameters<OperatorStore['accept']>[1] };

/** Whoever is disabled at the same moment stays so; whoever sets another password then keeps it. */
async function accept(backend: Backend, trx: Trx, { id, from, change, keep }: Acceptance) {
  await backend.lockKey(trx, membersLock);
  const before = await trx
    .selectFrom('operators')
    .select(['state', 'password_hash'])
    .where('id', '=', escapeKey(id))
    .executeTakeFirst();
  if (before?.state !== from.state || before.password_hash !== from.passwordHash) return 'not_found';
  const outcome = await changeOperator(backend, trx, { id, change: { ...change, state: 'active' }, keep });
  return outcome === 'changed' ? 'accepted' : 'not_found';
}

async function linkOidc(backend: Backend, trx: Trx, id: string, key: string) {
  await backend.lockKey(trx, membersLock);
  const rows = await trx
    .selectFrom('operators')
    .select(['id', 'state', 'oidc_key'])
    .where(({ eb, or }) => or([eb('id', '=', escapeKey(id)), eb('oidc_key', '=', escapeKey(key))]))
    .execute();
  const operator = rows.find((each) => each.id === escapeKey(id));
  if (operator === undefined) return 'not_found';
  if (rows.some((each) => each.oidc_key !== null)) return 'taken';
  const isInvited = operator.state === 'invited';
  await trx
    .updateTable('operators')
    .set({ oidc_key: escapeKey(key), state: isInvited ? 'active' : operator.state })
    .where('id', '=', operator.id)
    .execute();
  // Whoever holds the invitation's link could set a password for the account that it no longer opens.
  if (isInvited) await endAll(trx, id);
  return 'linked';
}

/** Sessions and links of somebody, except for one session. */
async function endAll(trx: Trx, operatorId: string, keep?: string): Promise<void> {
  await endSessions(trx, operatorId, keep);
  await trx.deleteFrom('operator_links').where('operator_id', '=', escapeKey(operatorId)).execute();
}

async function endSessions(trx: Trx, operatorId: string, keep = ''): Promise<void> {
  await trx
    .deleteFrom('operator_sessions')
    .where('operator_id', '=', escapeKey(operatorId))
    .where('token_hash', '!=', keep)
    .execute();
}

async function removeOperator(backend: Backend, trx: Trx, id: string) {
  await backend.lockKey(trx, membersLock);
  const before = await trx.selectFrom('operators').selectAll().where('id', '=', escapeKey(id)).executeTakeFirst();
  if (before === undefined) return 'not_found';
  if (isAdministrator(before) && !(await hasAdministrator(trx, id))) return 'last_administrator';
  await endAll(trx, id);
  await trx.deleteFrom('operators').where('id', '=', escapeKey(id)).execute();
  return 'removed';
}

type Sessions = Pick<
  OperatorStore,
  'openSession' | 'useSession' | 'closeSession' | 'sessions' | 'revokeSession' | 'sweepSessions'
>;

function createSessions(backend: Backend): Sessions {
  const { database } = backend;
  return {
    openSession: (session, proof) => transact(backend, (trx) => openSession(backend, trx, session, proof)),
    useSession: (tokenHash, now) => useSession(database, tokenHash, now),
    closeSession: async (tokenHash) => {
      const { numDeletedRows } = await database
        .deleteFrom('operator_sessions')
        .where('token_hash', '=', tokenHash)
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },
    sessions: async (operatorId, now) => {
      const rows = await database
        .selectFrom('operator_sessions')
        .selectAll()
        .where('operator_id', '=', escapeKey(operatorId))
        .where('expires_at', '>', now)
        .orderBy('created_at', 'desc')
        .orderBy('id')
        .limit(maxListed)
        .execute();
      return rows.map(asSession);
    },
    revokeSession: async (operatorId, id) => {
      const { numDeletedRows } = await database
        .deleteFrom('operator_sessions')
        .where('operator_id', '=', escapeKey(operatorId))
        .where('id', '=', escapeKey(id))
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },
    sweepSessions: async (expiredBefore) => {
      const { numDeletedRows } = await database
        .deleteFrom('operator_sessions')
        .where('expires_at', '<', expiredBefore)
        .executeTakeFirst();
      return Number(numDeletedRows);
    },
  };
}

type NewSession = Parameters<OperatorStore['openSession']>[0];

/** Under the lock of those who change an account: what they end at the same moment does not begin after them. */
async function openSession(backend: Backend, trx: Trx, session: NewSession, proof: SignInProof): Promise<boolean> {
  await backend.lockKey(trx, membersLock);
  const operatorId = escapeKey(session.operatorId);
  const operator = await trx.selectFrom('operators').selectAll().where('id', '=', operatorId).executeTakeFirst();
  if (operator?.state !== 'active' || !hasProof(operator, proof)) return false;
  const { tokenHash, id, device, createdAt, lastUsedAt, expiresAt } = session;
  await trx
    .insertInto('operator_sessions')
    .values({
      token_hash: tokenHash,
      id,
      operator_id: operatorId,
      device: escapeKey(device),
      created_at: createdAt,
      last_used_at: lastUsedAt,
      expires_at: expiresAt,
    })
    .execute();
  await trx.updateTable('operators').set({ last_seen_at: createdAt }).where('id', '=', operatorId).execute();
  return true;
}

function hasProof(operator: OperatorTable, proof: SignInProof): boolean {
  return 'oidcKey' in proof
    ? operator.oidc_key === escapeKey(proof.oidcKey)
    : operator.password_hash === proof.passwordHash;
}

function asSession(found: OperatorSessionTable): OperatorSession {
  return {
    id: found.id,
    operatorId: unescapeKey(found.operator_id),
    device: unescapeKey(found.device),
    createdAt: found.created_at,
    lastUsedAt: found.last_used_at,
    expiresAt: found.expires_at,
  };
}

async function useSession(database: Database, tokenHash: string, now: number) {
  const session = await database
    .selectFrom('operator_sessions')
    .selectAll()
    .where('token_hash', '=', tokenHash)
    .where('expires_at', '>', now)
    .executeTakeFirst();
  if (session === undefined) return undefined;
  const operator = toOperator(await row(database, 'id', unescapeKey(session.operator_id)));
  if (operator?.state !== 'active') return undefined;
  if (session.last_used_at <= now - noteEveryMs) {
    await database
      .updateTable('operator_sessions')
      .set({ last_used_at: now })
      .where('token_hash', '=', tokenHash)
      .execute();
    await database.updateTable('operators').set({ last_seen_at: now }).where('id', '=', session.operator_id).execute();
  }
  return { session: asSession(session), operator };
}

function createLinks(backend: Backend): Pick<OperatorStore, 'addLink' | 'findLink' | 'takeLink'> {
  return {
    addLink: ({ tokenHash, kind, operatorId, createdAt, expiresAt }) =>
      transact(backend, async (trx) => {
        const id = operatorId === null ? null : escapeKey(operatorId);
        const earlier = trx.deleteFrom('operator_links').where('kind', '=', kind);
        await (
          id === null ? earlier.where('operator_id', 'is', null) : earlier.where('operator_id', '=', id)
        ).execute();
        await trx
          .insertInto('operator_links')
          .values({ token_hash: tokenHash, kind, operator_id: id, created_at: createdAt, expires_at: expiresAt })
          .execute();
      }),
    findLink: async (tokenHash, now) => {
      const found = await backend.database
        .selectFrom('operator_links')
        .selectAll()
        .where('token_hash', '=', tokenHash)
        .executeTakeFirst();
      return asLink(found, now);
    },
    takeLink: async (tokenHash, now) => {
      const taken = await backend.database
        .deleteFrom('operator_links')
        .where('token_hash', '=', tokenHash)
        .returningAll()
        .executeTakeFirst();
      return asLink(taken, now);
    },
  };
}

function asLink(found: OperatorLinkTable | undefined, now: number): OperatorLink | undefined {
  if (found === undefined || found.expires_at <= now) return undefined;
  const operatorId = found.operator_id === null ? null : unescapeKey(found.operator_id);
  return { kind: found.kind, operatorId, expiresAt: found.expires_at };
}
