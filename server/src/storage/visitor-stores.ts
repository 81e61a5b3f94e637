import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { ExpressionBuilder } from 'kysely';
import type { Claims } from '../../../src/protocol/index.ts';
import { type Backend, type Database, transact, type Trx } from './backend.ts';
import { contactTexts } from './contact-texts.ts';
import type { Tables } from './schema.ts';
import { indexContact } from './search-index.ts';
import type { ContactStore, RevocationStore, SessionStore } from './store.ts';
import { escapeKey } from './text.ts';

/** How exactly it is known when a session or contact was seen last. Finer would cost a write for each read. */
const seenResolutionMs = 60_000;

export function createSessionStore({ database }: Backend): SessionStore {
  return {
    touch: async (agentId, sessionHash, now) => {
      const known = await database
        .selectFrom('sessions')
        .select(['closed_at', 'last_seen_at'])
        .where('agent_id', '=', escapeKey(agentId))
        .where('session_hash', '=', escapeKey(sessionHash))
        .executeTakeFirst();
      // Its first message makes the row: a secret costs nothing, and whoever only looks would fill the table.
      if (known === undefined) return true;
      if (known.closed_at !== null) return false;
      const recent = Math.abs(now - known.last_seen_at) < seenResolutionMs;
      return recent || noteUse(database, agentId, sessionHash, now);
    },
    close: async (agentId, sessionHash, now) => {
      await database
        .insertInto('sessions')
        .values({ ...newSession(agentId, sessionHash, now), closed_at: now })
        .onConflict((conflict) =>
          conflict
            .columns(['agent_id', 'session_hash'])
            .doUpdateSet({ closed_at: now })
            .where('sessions.closed_at', 'is', null),
        )
        .execute();
    },
    sweep: async (closedBefore) => {
      const { numDeletedRows } = await database
        .deleteFrom('sessions')
        .where('closed_at', '<', closedBefore)
        .where(ownsNothing)
        .where(hasNoFiles)
        .executeTakeFirst();
      return Number(numDeletedRows);
    },
  };
}

function ownsNothing({ exists, not, selectFrom }: ExpressionBuilder<Tables, 'sessions'>) {
  return not(
    exists(
      selectFrom('conversations')
        .select('conversations.id')
        .whereRef('conversations.agent_id', '=', 'sessions.agent_id')
        .where('conversations.owner_kind', '=', 'session')
        .whereRef('conversations.owner_id', '=', 'sessions.session_hash'),
    ),
  );
}

/** Unsent ones of a closed session must stay closed until they are gone. */
function hasNoFiles({ exists, not, selectFrom }: ExpressionBuilder<Tables, 'sessions'>) {
  return not(
    exists(
      selectFrom('attachments')
        .select('attachments.id')
        .whereRef('attachments.agent_id', '=', 'sessions.agent_id')
        .where('attachments.owner_kind', '=', 'session')
        .whereRef('attachments.owner_id', '=', 'sessions.session_hash'),
    ),
  );
}

/** As `useSession`, of a row that was there just now: one that has been retired meanwhile is not made again. */
async function noteUse(database: Database, agentId: string, sessionHash: string, now: number): Promise<boolean> {
  const row = await database
    .updateTable('sessions')
    .set({ last_seen_at: now })
    .where('agent_id', '=', escapeKey(agentId))
    .where('session_hash', '=', escapeKey(sessionHash))
    .returning('closed_at')
    .executeTakeFirst();
  return row === undefined || row.closed_at === null;
}

/**
 * Forgets an open session that owns nothing (any more), in the transaction of `useSession`: such a row says no more than none
 * does, and nothing would ever remove it.
 */
export async function retireSession(trx: Trx, agentId: string, sessionHash: string): Promise<void> {
  await trx
    .deleteFrom('sessions')
    .where('agent_id', '=', escapeKey(agentId))
    .where('session_hash', '=', escapeKey(sessionHash))
    .where('closed_at', 'is', null)
    .where(ownsNothing)
    .execute();
}

function newSession(agentId: string, sessionHash: string, now: number) {
  return {
    agent_id: escapeKey(agentId),
    session_hash: escapeKey(sessionHash),
    first_seen_at: now,
    last_seen_at: now,
  };
}

