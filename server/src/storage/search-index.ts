import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Backend, Database } from './backend.ts';
import { foundWords } from './found-words.ts';
import { createPostgresSearch } from './postgres-search.ts';
import { wordsOfMessage } from './rows.ts';
import type { Tables } from './schema.ts';
import { createSqliteSearch } from './sqlite-search.ts';
import { searchText } from './text.ts';

/** Something that was found: a message of a conversation, who its visitor is, or a contact. A larger `n` is a newer one. */
export type Hit = {
  readonly n: number;
  /** Keys as they are stored. */
  readonly conversation_id: string | null;
  readonly message_id: string | null;
  readonly agent_id: string;
  readonly subject: string | null;
};

export type SearchQuery = {
  /** Each begins a word of what is found. Of letters and digits only (`queryWords`). */
  readonly words: readonly string[];
  /** Words of which what is found has one, whole; null: whatever. */
  readonly oneOf: readonly string[] | null;
  readonly below: number;
  readonly limit: number;
};

export type HoldingQuery = {
  /** Ids as they are stored. */
  readonly conversations: readonly string[];
  readonly words: readonly string[];
  readonly from: number;
};

/**
 * The index of words, in which the two databases differ: how it is made, and how it is asked. What stands in it comes through
 * the table `search_entries` alone; the databases keep the index in step with that (docs/decisions/0015-operator-search.md).
 */
export type SearchIndex = {
  create(database: Database): Promise<void>;
  /** The newest first. What is read to find them is bounded by what the words find, never by what the table holds. */
  hits(database: Database, query: SearchQuery): Promise<readonly Hit[]>;
  /** Those of the conversations that have all words in a shown message, or in who their visitor is, among the entries from `from` on. */
  holding(database: Database, query: HoldingQuery): Promise<ReadonlySet<string>>;
};

export function searchIndexOf(dialect: Backend['dialect']): SearchIndex {
  return dialect === 'sqlite' ? createSqliteSearch() : createPostgresSearch();
}

/** Characters that no text's words have: what stands behind them is an agent. */
const conversationSign = '\uE000';
const contactSign = '\uE001';

/** The word that all of an agent's messages have in the index. */
export function agentWord(agentId: string): string {
  return conversationSign + shortHash(agentId);
}

/** The word that all of an agent's contacts have in the index; without an agent, that of all contacts. */
export function contactWord(agentId?: string): string {
  return contactSign + (agentId === undefined ? '' : shortHash(agentId));
}

function shortHash(agentId: string): string {
  return createHash('sha256').update(agentId).digest('hex').slice(0, 16);
}

type Writer = Pick<Kysely<Tables>, 'deleteFrom' | 'insertInto'>;

/** Puts a message that has been written in full into the index. Ids as they are stored. */
export async function indexMessage(
  trx: Writer,
  place: { readonly agentId: string; readonly conversationId: string; readonly messageId: string },
  message: Parameters<typeof wordsOfMessage>[0],
): Promise<void> {
  const words = foundWords(searchText(wordsOfMessage(message)));
  await insertEntry(trx, place, words);
}

/** Where there are no words there is nothing to be found. */
async function insertEntry(
  trx: Writer,
  place: { readonly agentId: string; readonly conversationId: string; readonly messageId: string | null },
  words: readonly string[],
): Promise<void> {
  if (words.length === 0) return;
  await trx
    .insertInto('search_entries')
    .values({
      agent_id: place.agentId,
      conversation_id: place.conversationId,
      message_id: place.messageId,
      subject: null,
      words: joined(agentWord(place.agentId), words),
    })
    .execute();
}

/** Who a conversation's visitor is, as it can be found; takes the place of what was there. */
export async function indexVisitor(
  trx: Writer,
  place: { readonly agentId: string; readonly conversationId: string },
  texts: readonly (string | null)[],
): Promise<void> {
  await trx
    .deleteFrom('search_entries')
    .where('conversation_id', '=', place.conversationId)
    .where('message_id', 'is', null)
    .execute();
  await insertEntry(trx, { ...place, messageId: null }, wordsOf(texts));
}

/** The same of a contact. Keys as they are stored. */
export async function indexContact(
  trx: Writer,
  contact: { readonly agentId: string; readonly subject: string },
  texts: readonly (string | null)[],
): Promise<void> {
  await trx
    .deleteFrom('search_entries')
    .where('agent_id', '=', contact.agentId)
    .where('subject', '=', contact.subject)
    .execute();
  await trx
    .insertInto('search_entries')
    .values({
      agent_id: contact.agentId,
      conversation_id: null,
      message_id: null,
      subject: contact.subject,
      words: joined(`${contactWord()} ${contactWord(contact.agentId)}`, wordsOf(texts)),
    })
    .execute();
}

function wordsOf(texts: readonly (string | null)[]): readonly string[] {
  return foundWords(texts.filter((text) => text !== null).join(' '));
}

function joined(sign: string, words: readonly string[]): string {
  return [sign, ...words].join(' ');
}
