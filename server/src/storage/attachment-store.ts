import { type Backend, type Database, transact, type Trx } from './backend.ts';
import { ownerColumns, toOwner } from './rows.ts';
import type { AttachmentTable } from './schema.ts';
import type { AttachmentRow, AttachmentStore } from './more-stores.ts';
import { type Owner, ownerKey } from './store.ts';
import { escapeKey, unescapeKey } from './text.ts';

/** So many are removed in one sweep. */
const maxExpired = 500;

export function createAttachmentStore(backend: Backend): AttachmentStore {
  const { database } = backend;
  return {
    reserve: (attachment, quota) => transact(backend, (trx) => reserve(backend, trx, attachment, quota)),
    complete: (id, is) => complete(database, id, is),
    find: (owner, ids) => find(database, owner, ids),
    sentIn: (conversationId, id) => sentIn(database, conversationId, id),
    discard: (owner, id) => discard(database, owner, id),
    abandon: (id) => abandon(database, id),
    expire: (unsentBefore, arrivingBefore) => transact(backend, (trx) => expire(trx, unsentBefore, arrivingBefore)),
    forget: async (id) => {
      await database
        .deleteFrom('attachments')
        .where('id', '=', escapeKey(id))
        .where('state', '=', 'removing')
        .execute();
    },
  };
}

function ownedBy(database: Database | Trx, owner: Owner) {
  const { agent_id, owner_kind, owner_id } = ownerColumns(owner);
  return database
    .selectFrom('attachments')
    .where('agent_id', '=', agent_id)
    .where('owner_kind', '=', owner_kind)
    .where('owner_id', '=', owner_id);
}

/** The lock makes parallel uploads of one owner count each other. */
async function reserve(
  backend: Backend,
  trx: Trx,
  { id, owner, bytes, now }: Parameters<AttachmentStore['reserve']>[0],
  quota: Parameters<AttachmentStore['reserve']>[1],
): Promise<boolean> {
  await backend.lockKey(trx, `attachments ${escapeKey(ownerKey(owner))}`);
  const unsent = await ownedBy(trx, owner)
    .select(({ fn }) => [fn.countAll().as('count'), fn.sum('bytes').as('bytes')])
    .where('conversation_id', 'is', null)
    .where('state', '!=', 'removing')
    .executeTakeFirstOrThrow();
  if (Number(unsent.count) >= quota.maxCount) return false;
  if (Number(unsent.bytes ?? 0) + bytes > quota.maxBytes) return false;
  await trx
    .insertInto('attachments')
    .values({
      ...ownerColumns(owner),
      id: escapeKey(id),
      state: 'arriving',
      filename: '',
      media_type: '',
      bytes,
      created_at: now,
      conversation_id: null,
      message_id: null,
    })
    .execute();
  return true;
}