/** Notes a session as used, and keeps its row until the end of the transaction. False when it is closed. */
export async function useSession(trx: Trx, agentId: string, sessionHash: string, now: number): Promise<boolean> {
  const { closed_at } = await trx
    .insertInto('sessions')
    .values({ ...newSession(agentId, sessionHash, now), closed_at: null })
    .onConflict((conflict) => conflict.columns(['agent_id', 'session_hash']).doUpdateSet({ last_seen_at: now }))
    .returning('closed_at')
    .executeTakeFirstOrThrow();
  return closed_at === null;
}

export function createRevocationStore({ database }: Backend): RevocationStore {
  return {
    add: async (agentId, key, expiresAt) => {
      await database
        .insertInto('revocations')
        .values({ agent_id: escapeKey(agentId), key: revocationKey(key), expires_at: expiresAt })
        .onConflict((conflict) =>
          conflict
            .columns(['agent_id', 'key'])
            .doUpdateSet({ expires_at: expiresAt })
            .where('revocations.expires_at', '<', expiresAt),
        )
        .execute();
    },
    has: async (agentId, key) => {
      const row = await database
        .selectFrom('revocations')
        .select('key')
        .where('agent_id', '=', escapeKey(agentId))
        .where('key', '=', revocationKey(key))
        .executeTakeFirst();
      return row !== undefined;
    },
    sweep: async (expiredBefore) => {
      const { numDeletedRows } = await database
        .deleteFrom('revocations')
        .where('expires_at', '<', expiredBefore)
        .executeTakeFirst();
      return Number(numDeletedRows);
    },
  };
}

/** A `jti` may be as long as a token; an index row of Postgres may not (2,704 bytes). */
function revocationKey(key: string): string {
  return key.length <= 255 ? escapeKey(key) : `long:${createHash('sha256').update(key).digest('hex')}`;
}

export function createContactStore(backend: Backend): ContactStore {
  return {
    seen: (agentId, subject, claims, now) => seenContact(backend, agentId, subject, claims, now),
    find: async (agentId, subject) => {
      const row = await findContact(backend.database, agentId, subject);
      return row === undefined
        ? undefined
        : { claims: JSON.parse(row.claims) as Claims, firstSeenAt: row.first_seen_at, lastSeenAt: row.last_seen_at };
    },
  };
}

function findContact(database: Database | Trx, agentId: string, subject: string) {
  return database
    .selectFrom('contacts')
    .selectAll()
    .where('agent_id', '=', escapeKey(agentId))
    .where('subject', '=', escapeKey(subject))
    .executeTakeFirst();
}

async function seenContact(backend: Backend, agentId: string, subject: string, claims: Claims, now: number) {
  const known = await findContact(backend.database, agentId, subject);
  const recent = known !== undefined && Math.abs(now - known.last_seen_at) < seenResolutionMs;
  if (recent && !differs(known.claims, claims)) return false;
  return transact(backend, async (trx) => {
    const key = { agent_id: escapeKey(agentId), subject: escapeKey(subject) };
    // The row is locked by this, so that of two tokens at once each is compared with the one before it.
    const { claims: older } = await trx
      .insertInto('contacts')
      .values({ ...key, claims: JSON.stringify(claims), first_seen_at: now, last_seen_at: now })
      .onConflict((conflict) => conflict.columns(['agent_id', 'subject']).doUpdateSet({ last_seen_at: now }))
      .returning('claims')
      .executeTakeFirstOrThrow();
    await trx
      .updateTable('contacts')
      .set({ claims: JSON.stringify(claims) })
      .where('agent_id', '=', key.agent_id)
      .where('subject', '=', key.subject)
      .execute();
    const isChanged = differs(older, claims);
    if (isChanged || known === undefined) {
      const { name, email } = contactTexts(JSON.stringify(claims));
      await indexContact(trx, { agentId: key.agent_id, subject: key.subject }, [name, email, subject]);
    }
    return isChanged;
  });
}

function differs(stored: string, claims: Claims): boolean {
  return !isDeepStrictEqual(
    lasting(JSON.parse(stored) as Claims),
    lasting(JSON.parse(JSON.stringify(claims)) as Claims),
  );
}

/** Without what is new in every token of the same person. */
function lasting({ exp: _exp, iat: _iat, nbf: _nbf, jti: _jti, ...claims }: Claims): Claims {
  return claims;
}
