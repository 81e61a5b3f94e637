import type { Feedback } from '../../../src/protocol/index.ts';
import { releaseAttachments } from './attachment-store.ts';
import { type Backend, type Database, transact, type Trx } from './backend.ts';
import { beginTurn } from './begin-turn.ts';
import { contactTexts } from './contact-texts.ts';
import { countUnread } from './count-unread.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { lockConversation } from './lock-conversation.ts';
import { indexOwner } from './note-visitor.ts';
import { ownerColumns, shownColumns, titleColumns, toConversation, toMessage, toOwner } from './rows.ts';
import type { ConversationTable } from './schema.ts';
import { searchConversations } from './search-conversations.ts';
import type { ConversationRow, ConversationStore, ListPage, Owner, Page } from './store.ts';
import { escapeKey } from './text.ts';
import { retireSession, useSession } from './visitor-stores.ts';

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
    rename: (owner, conversationId, title) => rename(database, owner, conversationId, title),
    rate: (owner, messageId, feedback) => transact(backend, (trx) => rate(trx, owner, messageId, feedback)),
    remove: (conversationId) => transact(backend, (trx) => remove(trx, conversationId)),
    removeIdle: (conversationId, before) => transact(backend, (trx) => remove(trx, conversationId, before)),
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
    .select(shownColumns)
    .where('conversation_id', '=', escapeKey(conversationId))
    .where('id', '=', escapeKey(messageId))
    .executeTakeFirst();
  return row === undefined ? undefined : toMessage(row);
}

function ownedBy(database: Database, owner: Owner) {
  const { agent_id, owner_kind, owner_id } = ownerColumns(owner);
  return database
    .selectFrom('conversations')
    .where('agent_id', '=', agent_id)
    .where('owner_kind', '=', owner_kind)
    .where('owner_id', '=', owner_id);
}

async function find(database: Database, owner: Owner, id: string): Promise<ConversationRow | undefined> {
  const row = await ownedBy(database, owner).selectAll().where('id', '=', escapeKey(id)).executeTakeFirst();
  return row === undefined ? undefined : toConversation(row);
}

async function list(database: Database, owner: Owner, page: ListPage) {
  let query = atPage(ownedBy(database, owner), page)
    .selectAll('conversations')
    .select((expression) => countUnread(expression).as('unread_count'))
    .limit(page.limit + 1);
  if (page.words !== undefined && page.words.length > 0) {
    const ids = await search(database, owner, page, page.words);
    if (ids.length === 0) return { rows: [], nextBefore: null };
    query = query.where('id', 'in', ids);
  }
  const rows = (await query.execute()).map(toListRow);
  return cutPage(rows, page.limit, (row) => ({ at: row.updatedAt, id: row.id }));
}

/** Newest first, from the page's cursor on. */
function atPage(query: ReturnType<typeof ownedBy>, page: Page): ReturnType<typeof ownedBy> {
  const ordered = query.orderBy('updated_at', 'desc').orderBy('id', 'desc');
  if (page.before === undefined) return ordered;
  const { at, id } = decodeCursor(page.before);
  return ordered.where(({ eb, and, or }) =>
    or([eb('updated_at', '<', at), and([eb('updated_at', '=', at), eb('id', '<', escapeKey(id))])]),
  );
}

/** So many of the newest conversations are looked through. */
const maxSearched = 1_000;

async function search(database: Database, owner: Owner, page: Page, words: readonly string[]) {
  const newest = ownedBy(database, owner)
    .select('id')
    .orderBy('updated_at', 'desc')
    .orderBy('id', 'desc')
    .limit(maxSearched);
  const conversations = await atPage(ownedBy(database, owner), page)
    .select(['id', 'search_title'])
    .where('id', 'in', newest)
    .execute();
  return searchConversations(database, conversations, words, page.limit + 1);
}

