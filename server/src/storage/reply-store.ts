import type { ChatMessage, StreamPart } from '../../../src/protocol/index.ts';
import { type Backend, type Database, transact, type Trx } from './backend.ts';
import { finishReply, interruptReply } from './end-reply.ts';
import { lockConversation } from './lock-conversation.ts';
import { toReply } from './rows.ts';
import type { ReplyTable } from './schema.ts';
import type { ReplyRow, ReplyState, ReplyStore } from './store.ts';
import { escapeKey } from './text.ts';

export function createReplyStore(backend: Backend): ReplyStore {
  const { database } = backend;
  return {
    find: async (messageId) => {
      const row = await findRow(database, messageId);
      return row === undefined ? undefined : toReply(row);
    },
    running: (conversationId) => running(database, conversationId),
    appendParts: (messageId, firstN, parts, now) =>
      transact(backend, (trx) => appendParts(trx, messageId, firstN, parts, now)),
    parts: (messageId, afterN) => readParts(database, messageId, afterN),
    heartbeat: (messageId, now) => beat(database, messageId, now),
    finish: (messageId, state, message, now, lastParts) =>
      transact(backend, (trx) => finish(trx, messageId, state, message, now, lastParts)),
    requestStop: (messageId) => requestStop(database, messageId),
    stopRequested: async (messageId) => (await findRow(database, messageId))?.stop_requested === 1,
    interruptStale: (heartbeatBefore, now) => interruptStale(backend, heartbeatBefore, now),
    sweepParts: (endedBefore) => sweepParts(database, endedBefore),
  };
}

function findRow(database: Database, messageId: string): Promise<ReplyTable | undefined> {
  return database.selectFrom('replies').selectAll().where('message_id', '=', escapeKey(messageId)).executeTakeFirst();
}

async function running(database: Database, conversationId: string): Promise<ReplyRow | undefined> {
  const row = await database
    .selectFrom('replies')
    .selectAll()
    .where('conversation_id', '=', escapeKey(conversationId))
    .where('state', '=', 'running')
    .executeTakeFirst();
  return row === undefined ? undefined : toReply(row);
}

/** The update holds the reply's row, so that nobody ends the reply between the check and the parts. */
async function beat(database: Database, messageId: string, now: number): Promise<boolean> {
  const row = await database
    .updateTable('replies')
    .set({ heartbeat_at: now })
    .where('message_id', '=', escapeKey(messageId))
    .where('state', '=', 'running')
    .returning('message_id')
    .executeTakeFirst();
  return row !== undefined;
}

async function appendParts(trx: Trx, messageId: string, firstN: number, parts: readonly StreamPart[], now: number) {
  if (!(await beat(trx, messageId, now))) return false;
  await insertParts(trx, messageId, firstN, parts);
  return true;
}

/** Rows in one statement; SQLite takes 32,766 parameters, three a row. */
const partsInStatement = 1_000;

async function insertParts(trx: Trx, messageId: string, firstN: number, parts: readonly StreamPart[]): Promise<void> {
  const rows = parts.map((part, index) => ({
    message_id: escapeKey(messageId),
    n: firstN + index,
    body: JSON.stringify(part),
  }));
  for (let at = 0; at < rows.length; at += partsInStatement) {
    await trx
      .insertInto('reply_parts')
      .values(rows.slice(at, at + partsInStatement))
      // A batch whose answer was lost is sent again.
      .onConflict((conflict) => conflict.columns(['message_id', 'n']).doNothing())
      .execute();
  }
}

async function readParts(database: Database, messageId: string, afterN: number) {
  const rows = await database
    .selectFrom('reply_parts')
    .select(['n', 'body'])
    .where('message_id', '=', escapeKey(messageId))
    .where('n', '>', afterN)
    .orderBy('n')
    .execute();
  return rows.map(({ n, body }) => ({ n, part: JSON.parse(body) as StreamPart }));
}

async function finish(
  trx: Trx,
  messageId: string,
  state: Exclude<ReplyState, 'running'>,
  message: ChatMessage,
  now: number,
  lastParts: { readonly firstN: number; readonly parts: readonly StreamPart[] } | undefined,
): Promise<boolean> {
  const reply = await findRow(trx, messageId);
  if (reply === undefined) return false;
  await lockConversation(trx, reply.conversation_id).execute();
  if (!(await finishReply(trx, reply, state, message, now))) return false;
  if (lastParts !== undefined) await insertParts(trx, messageId, lastParts.firstN, lastParts.parts);
  return true;
}

async function requestStop(database: Database, messageId: string): Promise<void> {
  await database
    .updateTable('replies')
    .set({ stop_requested: 1 })
    .where('message_id', '=', escapeKey(messageId))
    .where('state', '=', 'running')
    .execute();
}

/** Each in a transaction of its own: a long list must not keep conversations locked. */
async function interruptStale(backend: Backend, heartbeatBefore: number, now: number): Promise<readonly ReplyRow[]> {
  const stale = await backend.database
    .selectFrom('replies')
    .selectAll()
    .where('state', '=', 'running')
    .where('heartbeat_at', '<', heartbeatBefore)
    .execute();
  const interrupted: ReplyRow[] = [];
  for (const reply of stale) {
    const done = await transact(backend, async (trx) => {
      await lockConversation(trx, reply.conversation_id).execute();
      return interruptReply(trx, reply, heartbeatBefore, now);
    });
    if (done) interrupted.push({ ...toReply(reply), state: 'interrupted' });
  }
  return interrupted;
}

async function sweepParts(database: Database, endedBefore: number): Promise<number> {
  const { numDeletedRows } = await database
    .deleteFrom('reply_parts')
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('replies')
          .select('replies.message_id')
          .whereRef('replies.message_id', '=', 'reply_parts.message_id')
          .where('replies.ended_at', '<', endedBefore),
      ),
    )
    .executeTakeFirst();
  return Number(numDeletedRows);
}
