import { type Kysely, sql } from 'kysely';
import type { Backend } from './backend.ts';
import { contactTexts } from './contact-texts.ts';
import { toMessage } from './rows.ts';
import type { ContactTable, ConversationTable, Tables } from './schema.ts';
import { indexContact, indexMessage, indexVisitor, searchIndexOf } from './search-index.ts';
import { unescapeKey } from './text.ts';

/** What operators search by, and what their lists are filtered by. */
export async function createOperatorSearch(database: Kysely<Tables>, dialect: Backend['dialect']): Promise<void> {
  await searchIndexOf(dialect).create(database);
  await createIndexes(database);
  await fillContacts(database);
  await fillConversations(database);
}

async function createIndexes(database: Kysely<Tables>): Promise<void> {
  const { schema } = database;
  await schema
    .createIndex('search_entries_by_message')
    .on('search_entries')
    .columns(['conversation_id', 'message_id'])
    .where(sql.ref('conversation_id'), 'is not', null)
    .execute();
  await schema
    .createIndex('search_entries_by_contact')
    .on('search_entries')
    .columns(['agent_id', 'subject'])
    .where(sql.ref('subject'), 'is not', null)
    .execute();
  await schema.createIndex('contacts_newest').on('contacts').columns(['last_seen_at', 'agent_id', 'subject']).execute();
  await schema
    .createIndex('contacts_by_activity')
    .on('contacts')
    .columns(['agent_id', 'last_seen_at', 'subject'])
    .execute();
  // Few of all conversations are somebody's, wait for a person, or were rated.
  await schema
    .createIndex('conversations_by_assignee')
    .on('conversations')
    .columns(['assignee_id', 'updated_at', 'id'])
    .where(sql.ref('assignee_id'), 'is not', null)
    .execute();
  await schema
    .createIndex('conversations_by_handoff')
    .on('conversations')
    .columns(['handoff_state', 'updated_at', 'id'])
    .where(sql<boolean>`handoff_state <> 'none'`)
    .execute();
  await schema
    .createIndex('messages_rated')
    .on('messages')
    .columns(['conversation_id'])
    .where(sql.ref('feedback'), 'is not', null)
    .execute();
  await schema
    .createIndex('audit_by_subject')
    .on('audit')
    .columns(['agent_id', 'subject', 'id'])
    .where(sql.ref('subject'), 'is not', null)
    .execute();
}

const filledAtOnce = 200;

async function fillContacts(database: Kysely<Tables>): Promise<void> {
  let after: ContactTable | undefined;
  for (;;) {
    let query = database
      .selectFrom('contacts')
      .selectAll()
      .orderBy('last_seen_at')
      .orderBy('agent_id')
      .orderBy('subject');
    if (after !== undefined) {
      const { last_seen_at: at, agent_id: agentId, subject } = after;
      query = query.where(sql<boolean>`(last_seen_at, agent_id, subject) > (${at}, ${agentId}, ${subject})`);
    }
    const rows = await query.limit(filledAtOnce).execute();
    for (const row of rows) {
      const { name, email } = contactTexts(row.claims);
      const key = { agentId: row.agent_id, subject: row.subject };
      await indexContact(database, key, [name, email, unescapeKey(row.subject)]);
    }
    after = rows.at(-1);
    if (rows.length < filledAtOnce) return;
  }
}

/** The one that was quiet longest first: what is found is the newest first. */
async function fillConversations(database: Kysely<Tables>): Promise<void> {
  let after: Pick<ConversationTable, 'updated_at' | 'id'> | undefined;
  for (;;) {
    let query = database
      .selectFrom('conversations')
      .select(['id', 'agent_id', 'owner_kind', 'owner_id', 'updated_at'])
      .orderBy('updated_at')
      .orderBy('id');
    if (after !== undefined) query = query.where(sql<boolean>`(updated_at, id) > (${after.updated_at}, ${after.id})`);
    const rows = await query.limit(filledAtOnce).execute();
    for (const row of rows) {
      await fillVisitor(database, row);
      await fillMessages(database, row);
    }
    after = rows.at(-1);
    if (rows.length < filledAtOnce) return;
  }
}

type Filled = Pick<ConversationTable, 'id' | 'agent_id' | 'owner_kind' | 'owner_id'>;

async function fillVisitor(database: Kysely<Tables>, conversation: Filled): Promise<void> {
  if (conversation.owner_kind !== 'subject') return;
  const contact = await database
    .selectFrom('contacts')
    .select('claims')
    .where('agent_id', '=', conversation.agent_id)
    .where('subject', '=', conversation.owner_id)
    .executeTakeFirst();
  const { name, email } = contactTexts(contact?.claims);
  await database
    .updateTable('conversations')
    .set({ contact_name: name, contact_email: email })
    .where('id', '=', conversation.id)
    .execute();
  const place = { agentId: conversation.agent_id, conversationId: conversation.id };
  await indexVisitor(database, place, [name, email, unescapeKey(conversation.owner_id)]);
}

async function fillMessages(database: Kysely<Tables>, { id, agent_id: agentId }: Filled): Promise<void> {
  let after = 0;
  for (;;) {
    const rows = await database
      .selectFrom('messages')
      .select(['id', 'role', 'body', 'position'])
      .where('conversation_id', '=', id)
      .where('position', '>', after)
      .where('pending', '=', 0)
      .orderBy('position')
      .limit(filledAtOnce)
      .execute();
    for (const row of rows) {
      await indexMessage(database, { agentId, conversationId: id, messageId: row.id }, toMessage(row));
      after = row.position;
    }
    if (rows.length < filledAtOnce) return;
  }
}
