import { type ExpressionBuilder, sql } from 'kysely';
import type { SendMetadata } from '../../../src/protocol/index.ts';
import { released } from './attachment-store.ts';
import { appendAudit } from './audit-store.ts';
import { type Backend, type Database, transact, type Trx } from './backend.ts';
import type { AuditEntry } from './more-stores.ts';
import type { Idle, Person, PersonalAttachment, PersonalConversation, PrivacyStore } from './privacy-stores.ts';
import { ownerColumns, toMessage } from './rows.ts';
import type { AttachmentTable, ConversationTable, OwnerColumns, Tables } from './schema.ts';
import { scrubSqlite } from './scrub-sqlite.ts';
import { escapeKey, unescapeKey } from './text.ts';

export function createPrivacyStore(backend: Backend): PrivacyStore {
  const { database } = backend;
  return {
    knows: (person) => knows(database, person),
    conversationsOf: (person, page) => conversationsOf(database, person, page),
    messagesOf: (conversationId, page) => messagesOf(database, conversationId, page),
    attachmentsOf: (person, page) => attachmentsOf(database, person, page),
    countAttachments: (conversationIds) => countAttachments(database, conversationIds),
    forget: (person, entries) => transact(backend, (trx) => forget(trx, person, entries)),
    idleConversations: (idle) => idleConversations(database, idle),
    idleContacts: (idle) => idleContacts(database, idle),
    takeLease: (name, holder, now, expiresAt) => takeLease(database, { name, holder, now, expiresAt }),
    releaseLease: async (name, holder) => {
      await database.deleteFrom('leases').where('name', '=', name).where('holder', '=', holder).execute();
    },
    scrub: async () => {
      if (backend.dialect === 'sqlite') await scrubSqlite(database);
    },
  };
}

const columnsOf = (person: Person): OwnerColumns => ownerColumns({ kind: 'subject', ...person });

function owned<Table extends 'conversations' | 'attachments' | 'events'>(person: Person) {
  const { agent_id, owner_kind, owner_id } = columnsOf(person);
  return ({ eb, and }: ExpressionBuilder<Pick<Tables, 'conversations' | 'attachments' | 'events'>, Table>) =>
    and([
      eb(sql.ref<string>('agent_id'), '=', agent_id),
      eb(sql.ref<string>('owner_kind'), '=', owner_kind),
      eb(sql.ref<string>('owner_id'), '=', owner_id),
    ]);
}

async function knows(database: Database, person: Person): Promise<boolean> {
  const agentId = escapeKey(person.agentId);
  const subject = escapeKey(person.subject);
  const found = await Promise.all([
    database
      .selectFrom('contacts')
      .select('subject')
      .where('agent_id', '=', agentId)
      .where('subject', '=', subject)
      .executeTakeFirst(),
    database.selectFrom('conversations').select('id').where(owned(person)).limit(1).executeTakeFirst(),
    database
      .selectFrom('attachments')
      .select('id')
      .where(owned(person))
      .where('state', '!=', 'removing')
      .limit(1)
      .executeTakeFirst(),
    database
      .selectFrom('audit')
      .select('id')
      .where('agent_id', '=', agentId)
      .where('subject', '=', subject)
      .limit(1)
      .executeTakeFirst(),
  ]);
  return found.some((row) => row !== undefined);
}

type After<Place> = { readonly after: Place; readonly limit: number };

async function conversationsOf(database: Database, person: Person, { after, limit }: After<string>) {
  const rows = await database
    .selectFrom('conversations')
    .selectAll()
    .where(owned(person))
    .where('id', '>', escapeKey(after))
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(toPersonal);
}

function toPersonal(row: ConversationTable): PersonalConversation {
  return {
    id: unescapeKey(row.id),
    title: row.title,
    site: row.site,
    consentVersion: row.consent_version === null ? null : unescapeKey(row.consent_version),
    status: row.status,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

async function messagesOf(database: Database, conversationId: string, { after, limit }: After<number>) {
  const rows = await database
    .selectFrom('messages')
    .select(['id', 'role', 'body', 'feedback', 'metadata', 'created_at', 'position', 'superseded'])
    .where('conversation_id', '=', escapeKey(conversationId))
    .where('position', '>', after)
    .orderBy('position')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    message: toMessage(row),
    sentAlong: row.metadata === null ? null : (JSON.parse(row.metadata) as SendMetadata),
    createdAt: row.created_at,
    position: row.position,
    superseded: row.superseded === 1,
  }));
}

