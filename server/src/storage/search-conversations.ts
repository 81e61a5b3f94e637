import { setImmediate } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Database } from './backend.ts';
import type { ConversationTable } from './schema.ts';
import { maxSearchedCharacters } from './text.ts';

type Searched = Pick<ConversationTable, 'id' | 'search_title'>;

/** What one search may look at, so that nobody keeps a server busy with what they wrote before. */
type Budget = { messages: number; characters: number };
const maxMessages = 10_000;
const maxCharacters = 2_000_000;
const messagesAtOnce = 50;
const charactersAtOnce = 100_000;

/**
 * Ids of the first `maxFound` conversations whose title and messages hold all of `words` (`searchWords`), in the order given. At most
 * 10,000 messages with 2,000,000 characters are looked at; titles after that.
 *
 * Words are compared here, in linear time: the databases' own comparisons take text × word, and SQLite runs in this thread.
 */
export async function searchConversations(
  database: Database,
  conversations: readonly Searched[],
  words: readonly string[],
  maxFound: number,
): Promise<readonly string[]> {
  const budget = { messages: maxMessages, characters: maxCharacters };
  const found: string[] = [];
  for (const conversation of conversations) {
    if (found.length === maxFound) break;
    if (await holdsAll(database, conversation, words, budget)) found.push(conversation.id);
  }
  return found;
}

async function holdsAll(database: Database, { id, search_title }: Searched, words: readonly string[], budget: Budget) {
  await setImmediate();
  let missing = words.filter((word) => !search_title.includes(word));
  let before: number | undefined;
  let step = 0;
  while (missing.length > 0 && budget.messages > 0 && budget.characters > 0) {
    const rows = await messagesBefore(database, id, before);
    for (const { text } of rows) {
      budget.messages -= 1;
      budget.characters -= text?.length ?? 0;
      missing = missing.filter((word) => text?.includes(word) !== true);
      step += text?.length ?? 0;
      if (step < charactersAtOnce) continue;
      step = 0;
      await setImmediate();
    }
    // The queries of SQLite end in the same turn of the event loop in which they began.
    await setImmediate();
    if (rows.length < messagesAtOnce) break;
    before = rows.at(-1)?.position;
  }
  return missing.length === 0;
}

/** Hidden ones come along without their text: passing over many of them in the database would be a step without a bound. */
function messagesBefore(database: Database, conversationId: string, before: number | undefined) {
  // Earlier versions have stored more than is searched.
  const text = sql<
    string | null
  >`case when superseded = 0 then substr(search_text, 1, ${sql.lit(maxSearchedCharacters)}) end`;
  const newest = database
    .selectFrom('messages')
    .select(['position', text.as('text')])
    .where('conversation_id', '=', conversationId)
    .orderBy('position', 'desc')
    .limit(messagesAtOnce);
  return (before === undefined ? newest : newest.where('position', '<', before)).execute();
}
