import {
  type ChatMessage,
  emptyReply,
  endReply,
  type Reply,
  reduceReply,
  type StreamPart,
} from '../../../src/protocol/index.ts';
import type { Trx } from './backend.ts';
import { lineOfMessage, toBody, toMessage, wordsOfMessage } from './rows.ts';
import type { ReplyTable } from './schema.ts';
import { indexMessage } from './search-index.ts';
import type { ReplyState } from './store.ts';
import { searchText } from './text.ts';

type ReplyKey = Pick<ReplyTable, 'message_id' | 'conversation_id'>;

/** Sets the state of a reply that runs; false when it runs no more. Only where its heart beat before `heartbeatBefore`. */
async function closeReply(
  trx: Trx,
  messageId: string,
  state: Exclude<ReplyState, 'running'>,
  now: number,
  heartbeatBefore = Number.MAX_SAFE_INTEGER,
): Promise<boolean> {
  const closed = await trx
    .updateTable('replies')
    .set({ state, ended_at: now })
    .where('message_id', '=', messageId)
    .where('state', '=', 'running')
    .where('heartbeat_at', '<', heartbeatBefore)
    .returning('message_id')
    .executeTakeFirst();
  return closed !== undefined;
}

/** Ends a running reply with the message its process gave it. Wants the conversation's lock to be held. */
export async function finishReply(
  trx: Trx,
  reply: ReplyKey,
  state: Exclude<ReplyState, 'running'>,
  message: ChatMessage,
  now: number,
): Promise<boolean> {
  if (!(await closeReply(trx, reply.message_id, state, now))) return false;
  await storeMessage(trx, reply, message, now);
  return true;
}

/** Ends a reply whose process has died, with what had been stored of it. False when it lives, or has ended. */
export async function interruptReply(
  trx: Trx,
  reply: ReplyKey,
  heartbeatBefore: number,
  now: number,
): Promise<boolean> {
  if (!(await closeReply(trx, reply.message_id, 'interrupted', now, heartbeatBefore))) return false;
  await storeMessage(trx, reply, await rebuildMessage(trx, reply), now);
  return true;
}

async function rebuildMessage(trx: Trx, reply: ReplyKey): Promise<ChatMessage> {
  const stored = await trx
    .selectFrom('messages')
    .select(['id', 'role', 'body'])
    .where('conversation_id', '=', reply.conversation_id)
    .where('id', '=', reply.message_id)
    .executeTakeFirstOrThrow();
  const parts = await trx
    .selectFrom('reply_parts')
    .select('body')
    .where('message_id', '=', reply.message_id)
    .orderBy('n')
    .execute();
  const message = toMessage(stored);
  const empty: Reply = { ...emptyReply(message.id), message: { ...message, parts: [] } };
  const written = parts.reduce((reply, { body }) => reduceReply(reply, JSON.parse(body) as StreamPart), empty);
  const ended = endReply(written, 'interrupted');
  return { ...ended.message, metadata: { ...ended.message.metadata, status: 'interrupted' } };
}

async function storeMessage(trx: Trx, reply: ReplyKey, message: ChatMessage, now: number): Promise<void> {
  await trx
    .updateTable('messages')
    .set({ body: toBody(message), pending: 0, search_text: searchText(wordsOfMessage(message)) })
    .where('conversation_id', '=', reply.conversation_id)
    .where('id', '=', reply.message_id)
    .execute();
  const lastMessage = lineOfMessage(message);
  const { agent_id: agentId } = await trx
    .updateTable('conversations')
    .set(lastMessage === '' ? { updated_at: now } : { updated_at: now, last_message: lastMessage })
    .where('id', '=', reply.conversation_id)
    .returning('agent_id')
    .executeTakeFirstOrThrow();
  await indexMessage(trx, { agentId, conversationId: reply.conversation_id, messageId: reply.message_id }, message);
}
