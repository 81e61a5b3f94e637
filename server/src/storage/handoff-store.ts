import type { ChatMessage } from '../../../src/protocol/index.ts';
import { type Backend, type Database, transact, type Trx } from './backend.ts';
import { lockConversation } from './lock-conversation.ts';
import { lineOfMessage, toBody, wordsOfMessage } from './rows.ts';
import type { ConversationTable } from './schema.ts';
import { indexMessage } from './search-index.ts';
import type { Handoff, HandoffStore } from './more-stores.ts';
import { escapeKey, searchText } from './text.ts';

export function createHandoffStore(backend: Backend): HandoffStore {
  return {
    find: (conversationId) => find(backend.database, conversationId),
    change: (change) => transact(backend, (trx) => changeState(trx, change)),
    say: (conversationId, message, now, operatorId) =>
      transact(backend, (trx) => say(trx, { conversationId, message, now, operatorId })),
  };
}

export function toHandoff(row: Pick<ConversationTable, 'handoff_state' | 'handoff_name'>): Handoff {
  const { handoff_state: state, handoff_name: name } = row;
  return name === null ? { state } : { state, name };
}

async function find(database: Database, conversationId: string): Promise<Handoff | undefined> {
  const row = await database
    .selectFrom('conversations')
    .select(['handoff_state', 'handoff_name'])
    .where('id', '=', escapeKey(conversationId))
    .executeTakeFirst();
  return row === undefined ? undefined : toHandoff(row);
}

async function changeState(trx: Trx, change: Parameters<HandoffStore['change']>[0]) {
  const conversation = await lockConversation(trx, escapeKey(change.conversationId)).returningAll().executeTakeFirst();
  if (conversation === undefined) return 'conversation_not_found';
  const { from, to, heldBy, operatorId } = change;
  if (!from.includes(conversation.handoff_state)) return 'wrong_state';
  if (heldBy !== undefined && !isHeldBy(conversation, heldBy)) return 'wrong_state';
  const holder = to.state === 'active' && operatorId !== undefined ? escapeKey(operatorId) : null;
  await trx
    .updateTable('conversations')
    .set({ handoff_state: to.state, handoff_name: to.name ?? null, handoff_operator_id: holder })
    .where('id', '=', conversation.id)
    .execute();
  await addMessage(trx, conversation, change.message(toHandoff(conversation)), change.now);
  return 'changed';
}

function isHeldBy({ handoff_operator_id: holder }: ConversationTable, operatorId: string): boolean {
  return holder === escapeKey(operatorId);
}

type Saying = {
  readonly conversationId: string;
  readonly message: ChatMessage;
  readonly now: number;
  readonly operatorId: string | undefined;
};

async function say(trx: Trx, { conversationId, message, now, operatorId }: Saying) {
  const conversation = await lockConversation(trx, escapeKey(conversationId)).returningAll().executeTakeFirst();
  if (conversation === undefined) return 'conversation_not_found';
  const known = await trx
    .selectFrom('messages')
    .select('id')
    .where('conversation_id', '=', conversation.id)
    .where('id', '=', escapeKey(message.id))
    .executeTakeFirst();
  if (known !== undefined) return 'exists';
  if (conversation.handoff_state !== 'active') return 'not_active';
  if (operatorId !== undefined && !isHeldBy(conversation, operatorId)) return 'not_active';
  // Of the locked row: whoever had taken over before may have been another.
  const author = { kind: 'operator', name: conversation.handoff_name ?? '' } as const;
  await addMessage(trx, conversation, { ...message, metadata: { ...message.metadata, author } }, now);
  return 'stored';
}

/** At the conversation's end, as one that has been written in full. */
async function addMessage(trx: Trx, conversation: ConversationTable, message: ChatMessage, now: number) {
  await trx
    .insertInto('messages')
    .values({
      conversation_id: conversation.id,
      id: escapeKey(message.id),
      position: conversation.next_position,
      role: message.role,
      body: toBody(message),
      content_hash: null,
      metadata: null,
      created_at: now,
      pending: 0,
      superseded: 0,
      feedback: null,
      search_text: searchText(wordsOfMessage(message)),
    })
    .execute();
  const place = { agentId: conversation.agent_id, conversationId: conversation.id, messageId: escapeKey(message.id) };
  await indexMessage(trx, place, message);
  const lastMessage = lineOfMessage(message);
  await trx
    .updateTable('conversations')
    .set({
      next_position: conversation.next_position + 1,
      updated_at: now,
      ...(lastMessage === '' ? {} : { last_message: lastMessage }),
    })
    .where('id', '=', conversation.id)
    .execute();
}
