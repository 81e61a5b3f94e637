import { type Backend, type Database, transact, type Trx } from './backend.ts';
import { beginTurn } from './begin-turn.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { ownerColumns, toConversation, toMessage, toOwner } from './rows.ts';
import type { ConversationTable } from './schema.ts';
import type { ConversationRow, ConversationStore, Owner, Page } from './store.ts';
import { escapeKey } from './text.ts';
import { useSession } from './visitor-stores.ts';

export function createConversationStore(backend: Backend): ConversationStore {
  const { database } = backend;
  return {
    beginTurn: async (turn) => beginTurn(backend, turn),
    ownerOf: (conversationId) => ownerOf(database, conversationId),
    message: (conversationId, messageId) => findMessage(database, conversationId, messageId),
    find: (owner, conversationId) => find(database, owner, conversationId),
    list: (owner, page) => list(database, owner, page),
    messages: (conversationId, page) => messages(database, conversationId, page),
    markRead: (conversationId, messageId) => markRead(database, conversationId, messageId),
    claim: (from, to, now) => transact(backend, (trx) => claim(trx, from, to, now)),
  };
}

async function ownerOf(database: Database, conversationId: string): Promise<Owner | undefined> {
  const row = await database
    .selectFrom('conversations')
    .select(['agent_id', 'owner_kind', 'owner_id'])
    .where('id', '=', escapeKey(conversationId))
    .executeTakeFirst();
  return row === undefined ? undefined : toOwner(row);
}

async function findMessage(database: Database, conversationId: string, messageId: string) {
  const row = await database
    .selectFrom('messages')
    .select(['id', 'role', 'body'])
    .where('conversation_id', '=', escapeKey(conversationId))
    .where('id', '=', escapeKey(messageId))
    .executeTakeFirst();
  return row === undefined ? undefined : toMessage(row);
}

function ownedBy(database: Database, owner: Owner) {
  const { agent_id, owner_kind, owner_id } = ownerColumns(owner);
  return database
    .selectFrom('conversations')
    .selectAll('conversations')
    .where('agent_id', '=', agent_id)
    .where('owner_kind', '=', owner_kind)
    .where('owner_id', '=', owner_id);
}

async function find(database: Database, owner: Owner, id: string): Promise<ConversationRow | undefined> {
  const row = await ownedBy(database, owner).where('id', '=', escapeKey(id)).executeTakeFirst();
  return row === undefined ? undefined : toConversation(row);
}

async function list(database: Database, owner: Owner, page: Page) {
  let query = ownedBy(database, owner)
    .select((expression) =>
      expression
        .selectFrom('messages')
        .select((count) => count.fn.countAll<number>().as('unread'))
        .whereRef('messages.conversation_id', '=', 'conversations.id')
        .whereRef('messages.position', '>', 'conversations.read_position')
        .where('messages.role', '=', 'assistant')
        .where('messages.pending', '=', 0)
        .where('messages.superseded', '=', 0)
        .as('unread_count'),
    )
    .orderBy('updated_at', 'desc')
    .orderBy('id', 'desc')
    .limit(page.limit + 1);
  if (page.before !== undefined) {
    const { at, id } = decodeCursor(page.before);
    query = query.where(({ eb, and, or }) =>
      or([eb('updated_at', '<', at), and([eb('updated_at', '=', at), eb('id', '<', escapeKey(id))])]),
    );
  }
  const rows = (await query.execute()).map(toListRow);
  return cutPage(rows, page.limit, (row) => ({ at: row.updatedAt, id: row.id }));
}

function toListRow(row: ConversationTable & { readonly unread_count: number | null }) {
  return { ...toConversation(row), lastMessage: row.last_message, unreadCount: row.unread_count ?? 0 };
}

/** A page of `limit` out of rows that were asked for with one more, which tells whether there are others behind it. */
function cutPage<Row>(rows: readonly Row[], limit: number, place: (row: Row) => { at: number; id: string }) {
  const kept = rows.slice(0, limit);
  const last = kept.at(-1);
  return { rows: kept, nextBefore: rows.length > limit && last !== undefined ? encodeCursor(place(last)) : null };
}

async function messages(database: Database, conversationId: string, page: Page) {
  let query = database
    .selectFrom('messages')
    .select(['id', 'role', 'body', 'position'])
    .where('conversation_id', '=', escapeKey(conversationId))
    .where('superseded', '=', 0)
    .orderBy('position', 'desc')
    .limit(page.limit + 1);
  if (page.before !== undefined) query = query.where('position', '<', decodeCursor(page.before).at);
  const { rows, nextBefore } = cutPage(await query.execute(), page.limit, (row) => ({ at: row.position, id: '' }));
  return { messages: rows.reverse().map(toMessage), nextBefore };
}

async function markRead(database: Database, conversationId: string, messageId: string): Promise<boolean> {
  const message = await database
    .selectFrom('messages')
    .select('position')
    .where('conversation_id', '=', escapeKey(conversationId))
    .where('id', '=', escapeKey(messageId))
    .executeTakeFirst();
  if (message === undefined) return false;
  await database
    .updateTable('conversations')
    .set({ read_position: message.position })
    .where('id', '=', escapeKey(conversationId))
    .where('read_position', '<', message.position)
    .execute();
  return true;
}

/** The session's row is locked first, as `beginTurn` does: no conversation can be made in it at the same moment. */
async function claim(
  trx: Trx,
  from: Owner & { kind: 'session' },
  to: Owner & { kind: 'subject' },
  now: number,
): Promise<number> {
  if (from.agentId !== to.agentId) throw new RangeError('A session is claimed within its own agent only.');
  if (!(await useSession(trx, from.agentId, from.sessionHash, now))) return 0;
  const old = ownerColumns(from);
  const { numUpdatedRows } = await trx
    .updateTable('conversations')
    .set(ownerColumns(to))
    .where('agent_id', '=', old.agent_id)
    .where('owner_kind', '=', old.owner_kind)
    .where('owner_id', '=', old.owner_id)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}
