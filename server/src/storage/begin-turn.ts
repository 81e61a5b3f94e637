import { type ChatMessage, textOf } from '../../../src/protocol/index.ts';
import { findApproval, settleApproval } from './approval-store.ts';
import { type Backend, transact, type Trx } from './backend.ts';
import { interruptReply, lastMessageCharacters } from './end-reply.ts';
import { ownerColumns, toBody, toMessage, toReply } from './rows.ts';
import type { ConversationTable, ReplyTable } from './schema.ts';
import type { BeginTurn, NewTurn } from './store.ts';
import { escapeKey, preview } from './text.ts';
import { useSession } from './visitor-stores.ts';

type SubmitTurn = Extract<NewTurn, { trigger: 'submit-message' }>;
type AnswerTurn = Extract<NewTurn, { trigger: 'answer-approval' }>;
type RegenerateTurn = Extract<NewTurn, { trigger: 'regenerate-message' }>;

const titleCharacters = 80;
const historyMessages = 200;
const maxIdCharacters = 255;

/**
 * Takes its locks in one order, as everything here does: session, conversation, then what is in it. Whoever has the
 * conversation's row is alone with it, in every process.
 */
export function beginTurn(backend: Backend, turn: NewTurn): Promise<BeginTurn> {
  checkIds(turn);
  return transact(backend, async (trx) => {
    const { owner, mayBegin = true } = turn;
    // Where nothing may begin nothing may be left behind either, such as the row of a session that nobody knows.
    if (!mayBegin) return (await wouldBegin(trx, turn)) ? { outcome: 'not_begun' } : proceed(trx, turn);
    if (owner.kind === 'session' && !(await useSession(trx, owner.agentId, owner.sessionHash, turn.now))) {
      return { outcome: 'conversation_not_found' };
    }
    if (turn.trigger === 'submit-message') await createConversation(trx, turn);
    return proceed(trx, turn);
  });
}

/** Whether there is no such conversation, so that a message would make it. */
async function wouldBegin(trx: Trx, { trigger, conversationId }: NewTurn): Promise<boolean> {
  if (trigger !== 'submit-message') return false;
  const row = await trx
    .selectFrom('conversations')
    .select('id')
    .where('id', '=', escapeKey(conversationId))
    .executeTakeFirst();
  return row === undefined;
}

async function proceed(trx: Trx, turn: NewTurn): Promise<BeginTurn> {
  const conversation = await lockConversation(trx, turn);
  if (conversation === undefined) return { outcome: 'conversation_not_found' };
  switch (turn.trigger) {
    case 'submit-message':
      return submit(trx, conversation, turn);
    case 'regenerate-message':
      return regenerate(trx, conversation, turn);
    case 'answer-approval':
      return answerApproval(trx, conversation, turn);
  }
}

function checkIds(turn: NewTurn): void {
  for (const id of [turn.conversationId, turn.replyId, ownId(turn)]) {
    if (id.length === 0 || id.length > maxIdCharacters) {
      throw new RangeError(`An id has 1 to ${maxIdCharacters} characters; one of a turn has ${id.length}.`);
    }
  }
}

function ownId(turn: NewTurn): string {
  switch (turn.trigger) {
    case 'submit-message':
      return turn.message.id;
    case 'regenerate-message':
      return turn.messageId;
    case 'answer-approval':
      return turn.approvalId;
  }
}

