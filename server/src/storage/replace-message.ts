import type { Trx } from './backend.ts';
import { titleColumns, toMessage, wordsOfMessage } from './rows.ts';
import type { ConversationTable } from './schema.ts';
import type { NewTurn } from './store.ts';
import { escapeKey, preview } from './text.ts';

type SubmitTurn = Extract<NewTurn, { trigger: 'submit-message' }>;

/** Why a message cannot take the place of `replaces`. Wants the conversation's lock to be held. */
export async function obstacleToReplacing(
  trx: Trx,
  conversation: ConversationTable,
  replaces: string | undefined,
): Promise<'message_not_found' | 'message_conflict' | undefined> {
  if (replaces === undefined) return undefined;
  const old = await findOld(trx, conversation.id, replaces);
  if (old === undefined) return 'message_not_found';
  const newest = await trx
    .selectFrom('messages')
    .select('id')
    .where('conversation_id', '=', conversation.id)
    .where('role', '=', 'user')
    .where('superseded', '=', 0)
    .orderBy('position', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (newest?.id !== old.id) return 'message_conflict';
  return (await isReadByPerson(trx, conversation, old.position)) ? 'message_conflict' : undefined;
}

/** What a person has read cannot be made unsaid, not even once they are gone. */
async function isReadByPerson(trx: Trx, conversation: ConversationTable, position: number): Promise<boolean> {
  if (conversation.handoff_state === 'active') return true;
  const trace = await trx
    .selectFrom('messages')
    .leftJoin('replies', 'replies.message_id', 'messages.id')
    .select('messages.id')
    .where('messages.conversation_id', '=', conversation.id)
    .where('messages.role', '=', 'assistant')
    .where('messages.position', '>', position)
    .where(({ and, eb, or }) =>
      or([
        // Said by a person, or a step of a hand-off: no reply of the agent's.
        eb('replies.message_id', 'is', null),
        // Hidden from its beginning: what `handOver` leaves behind a message that was sent to a person.
        and([eb('messages.superseded', '=', 1), eb('replies.superseded_by', 'is', null)]),
      ]),
    )
    .limit(1)
    .executeTakeFirst();
  return trace !== undefined;
}

function findOld(trx: Trx, conversationId: string, id: string) {
  return trx
    .selectFrom('messages')
    .select(['id', 'role', 'body', 'position'])
    .where('conversation_id', '=', conversationId)
    .where('id', '=', escapeKey(id))
    .executeTakeFirst();
}

/** Hides the old message and the agent's replies since; what people have said stays. */
export async function replaceMessage(trx: Trx, conversation: ConversationTable, turn: SubmitTurn): Promise<void> {
  if (turn.replaces === undefined) return;
  const old = await findOld(trx, conversation.id, turn.replaces);
  if (old === undefined) return;
  const replies = await trx
    .selectFrom('messages')
    .innerJoin('replies', 'replies.message_id', 'messages.id')
    .select('messages.id')
    .where('messages.conversation_id', '=', conversation.id)
    .where('replies.conversation_id', '=', conversation.id)
    .where('messages.position', '>', old.position)
    .execute();
  const replyIds = replies.map(({ id }) => id);
  await trx
    .updateTable('messages')
    .set({ superseded: 1 })
    .where('conversation_id', '=', conversation.id)
    .where('id', 'in', [old.id, ...replyIds])
    .execute();
  if (replyIds.length > 0) {
    await trx
      .updateTable('replies')
      .set({ superseded_by: escapeKey(turn.replyId) })
      .where('message_id', 'in', replyIds)
      .where('superseded_by', 'is', null)
      .execute();
  }
  await keepTitle(trx, conversation, wordsOfMessage(toMessage(old)), wordsOfMessage(turn.message));
}

const titleCharacters = 80;

/** A title that was made of the old message is made of the new one. */
async function keepTitle(trx: Trx, conversation: ConversationTable, oldWords: string, newWords: string) {
  if (conversation.title !== titleOf(oldWords)) return;
  await trx
    .updateTable('conversations')
    .set(titleColumns(titleOf(newWords)))
    .where('id', '=', conversation.id)
    .execute();
}

export function titleOf(words: string): string {
  return preview(words, titleCharacters);
}