async function attachmentsOf(database: Database, person: Person, { after, limit }: After<string>) {
  const rows = await database
    .selectFrom('attachments')
    .selectAll()
    .where(owned(person))
    .where('state', '=', 'stored')
    .where('id', '>', escapeKey(after))
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(toAttachment);
}

function toAttachment(row: AttachmentTable): PersonalAttachment {
  return {
    id: unescapeKey(row.id),
    filename: row.filename,
    mediaType: row.media_type,
    bytes: row.bytes,
    createdAt: row.created_at,
    conversationId: row.conversation_id === null ? null : unescapeKey(row.conversation_id),
    messageId: row.message_id === null ? null : unescapeKey(row.message_id),
  };
}

async function countAttachments(database: Database, conversationIds: readonly string[]): Promise<number> {
  if (conversationIds.length === 0) return 0;
  const { count } = await database
    .selectFrom('attachments')
    .select(({ fn }) => fn.countAll<number | string>().as('count'))
    .where('conversation_id', 'in', conversationIds.map(escapeKey))
    .executeTakeFirstOrThrow();
  return Number(count);
}

async function forget(trx: Trx, person: Person, entries: readonly AuditEntry[]) {
  const agentId = escapeKey(person.agentId);
  const subject = escapeKey(person.subject);
  const conversation = await trx
    .selectFrom('conversations')
    .select('id')
    .where(owned(person))
    .limit(1)
    .executeTakeFirst();
  if (conversation !== undefined) return 'has_conversations';
  await trx.updateTable('attachments').set(released).where(owned(person)).execute();
  await trx.deleteFrom('events').where(owned(person)).execute();
  await trx.deleteFrom('contacts').where('agent_id', '=', agentId).where('subject', '=', subject).execute();
  await trx
    .updateTable('audit')
    .set({ subject: null, detail: null })
    .where('agent_id', '=', agentId)
    .where('subject', '=', subject)
    .execute();
  for (const entry of entries) await appendAudit(trx, entry);
  return 'forgotten';
}

async function idleConversations(database: Database, { agentId, before, limit }: Idle): Promise<readonly string[]> {
  const rows = await database
    .selectFrom('conversations')
    .select('id')
    .where('agent_id', '=', escapeKey(agentId))
    .where('updated_at', '<', before)
    .where(({ exists, not, selectFrom }) =>
      not(
        exists(
          selectFrom('replies')
            .select('replies.message_id')
            .whereRef('replies.conversation_id', '=', 'conversations.id')
            .where('replies.state', '=', 'running'),
        ),
      ),
    )
    .orderBy('updated_at')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => unescapeKey(id));
}

async function idleContacts(database: Database, { agentId, before, limit }: Idle): Promise<readonly string[]> {
  const rows = await database
    .selectFrom('contacts')
    .select('subject')
    .where('agent_id', '=', escapeKey(agentId))
    .where('last_seen_at', '<', before)
    .where(({ exists, not, selectFrom }) =>
      not(
        exists(
          selectFrom('conversations')
            .select('conversations.id')
            .whereRef('conversations.agent_id', '=', 'contacts.agent_id')
            .where('conversations.owner_kind', '=', 'subject')
            .whereRef('conversations.owner_id', '=', 'contacts.subject'),
        ),
      ),
    )
    .orderBy('last_seen_at')
    .orderBy('subject')
    .limit(limit)
    .execute();
  return rows.map(({ subject }) => unescapeKey(subject));
}

type Lease = { readonly name: string; readonly holder: string; readonly now: number; readonly expiresAt: number };

async function takeLease(database: Database, { name, holder, now, expiresAt }: Lease): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await database
    .insertInto('leases')
    .values({ name, holder, expires_at: expiresAt })
    .onConflict((conflict) =>
      conflict
        .column('name')
        .doUpdateSet({ holder, expires_at: expiresAt })
        .where(({ eb, or }) => or([eb('leases.holder', '=', holder), eb('leases.expires_at', '<=', now)])),
    )
    .executeTakeFirst();
  return (numInsertedOrUpdatedRows ?? 0n) > 0n;
}
