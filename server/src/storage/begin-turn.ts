import type { ChatMessage } from '../../../src/protocol/index.ts';
import { findApproval, settleApproval } from './approval-store.ts';
import { sendAttachments } from './attachment-store.ts';
import { type Backend, transact, type Trx } from './backend.ts';
import { interruptReply } from './end-reply.ts';
import { handOver } from './hand-over.ts';
import { lockConversation } from './lock-conversation.ts';
import { noteVisitor } from './note-visitor.ts';
import { obstacleToReplacing, replaceMessage, titleOf } from './replace-message.ts';
import { lineOfMessage, ownerColumns, titleColumns, toBody, toMessage, toReply, wordsOfMessage } from './rows.ts';
import type { ConversationTable, ReplyTable } from './schema.ts';
import { indexMessage } from './search-index.ts';
import { storeReply } from './store-reply.ts';
import type { BeginTurn, NewTurn } from './store.ts';
import { escapeKey, searchText } from './text.ts';
import { retireSession, useSession } from './visitor-stores.ts';

type SubmitTurn = Extract<NewTurn, { trigger: 'submit-message' }>;
type AnswerTurn = Extract<NewTurn, { trigger: 'answer-approval' }>;
type RegenerateTurn = Extract<NewTurn, { trigger: 'regenerate-message' }>;

const historyMessages = 200;
const maxIdCharacters = 255;

/**
 * Takes its locks in one order, as everything here does: session, conversation, then what is in it. Whoever has the
 * conversation's row is alone with it, in every process.
 */
export async function beginTurn(backend: Backend, turn: NewTurn): Promise<BeginTurn> {
  checkIds(turn);
  try {
    return await tryTurn(backend, turn);
  } catch (error) {
    if (error instanceof AttachmentsMissing) return { outcome: 'attachment_not_found' };
    throw error;
  }
}

/** Thrown so that the transaction leaves nothing behind, such as a conversation that was made for the message. */
class AttachmentsMissing extends Error {}

function tryTurn(backend: Backend, turn: NewTurn): Promise<BeginTurn> {
  return transact(backend, async (trx) => {
    const { owner, mayBegin = true } = turn;
    // Where nothing may begin nothing may be left behind either, such as the row of a session that nobody knows.
    if (!mayBegin) return (await wouldBegin(trx, turn)) ? { outcome: 'not_begun' } : proceed(trx, turn);
    if (owner.kind === 'session' && !(await useSession(trx, owner.agentId, owner.sessionHash, turn.now))) {
      return { outcome: 'conversation_not_found' };
    }
    // What takes the place of another message begins no conversation.
    if (turn.trigger === 'submit-message' && turn.replaces === undefined) await createConversation(trx, turn);
    const result = await proceed(trx, turn);
    const isStranger = result.outcome === 'conversation_not_found' && owner.kind === 'session';
    if (isStranger) await retireSession(trx, owner.agentId, owner.sessionHash);
    return result;
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
  const conversation = await lockOwn(trx, turn);
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
  for (const id of [turn.conversationId, turn.replyId, ...ownIds(turn)]) {
    if (id.length === 0 || id.length > maxIdCharacters) {
      throw new RangeError(`An id has 1 to ${maxIdCharacters} characters; one of a turn has ${id.length}.`);
    }
  }
}

function ownIds(turn: NewTurn): readonly string[] {
  switch (turn.trigger) {
    case 'submit-message':
      return [turn.message.id, ...(turn.replaces === undefined ? [] : [turn.replaces])];
    case 'regenerate-message':
      return [turn.messageId];
    case 'answer-approval':
      return [turn.approvalId];
  }
}

async function createConversation(trx: Trx, turn: SubmitTurn): Promise<void> {
  await trx
    .insertInto('conversations')
    .values({
      ...ownerColumns(turn.owner),
      id: escapeKey(turn.conversationId),
      ...titleColumns(titleOf(wordsOfMessage(turn.message))),
      created_at: turn.now,
      updated_at: turn.now,
      last_message: '',
      next_position: 1,
      read_position: 0,
      handoff_state: 'none',
      handoff_name: null,
      handoff_operator_id: null,
      consent_version: null,
      status: 'open',
      assignee_id: null,
      operator_read_position: 0,
      site: null,
      contact_name: null,
      contact_email: null,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}

/** Only where it is theirs: nobody holds up a conversation of somebody else. */
function lockOwn(trx: Trx, turn: NewTurn): Promise<ConversationTable | undefined> {
  const { agent_id, owner_kind, owner_id } = ownerColumns(turn.owner);
  return lockConversation(trx, escapeKey(turn.conversationId))
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
  const obstacle = await obstacleToReplacing(trx, conversation, turn.replaces);
  if (obstacle !== undefined) return { outcome: obstacle };
  if (await isBusy(trx, conversation.id, turn)) return { outcome: 'conversation_busy' };
  if (turn.mayBegin === false) return { outcome: 'not_begun' };
  const { owner, conversationId, message, replaces, attachments = [] } = turn;
  const place = { owner, conversationId, messageId: message.id, replaces };
  if (!(await sendAttachments(trx, attachments, place))) throw new AttachmentsMissing();
  await replaceMessage(trx, conversation, turn);
  await storeUserMessage(trx, conversation, turn);
  const position = conversation.next_position + 1;
  if (conversation.handoff_state === 'active') return handOver(trx, conversation, turn, position);
  return begin(trx, conversation, turn, messageId, position);
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
      feedback: null,
      search_text: searchText(wordsOfMessage(turn.message)),
    })
    .execute();
  const place = { agentId: conversation.agent_id, conversationId: conversation.id };
  await indexMessage(trx, { ...place, messageId: escapeKey(turn.message.id) }, turn.message);
  await noteVisitor(trx, conversation, turn.visitor);
  await trx
    .updateTable('conversations')
    .set({
      // Who answers has read what was there.
      read_position: conversation.next_position,
      last_message: lineOfMessage(turn.message),
      // Whoever writes again is not done.
      status: 'open',
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
  // A person answers: the agent is quiet.
  if (conversation.handoff_state === 'active') return { outcome: 'message_conflict' };
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
  if (conversation.handoff_state === 'active') return { outcome: 'message_conflict' };
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
  const reply = await storeReply(trx, conversation, turn, { userMessageId, position, state: 'running', parts: [] });
  return { outcome: 'begun', reply: toReply(reply), history };
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
