import type { Claims } from '../../../src/protocol/index.ts';
import type { Backend, Database } from './backend.ts';
import { listContacts, toContact } from './contact-list.ts';
import { queryWords } from './found-words.ts';
import { listInbox } from './inbox-list.ts';
import { countUnread, toInbox } from './inbox-query.ts';
import { searchInbox } from './inbox-search.ts';
import type { ClaimsChange, InboxStore } from './inbox-stores.ts';
import { shownColumns, toMessage } from './rows.ts';
import { searchIndexOf } from './search-index.ts';
import { escapeKey } from './text.ts';

const maxChanges = 100;

export function createInboxStore({ database, dialect }: Backend): InboxStore {
  const index = searchIndexOf(dialect);
  return {
    list: async (filter, page) =>
      filter.query === undefined
        ? listInbox(database, filter, page)
        : searchInbox(database, index, { filter, words: queryWords(filter.query), page }),
    find: (conversationId) => find(database, conversationId),
    messagesAfter: (conversationId, after, limit) => messagesAfter(database, conversationId, after, limit),
    contacts: async (filter, page) => listContacts(database, index, filter, page),
    contact: async (agentId, subject) => {
      const row = await database
        .selectFrom('contacts')
        .selectAll()
        .where('agent_id', '=', escapeKey(agentId))
        .where('subject', '=', escapeKey(subject))
        .executeTakeFirst();
      return row === undefined ? undefined : { ...toContact(row), claims: JSON.parse(row.claims) as Claims };
    },
    claimsHistory: (agentId, subject) => claimsHistory(database, agentId, subject),
  };
}

async function find(database: Database, conversationId: string) {
  const row = await database
    .selectFrom('conversations')
    .selectAll('conversations')
    .select((expression) => countUnread(expression).as('unread_count'))
    .where('conversations.id', '=', escapeKey(conversationId))
    .executeTakeFirst();
  return row === undefined ? undefined : toInbox(row);
}

async function messagesAfter(database: Database, conversationId: string, after: number, limit: number) {
  const rows = await database
    .selectFrom('messages')
    .select([...shownColumns, 'position'])
    .where('conversation_id', '=', escapeKey(conversationId))
    .where('superseded', '=', 0)
    .where('position', '>', after)
    .orderBy('position')
    .limit(limit)
    .execute();
  return { messages: rows.map(toMessage), last: rows.at(-1)?.position ?? after };
}

async function claimsHistory(database: Database, agentId: string, subject: string): Promise<readonly ClaimsChange[]> {
  const rows = await database
    .selectFrom('audit')
    .select(['at', 'detail'])
    .where('agent_id', '=', escapeKey(agentId))
    .where('subject', '=', escapeKey(subject))
    .where('kind', '=', 'claims-changed')
    .orderBy('id', 'desc')
    .limit(maxChanges)
    .execute();
  return rows.map(({ at, detail }) => {
    const { claims } = JSON.parse(detail ?? '{}') as { readonly claims?: readonly string[] };
    return { at, claims: claims ?? [] };
  });
}
