import type { MessagePart } from '../../../src/protocol/index.ts';
import type { Trx } from './backend.ts';
import { noteConsent } from './note-consent.ts';
import { toBody } from './rows.ts';
import type { ConversationTable, ReplyTable } from './schema.ts';
import type { NewTurn } from './store.ts';
import { escapeKey } from './text.ts';

type NewReply = {
  /** As rows have it: escaped. */
  readonly userMessageId: string;
  readonly position: number;
  /** One that is `complete` as it begins says nothing that anybody wrote: its message stands in no list. */
  readonly state: 'running' | 'complete';
  readonly parts: readonly MessagePart[];
};

/** Stores a turn's reply and the reply's message, the conversation's newest. */
export async function storeReply(
  trx: Trx,
  conversation: ConversationTable,
  turn: NewTurn,
  { userMessageId, position, state, parts }: NewReply,
): Promise<ReplyTable> {
  await noteConsent(trx, conversation, turn);
  const isRunning = state === 'running';
  const reply: ReplyTable = {
    message_id: escapeKey(turn.replyId),
    conversation_id: conversation.id,
    user_message_id: userMessageId,
    state,
    process_id: escapeKey(turn.processId),
    heartbeat_at: turn.now,
    superseded_by: null,
    stop_requested: 0,
    started_at: turn.now,
    ended_at: isRunning ? null : turn.now,
  };
  const metadata = {
    createdAt: new Date(turn.now).toISOString(),
    status: isRunning ? 'streaming' : 'complete',
  } as const;
  await trx.insertInto('replies').values(reply).execute();
  await trx
    .insertInto('messages')
    .values({
      conversation_id: conversation.id,
      id: reply.message_id,
      position,
      role: 'assistant',
      body: toBody({ parts, metadata }),
      content_hash: null,
      metadata: null,
      created_at: turn.now,
      pending: isRunning ? 1 : 0,
      superseded: isRunning ? 0 : 1,
      feedback: null,
      search_text: '',
    })
    .execute();
  await trx
    .updateTable('conversations')
    .set({ next_position: position + 1, updated_at: turn.now })
    .where('id', '=', conversation.id)
    .execute();
  return reply;
}
