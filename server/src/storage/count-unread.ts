import { type ExpressionBuilder, sql } from 'kysely';
import type { Tables } from './schema.ts';

/** More than these are not counted: it is "99+" to whoever reads it. */
const maxUnread = 100;

/** What the index of answers says: in these very words, since a database uses such an index for nothing else. */
const isAnswer = sql<boolean>`role = 'assistant' and pending = 0 and superseded = 0`;

/** The answers of a conversation that its visitor has not read. Reads at most so many messages. */
export function countUnread({ selectFrom }: ExpressionBuilder<Tables, 'conversations'>) {
  const unread = selectFrom('messages')
    .select('messages.position')
    .whereRef('messages.conversation_id', '=', 'conversations.id')
    .whereRef('messages.position', '>', 'conversations.read_position')
    .where(isAnswer)
    // For Postgres, which would rather look through all messages of everybody, in the hope of finding so many soon.
    .orderBy('messages.position')
    .limit(maxUnread);
  return selectFrom(unread.as('unread')).select(({ fn }) => fn.countAll<number>().as('count'));
}