async function complete(
  database: Database,
  id: string,
  { filename, mediaType, bytes }: Pick<AttachmentRow, 'filename' | 'mediaType' | 'bytes'>,
): Promise<boolean> {
  const row = await database
    .updateTable('attachments')
    .set({ state: 'stored', filename, media_type: mediaType, bytes })
    .where('id', '=', escapeKey(id))
    .where('state', '=', 'arriving')
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

async function find(database: Database, owner: Owner, ids: readonly string[]): Promise<readonly AttachmentRow[]> {
  if (ids.length === 0) return [];
  const rows = await ownedBy(database, owner)
    .selectAll()
    .where('id', 'in', ids.map(escapeKey))
    .where('state', '=', 'stored')
    .execute();
  return rows.map(toAttachment);
}

async function sentIn(database: Database, conversationId: string, id: string): Promise<AttachmentRow | undefined> {
  const row = await database
    .selectFrom('attachments')
    .selectAll()
    .where('id', '=', escapeKey(id))
    .where('conversation_id', '=', escapeKey(conversationId))
    .where('state', '=', 'stored')
    .executeTakeFirst();
  return row === undefined ? undefined : toAttachment(row);
}

async function discard(database: Database, owner: Owner, id: string): Promise<boolean> {
  const { agent_id, owner_kind, owner_id } = ownerColumns(owner);
  const row = await database
    .updateTable('attachments')
    .set({ state: 'removing' })
    .where('id', '=', escapeKey(id))
    .where('agent_id', '=', agent_id)
    .where('owner_kind', '=', owner_kind)
    .where('owner_id', '=', owner_id)
    .where('state', '=', 'stored')
    .where('conversation_id', 'is', null)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

async function abandon(database: Database, id: string): Promise<void> {
  await database
    .updateTable('attachments')
    .set({ state: 'removing' })
    .where('id', '=', escapeKey(id))
    .where('state', '=', 'arriving')
    .execute();
}

/** Marked first, so that nothing can be sent any more whose content is about to go. */
async function expire(trx: Trx, unsentBefore: number, arrivingBefore: number): Promise<readonly string[]> {
  await trx
    .updateTable('attachments')
    .set({ state: 'removing' })
    .where('conversation_id', 'is', null)
    .where(({ and, eb, or }) =>
      or([
        and([eb('state', '=', 'stored'), eb('created_at', '<', unsentBefore)]),
        and([eb('state', '=', 'arriving'), eb('created_at', '<', arrivingBefore)]),
      ]),
    )
    .execute();
  const rows = await trx
    .selectFrom('attachments')
    .select('id')
    .where('conversation_id', 'is', null)
    .where('state', '=', 'removing')
    .limit(maxExpired)
    .execute();
  return rows.map(({ id }) => unescapeKey(id));
}

export type AttachmentPlace = {
  readonly owner: Owner;
  readonly conversationId: string;
  readonly messageId: string;
  /** The message that the new one takes the place of: what was its, may be the new one's. */
  readonly replaces: string | undefined;
};

/** Makes attachments a message's. False where not all of them are the owner's, and unsent. In `beginTurn`'s transaction. */
export async function sendAttachments(trx: Trx, ids: readonly string[], place: AttachmentPlace): Promise<boolean> {
  if (ids.length === 0) return true;
  const { agent_id, owner_kind, owner_id } = ownerColumns(place.owner);
  const conversationId = escapeKey(place.conversationId);
  const { replaces } = place;
  const sent = await trx
    .updateTable('attachments')
    .set({ conversation_id: conversationId, message_id: escapeKey(place.messageId) })
    .where('id', 'in', ids.map(escapeKey))
    .where('agent_id', '=', agent_id)
    .where('owner_kind', '=', owner_kind)
    .where('owner_id', '=', owner_id)
    .where('state', '=', 'stored')
    .where(({ and, eb, or }) =>
      or([
        eb('conversation_id', 'is', null),
        ...(replaces === undefined
          ? []
          : [and([eb('conversation_id', '=', conversationId), eb('message_id', '=', escapeKey(replaces))])]),
      ]),
    )
    .returning('id')
    .execute();
  return sent.length === new Set(ids).size;
}

/** What a file's row keeps until its content is gone: nothing that says what it was, or whose. */
export const released = {
  state: 'removing',
  conversation_id: null,
  message_id: null,
  filename: '',
  media_type: '',
  owner_kind: 'session',
  owner_id: '',
} as const;

/** Those of a conversation that is removed. Its content goes with the next sweep. */
export async function releaseAttachments(trx: Trx, conversationId: string): Promise<void> {
  await trx.updateTable('attachments').set(released).where('conversation_id', '=', conversationId).execute();
}

function toAttachment(row: AttachmentTable): AttachmentRow {
  return {
    id: unescapeKey(row.id),
    owner: toOwner(row),
    filename: row.filename,
    mediaType: row.media_type,
    bytes: row.bytes,
    createdAt: row.created_at,
    conversationId: row.conversation_id === null ? null : unescapeKey(row.conversation_id),
  };
}
