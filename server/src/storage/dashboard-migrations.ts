import { type Kysely, sql } from 'kysely';

/** The people who answer, how they sign in, and what they did. */
export async function createOperators({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('operators')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('email', 'text', (column) => column.notNull())
    .addColumn('email_key', 'text', (column) => column.notNull().unique())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('role', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('password_hash', 'text')
    .addColumn('agent_ids', 'text')
    .addColumn('oidc_key', 'text', (column) => column.unique())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('last_seen_at', 'bigint')
    .execute();
  await schema
    .createTable('operator_sessions')
    .addColumn('token_hash', 'text', (column) => column.primaryKey())
    .addColumn('id', 'text', (column) => column.notNull().unique())
    .addColumn('operator_id', 'text', (column) => column.notNull().references('operators.id'))
    .addColumn('device', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('last_used_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .execute();
  await schema
    .createIndex('operator_sessions_by_operator')
    .on('operator_sessions')
    .columns(['operator_id', 'created_at'])
    .execute();
  await schema
    .createTable('operator_links')
    .addColumn('token_hash', 'text', (column) => column.primaryKey())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('operator_id', 'text', (column) => column.references('operators.id'))
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .execute();
  await schema.alterTable('audit').addColumn('operator_id', 'text').execute();
  await schema.alterTable('audit').addColumn('operator_name', 'text').execute();
}

/** What operators do with conversations, and what they see of them in lists. SQLite adds one column a statement. */
export async function createInbox({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .alterTable('conversations')
    .addColumn('status', 'text', (column) => column.notNull().defaultTo('open'))
    .execute();
  await schema.alterTable('conversations').addColumn('assignee_id', 'text').execute();
  await schema
    .alterTable('conversations')
    .addColumn('operator_read_position', 'bigint', (column) => column.notNull().defaultTo(0))
    .execute();
  await schema.alterTable('conversations').addColumn('site', 'text').execute();
  await schema.alterTable('conversations').addColumn('contact_name', 'text').execute();
  await schema.alterTable('conversations').addColumn('contact_email', 'text').execute();
  await schema
    .createIndex('conversations_by_activity')
    .on('conversations')
    .columns(['agent_id', 'updated_at', 'id'])
    .execute();
  await schema.createIndex('conversations_newest').on('conversations').columns(['updated_at', 'id']).execute();
  await schema
    .createTable('conversation_notes')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('conversation_id', 'text', (column) => column.notNull().references('conversations.id'))
    .addColumn('operator_id', 'text', (column) => column.notNull())
    .addColumn('operator_name', 'text', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute();
  await schema
    .createIndex('conversation_notes_in_order')
    .on('conversation_notes')
    .columns(['conversation_id', 'created_at', 'id'])
    .execute();
  await schema
    .createTable('canned_replies')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('agent_id', 'text')
    .addColumn('shortcut', 'text', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .execute();
  await schema
    .createIndex('canned_replies_by_shortcut')
    .unique()
    .on('canned_replies')
    .expression(sql`coalesce(agent_id, ''), shortcut`)
    .execute();
  await schema
    .createTable('operator_presence')
    .addColumn('conversation_id', 'text', (column) => column.notNull())
    .addColumn('operator_id', 'text', (column) => column.notNull())
    .addColumn('operator_name', 'text', (column) => column.notNull())
    .addColumn('typing', 'integer', (column) => column.notNull())
    .addColumn('seen_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('operator_presence_key', ['conversation_id', 'operator_id'])
    .execute();
}

/** Agents as operators have set them, and from where they are asked. */
export async function createAgents({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('agents')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('settings', 'text', (column) => column.notNull())
    .addColumn('revision', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .execute();
  await schema
    .createTable('agent_visits')
    .addColumn('agent_id', 'text', (column) => column.notNull())
    .addColumn('origin', 'text', (column) => column.notNull())
    .addColumn('identity', 'text', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('first_at', 'bigint', (column) => column.notNull())
    .addColumn('last_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('agent_visits_key', ['agent_id', 'origin', 'identity', 'reason'])
    .execute();
}