async function rename(database: Database, owner: Owner, id: string, title: string): Promise<boolean> {
  const { agent_id, owner_kind, owner_id } = ownerColumns(owner);
  const row = await database
    .updateTable('conversations')
    .set(titleColumns(title))
    .where('id', '=', escapeKey(id))
    .where('agent_id', '=', agent_id)
    .where('owner_kind', '=', owner_kind)
    .where('owner_id', '=', owner_id)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

async function rate(trx: Trx, owner: Owner, messageId: string, feedback: Feedback | null) {
  const { agent_id, owner_kind, owner_id } = ownerColumns(owner);
  const message = await trx
    .selectFrom('conversations')
    .innerJoin('messages', 'messages.conversation_id', 'conversations.id')
    .select(['messages.conversation_id', 'messages.feedback'])
    .where('conversations.agent_id', '=', agent_id)
    .where('conversations.owner_kind', '=', owner_kind)
    .where('conversations.owner_id', '=', owner_id)
    .where('messages.id', '=', escapeKey(messageId))
    .where('messages.role', '=', 'assistant')
    .where('messages.pending', '=', 0)
    .where('messages.superseded', '=', 0)
    .executeTakeFirst();
  if (message === undefined) return 'message_not_found';
  const said = feedback === null ? null : JSON.stringify(feedback);
  if (message.feedback === said) return 'unchanged';
  await trx
    .updateTable('messages')
    .set({ feedback: said })
    .where('conversation_id', '=', message.conversation_id)
    .where('id', '=', escapeKey(messageId))
    .execute();
  return 'changed';
}

/** In the order in which rows refer to each other. */
async function remove(trx: Trx, conversationId: string, idleSince?: number): Promise<boolean> {
  const id = escapeKey(conversationId);
  const locked = await lockConversation(trx, id)
    .returning(['agent_id', 'owner_kind', 'owner_id', 'updated_at'])
    .executeTakeFirst();
  if (locked === undefined) return false;
  // Now that nobody else can write in it.
  if (idleSince !== undefined && (locked.updated_at >= idleSince || (await isAnswering(trx, id)))) return false;
  await releaseAttachments(trx, id);
  await trx
    .deleteFrom('reply_parts')
    .where('message_id', 'in', trx.selectFrom('replies').select('message_id').where('conversation_id', '=', id))
    .execute();
  await trx.deleteFrom('replies').where('conversation_id', '=', id).execute();
  await trx.deleteFrom('approvals').where('conversation_id', '=', id).execute();
  await trx.deleteFrom('conversation_notes').where('conversation_id', '=', id).execute();
  await trx.deleteFrom('operator_presence').where('conversation_id', '=', id).execute();
  await trx.deleteFrom('messages').where('conversation_id', '=', id).execute();
  await trx.deleteFrom('conversations').where('id', '=', id).execute();
  const owner = toOwner(locked);
  if (owner.kind === 'session') await retireSession(trx, owner.agentId, owner.sessionHash);
  return true;
}

async function isAnswering(trx: Trx, conversationId: string): Promise<boolean> {
  const reply = await trx
    .selectFrom('replies')
    .select('message_id')
    .where('conversation_id', '=', conversationId)
    .where('state', '=', 'running')
    .executeTakeFirst();
  return reply !== undefined;
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
    .select([...shownColumns, 'position'])
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
  const contact = await trx
    .selectFrom('contacts')
    .select('claims')
    .where('agent_id', '=', old.agent_id)
    .where('subject', '=', ownerColumns(to).owner_id)
    .executeTakeFirst();
  const { name, email } = contactTexts(contact?.claims);
  const claimed = await trx
    .updateTable('conversations')
    // What the visitor said of themselves is no part of who they have turned out to be.
    .set({ ...ownerColumns(to), contact_name: name, contact_email: email })
    .where('agent_id', '=', old.agent_id)
    .where('owner_kind', '=', old.owner_kind)
    .where('owner_id', '=', old.owner_id)
    .returningAll()
    .execute();
  for (const conversation of claimed) await indexOwner(trx, conversation);
  await trx
    .updateTable('attachments')
    .set(ownerColumns(to))
    .where('agent_id', '=', old.agent_id)
    .where('owner_kind', '=', old.owner_kind)
    .where('owner_id', '=', old.owner_id)
    .execute();
  await retireSession(trx, from.agentId, from.sessionHash);
  return claimed.length;
}