async function createConversation(trx: Trx, turn: SubmitTurn): Promise<void> {
  await trx
    .insertInto('conversations')
    .values({
      ...ownerColumns(turn.owner),
      id: escapeKey(turn.conversationId),
      title: preview(textOf(turn.message), titleCharacters),
      created_at: turn.now,
      updated_at: turn.now,
      last_message: '',
      next_position: 1,
      read_position: 0,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}

/** A write that changes nothing: both databases then keep other writers of this row waiting until the transaction ends. */
function lockConversation(trx: Trx, turn: NewTurn): Promise<ConversationTable | undefined> {
  const { agent_id, owner_kind, owner_id } = ownerColumns(turn.owner);
  return trx
    .updateTable('conversations')
    .set((expression) => ({ next_position: expression.ref('next_position') }))
    .where('id', '=', escapeKey(turn.conversationId))
    .where('agent_id', '=', agent_id)
    .where('owner_kind', '=', owner_kind)
    .where('owner_id', '=', owner_id)
    .returningAll()
    .executeTakeFirst();
}

async function submit(trx: Trx, conversation: ConversationTable, turn: SubmitTurn): Promise<BeginTurn> {
  const messageId = escapeKey(turn.message.id);
  const known = await trx
    .selectFrom('messages')
    .select('content_hash')
    .where('conversation_id', '=', conversation.id)
    .where('id', '=', messageId)
    .executeTakeFirst();
  if (known !== undefined) {
    const same = known.content_hash === turn.contentHash;
    const reply = same ? await currentReply(trx, conversation.id, messageId) : undefined;
    return reply === undefined ? { outcome: 'message_conflict' } : { outcome: 'exists', reply: toReply(reply) };
  }
  if (await isBusy(trx, conversation.id, turn)) return { outcome: 'conversation_busy' };
  if (turn.mayBegin === false) return { outcome: 'not_begun' };
  await storeUserMessage(trx, conversation, turn);
  return begin(trx, conversation, turn, messageId, conversation.next_position + 1);
}

function currentReply(trx: Trx, conversationId: string, userMessageId: string): Promise<ReplyTable | undefined> {
  return trx
    .selectFrom('replies')
    .selectAll()
    .where('conversation_id', '=', conversationId)
    .where('user_message_id', '=', userMessageId)
    .where('superseded_by', 'is', null)
    .executeTakeFirst();
}

/** Whether a reply runs. One whose process has died is ended on the way. */
async function isBusy(trx: Trx, conversationId: string, turn: NewTurn): Promise<boolean> {
  const running = await trx
    .selectFrom('replies')
    .selectAll()
    .where('conversation_id', '=', conversationId)
    .where('state', '=', 'running')
    .executeTakeFirst();
  if (running === undefined) return false;
  // The heart may have beaten since it was read; only the update itself can tell.
  return !(await interruptReply(trx, running, turn.staleBefore, turn.now));
}

async function storeUserMessage(trx: Trx, conversation: ConversationTable, turn: SubmitTurn): Promise<void> {
  await trx
    .insertInto('messages')
    .values({
      conversation_id: conversation.id,
      id: escapeKey(turn.message.id),
      position: conversation.next_position,
      role: 'user',
      body: toBody(turn.message),
      content_hash: turn.contentHash,
      metadata: JSON.stringify(turn.metadata),
      created_at: turn.now,
      pending: 0,
      superseded: 0,
    })
    .execute();
  await trx
    .updateTable('conversations')
    .set({
      // Who answers has read what was there.
      read_position: conversation.next_position,
      last_message: preview(textOf(turn.message), lastMessageCharacters),
    })
    .where('id', '=', conversation.id)
    .execute();
}

async function regenerate(trx: Trx, conversation: ConversationTable, turn: RegenerateTurn): Promise<BeginTurn> {
  const old = await trx
    .selectFrom('replies')
    .selectAll()
    .where('conversation_id', '=', conversation.id)
    .where('message_id', '=', escapeKey(turn.messageId))
    .executeTakeFirst();
  if (old === undefined) return { outcome: 'message_not_found' };
  if (old.superseded_by !== null) {
    const newest = await currentReply(trx, conversation.id, old.user_message_id);
    return newest === undefined ? { outcome: 'message_conflict' } : { outcome: 'exists', reply: toReply(newest) };
  }
  if ((await newestMessageId(trx, conversation.id)) !== old.message_id) return { outcome: 'message_conflict' };
  if (await isBusy(trx, conversation.id, turn)) return { outcome: 'conversation_busy' };
  if (turn.mayBegin === false) return { outcome: 'not_begun' };
  await supersede(trx, old, escapeKey(turn.replyId));
  return begin(trx, conversation, turn, old.user_message_id, conversation.next_position);
}

/**
 * The answer is kept with the reply that goes on: whoever has seen that reply run knows that the approval is spent. A
 * process that dies in between leaves an interrupted reply, and the action is not run again.
 */
async function answerApproval(trx: Trx, conversation: ConversationTable, turn: AnswerTurn): Promise<BeginTurn> {
  const held = await findApproval(trx, conversation.id, escapeKey(turn.approvalId));
  if (held === undefined) return { outcome: 'approval_not_found' };
  const { approval, answer } = held;
  // No message of a visitor can have this id.
  const answerId = `approval:${escapeKey(approval.id)}`;
  if (answer === 'expired') return { outcome: 'approval_expired' };
  if (answer !== undefined) {
    const reply = answer === turn.approved ? await currentReply(trx, conversation.id, answerId) : undefined;
    return reply === undefined ? { outcome: 'message_conflict' } : { outcome: 'exists', reply: toReply(reply) };
  }
  if (turn.now >= approval.expiresAt) {
    await settleApproval(trx, approval, 'expired');
    return { outcome: 'approval_expired' };
  }
  if (await isBusy(trx, conversation.id, turn)) return { outcome: 'conversation_busy' };
  if (turn.mayBegin === false) return { outcome: 'not_begun' };
  await settleApproval(trx, approval, turn.approved);
  const begun = await begin(trx, conversation, turn, answerId, conversation.next_position);
  return begun.outcome === 'begun' ? { ...begun, approval } : begun;
}

async function newestMessageId(trx: Trx, conversationId: string): Promise<string | undefined> {
  const row = await trx
    .selectFrom('messages')
    .select('id')
    .where('conversation_id', '=', conversationId)
    .where('superseded', '=', 0)
    .orderBy('position', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.id;
}

async function supersede(trx: Trx, old: ReplyTable, replacement: string): Promise<void> {
  await trx
    .updateTable('replies')
    .set({ superseded_by: replacement })
    .where('message_id', '=', old.message_id)
    .execute();
  await trx
    .updateTable('messages')
    .set({ superseded: 1 })
    .where('conversation_id', '=', old.conversation_id)
    .where('id', '=', old.message_id)
    .execute();
}

/** Stores the reply that runs from now on, and its message, still empty, at `position`. */
async function begin(
  trx: Trx,
  conversation: ConversationTable,
  turn: NewTurn,
  userMessageId: string,
  position: number,
): Promise<BeginTurn> {
  const history = await readHistory(trx, conversation.id);
  const reply: ReplyTable = {
    message_id: escapeKey(turn.replyId),
    conversation_id: conversation.id,
    user_message_id: userMessageId,
    state: 'running',
    process_id: escapeKey(turn.processId),
    heartbeat_at: turn.now,
    superseded_by: null,
    stop_requested: 0,
    started_at: turn.now,
    ended_at: null,
  };
  await trx.insertInto('replies').values(reply).execute();
  await trx.insertInto('messages').values(emptyMessage(reply, position)).execute();
  await trx
    .updateTable('conversations')
    .set({ next_position: position + 1, updated_at: turn.now })
    .where('id', '=', conversation.id)
    .execute();
  return { outcome: 'begun', reply: toReply(reply), history };
}

function emptyMessage(reply: ReplyTable, position: number) {
  const metadata = { createdAt: new Date(reply.started_at).toISOString(), status: 'streaming' } as const;
  return {
    conversation_id: reply.conversation_id,
    id: reply.message_id,
    position,
    role: 'assistant',
    body: toBody({ parts: [], metadata }),
    content_hash: null,
    metadata: null,
    created_at: reply.started_at,
    pending: 1,
    superseded: 0,
  } as const;
}

async function readHistory(trx: Trx, conversationId: string): Promise<readonly ChatMessage[]> {
  const rows = await trx
    .selectFrom('messages')
    .select(['id', 'role', 'body'])
    .where('conversation_id', '=', conversationId)
    .where('superseded', '=', 0)
    .orderBy('position', 'desc')
    .limit(historyMessages)
    .execute();
  return rows
    .reverse()
    .map(toMessage)
    .filter((message) => message.role === 'user' || message.parts.length > 0);
}
