import { type Kysely, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import type { Backend, Database, NumberColumn } from './backend.ts';
import { createAgents, createInbox, createOperators } from './dashboard-migrations.ts';
import { createOperatorSearch } from './inbox-migrations.ts';
import { addHandoffOperator } from './live-migrations.ts';
import { keepAudit } from './privacy-migrations.ts';
import { indexAuditKinds } from './refusal-migrations.ts';
import { titleColumns, toMessage, wordsOfMessage } from './rows.ts';
import type { Tables } from './schema.ts';
import { createStatistics } from './statistics-migrations.ts';
import { searchText } from './text.ts';

/** Brings the database to this version's schema. Safe when several processes start at once. */
export function migrate({ migrating, ...differences }: Backend): Promise<void> {
  return migrating((database) => migrateDatabase(database, differences));
}

type Differences = Pick<Backend, 'dialect' | 'numberColumn'>;

async function migrateDatabase(database: Database, differences: Differences): Promise<void> {
  const migrator = new Migrator({
    db: database,
    provider: { getMigrations: () => Promise.resolve(migrations(differences)) },
  });
  const { error } = await migrator.migrateToLatest();
  if (error instanceof Error) throw error;
  if (error !== undefined) throw new Error('The database schema could not be brought up to date.', { cause: error });
}

/** In order of their names. One that was released is never changed again; a change is a new one. */
function migrations({ dialect, numberColumn }: Differences): Record<string, Migration> {
  return {
    '0001-foundation': { up: (database) => createFoundation(database, numberColumn) },
    '0002-closed-sessions': { up: indexClosedSessions },
    '0003-keys': { up: createKeys },
    '0004-actions': { up: createApprovals },
    '0005-retired-sessions': { up: retireSessions },
    '0006-conversation-extras': { up: addConversationExtras },
    '0007-attachments': { up: createAttachments },
    '0008-operators': { up: createOperators },
    '0009-inbox': { up: createInbox },
    '0010-agents': { up: createAgents },
    '0011-handoff-operator': { up: addHandoffOperator },
    '0012-unread': { up: indexAnswers },
    '0013-search': { up: (database: Kysely<Tables>) => createOperatorSearch(database, dialect) },
    '0014-refusals': { up: indexAuditKinds },
    '0015-privacy': { up: (database) => keepAudit(database, dialect) },
    '0016-statistics': { up: createStatistics },
  };
}

/** Hand-offs, consent, feedback, and what messages are searched by. SQLite adds one column a statement. */
async function addConversationExtras(database: Kysely<Tables>): Promise<void> {
  const { schema } = database;
  await schema
    .alterTable('conversations')
    .addColumn('handoff_state', 'text', (column) => column.notNull().defaultTo('none'))
    .execute();
  await schema.alterTable('conversations').addColumn('handoff_name', 'text').execute();
  await schema.alterTable('conversations').addColumn('consent_version', 'text').execute();
  await schema
    .alterTable('conversations')
    .addColumn('search_title', 'text', (column) => column.notNull().defaultTo(''))
    .execute();
  await schema.alterTable('messages').addColumn('feedback', 'text').execute();
  await schema.alterTable('messages').addColumn('search_text', 'text').execute();
  await fillSearchTitles(database);
  await fillSearchTexts(database);
}

const filledAtOnce = 500;

async function fillSearchTitles(database: Kysely<Tables>): Promise<void> {
  let after = '';
  for (;;) {
    const rows = await database
      .selectFrom('conversations')
      .select(['id', 'title'])
      .where('id', '>', after)
      .orderBy('id')
      .limit(filledAtOnce)
      .execute();
    for (const { id, title } of rows) {
      await database.updateTable('conversations').set(titleColumns(title)).where('id', '=', id).execute();
      after = id;
    }
    if (rows.length < filledAtOnce) return;
  }
}

/** For the messages of earlier versions, a few at a time: all of them may be more than memory holds. */
async function fillSearchTexts(database: Kysely<Tables>): Promise<void> {
  for (;;) {
    const rows = await database
      .selectFrom('messages')
      .select(['conversation_id', 'id', 'role', 'body'])
      .where('search_text', 'is', null)
      .limit(filledAtOnce)
      .execute();
    for (const row of rows) {
      await database
        .updateTable('messages')
        .set({ search_text: searchText(wordsOfMessage(toMessage(row))) })
        .where('conversation_id', '=', row.conversation_id)
        .where('id', '=', row.id)
        .execute();
    }
    if (rows.length < filledAtOnce) return;
  }
}

/** What counts as unread, apart from all else that a long conversation holds. */
async function indexAnswers({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createIndex('messages_answers')
    .on('messages')
    .columns(['conversation_id', 'position'])
    .where(sql<boolean>`role = 'assistant' and pending = 0 and superseded = 0`)
    .execute();
}

async function createAttachments({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('attachments')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('agent_id', 'text', (column) => column.notNull())
    .addColumn('owner_kind', 'text', (column) => column.notNull())
    .addColumn('owner_id', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('filename', 'text', (column) => column.notNull())
    .addColumn('media_type', 'text', (column) => column.notNull())
    .addColumn('bytes', 'bigint', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('conversation_id', 'text')
    .addColumn('message_id', 'text')
    .execute();
  await schema
    .createIndex('attachments_by_owner')
    .on('attachments')
    .columns(['agent_id', 'owner_kind', 'owner_id'])
    .execute();
  await schema.createIndex('attachments_by_conversation').on('attachments').column('conversation_id').execute();
  // For the sweep: few of all attachments are unsent.
  await schema
    .createIndex('attachments_unsent')
    .on('attachments')
    .columns(['state', 'created_at'])
    .where(sql.ref('conversation_id'), 'is', null)
    .execute();
}

/** Open sessions that own nothing say no more than none do. Earlier versions left one for each claim. */
async function retireSessions(database: Kysely<unknown>): Promise<void> {
  await sql`
    delete from sessions where closed_at is null and not exists (
      select 1 from conversations
      where conversations.agent_id = sessions.agent_id
        and conversations.owner_kind = 'session' and conversations.owner_id = sessions.session_hash
    )`.execute(database);
}

/** For the sweep: few of all sessions are closed. */
async function indexClosedSessions({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createIndex('sessions_by_closing')
    .on('sessions')
    .column('closed_at')
    .where(sql.ref('closed_at'), 'is not', null)
    .execute();
}

async function createKeys({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('signing_keys')
    .addColumn('agent_id', 'text', (column) => column.notNull())
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('algorithm', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('sealed_secret', 'text')
    .addColumn('public_key', 'text')
    .addColumn('preview', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('retired_at', 'bigint')
    .addColumn('last_used_day', 'bigint')
    .addPrimaryKeyConstraint('signing_keys_key', ['agent_id', 'id'])
    .execute();
  await schema
    .createTable('agent_policies')
    .addColumn('agent_id', 'text', (column) => column.primaryKey())
    .addColumn('policy', 'text')
    .addColumn('revision', 'text', (column) => column.notNull())
    .execute();
}

async function createApprovals({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('approvals')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('conversation_id', 'text', (column) => column.notNull().references('conversations.id'))
    .addColumn('message_id', 'text', (column) => column.notNull())
    .addColumn('tool_call_id', 'text', (column) => column.notNull())
    .addColumn('action', 'text', (column) => column.notNull())
    .addColumn('input', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('approved', 'integer')
    .execute();
  await schema.createIndex('approvals_by_expiry').on('approvals').column('expires_at').execute();
}

async function createFoundation(database: Kysely<unknown>, numberColumn: NumberColumn): Promise<void> {
  await createConversations(database);
  await createMessages(database);
  await createReplies(database);
  await createVisitors(database);
  await createLogs(database, numberColumn);
}

async function createConversations({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('conversations')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('agent_id', 'text', (column) => column.notNull())
    .addColumn('owner_kind', 'text', (column) => column.notNull())
    .addColumn('owner_id', 'text', (column) => column.notNull())
    .addColumn('title', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .addColumn('last_message', 'text', (column) => column.notNull())
    .addColumn('next_position', 'bigint', (column) => column.notNull())
    .addColumn('read_position', 'bigint', (column) => column.notNull())
    .execute();
  await schema
    .createIndex('conversations_by_owner')
    .on('conversations')
    .columns(['agent_id', 'owner_kind', 'owner_id', 'updated_at', 'id'])
    .execute();
}

async function createMessages({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('messages')
    .addColumn('conversation_id', 'text', (column) => column.notNull().references('conversations.id'))
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('position', 'bigint', (column) => column.notNull())
    .addColumn('role', 'text', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addColumn('content_hash', 'text')
    .addColumn('metadata', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('pending', 'integer', (column) => column.notNull())
    .addColumn('superseded', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('messages_key', ['conversation_id', 'id'])
    .addUniqueConstraint('messages_in_order', ['conversation_id', 'position'])
    .execute();
}

async function createReplies({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('replies')
    .addColumn('message_id', 'text', (column) => column.primaryKey())
    .addColumn('conversation_id', 'text', (column) => column.notNull().references('conversations.id'))
    .addColumn('user_message_id', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('process_id', 'text', (column) => column.notNull())
    .addColumn('heartbeat_at', 'bigint', (column) => column.notNull())
    .addColumn('superseded_by', 'text')
    .addColumn('stop_requested', 'integer', (column) => column.notNull())
    .addColumn('started_at', 'bigint', (column) => column.notNull())
    .addColumn('ended_at', 'bigint')
    .execute();
  // Two guards that hold even if the code around them were wrong: one running reply a conversation,
  // one current reply a message.
  await schema
    .createIndex('replies_one_running')
    .unique()
    .on('replies')
    .column('conversation_id')
    .where(sql.ref('state'), '=', sql.lit('running'))
    .execute();
  await schema
    .createIndex('replies_one_current')
    .unique()
    .on('replies')
    .columns(['conversation_id', 'user_message_id'])
    .where(sql.ref('superseded_by'), 'is', null)
    .execute();
  await schema
    .createTable('reply_parts')
    .addColumn('message_id', 'text', (column) => column.notNull().references('replies.message_id'))
    .addColumn('n', 'bigint', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('reply_parts_key', ['message_id', 'n'])
    .execute();
}

async function createVisitors({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('sessions')
    .addColumn('agent_id', 'text', (column) => column.notNull())
    .addColumn('session_hash', 'text', (column) => column.notNull())
    .addColumn('first_seen_at', 'bigint', (column) => column.notNull())
    .addColumn('last_seen_at', 'bigint', (column) => column.notNull())
    .addColumn('closed_at', 'bigint')
    .addPrimaryKeyConstraint('sessions_key', ['agent_id', 'session_hash'])
    .execute();
  await schema
    .createTable('revocations')
    .addColumn('agent_id', 'text', (column) => column.notNull())
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('revocations_key', ['agent_id', 'key'])
    .execute();
  await schema
    .createTable('contacts')
    .addColumn('agent_id', 'text', (column) => column.notNull())
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('claims', 'text', (column) => column.notNull())
    .addColumn('first_seen_at', 'bigint', (column) => column.notNull())
    .addColumn('last_seen_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('contacts_key', ['agent_id', 'subject'])
    .execute();
}

async function createLogs({ schema }: Kysely<unknown>, numberColumn: NumberColumn): Promise<void> {
  await numberColumn(schema.createTable('audit'), 'id')
    .addColumn('agent_id', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('subject', 'text')
    .addColumn('reason', 'text')
    .addColumn('detail', 'text')
    .execute();
  await schema.createIndex('audit_by_agent').on('audit').columns(['agent_id', 'id']).execute();
  await numberColumn(schema.createTable('events'), 'id')
    .addColumn('agent_id', 'text', (column) => column.notNull())
    .addColumn('owner_kind', 'text', (column) => column.notNull())
    .addColumn('owner_id', 'text', (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('data', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute();
  await schema
    .createIndex('events_by_owner')
    .on('events')
    .columns(['agent_id', 'owner_kind', 'owner_id', 'id'])
    .execute();
}
