import type { Backend } from './backend.ts';
import type { ConversationNoteTable } from './dashboard-schema.ts';
import type { Note, NoteStore } from './live-stores.ts';
import { escapeKey, unescapeKey } from './text.ts';

const maxListed = 500;

export function createNoteStore({ database }: Backend): NoteStore {
  const ofConversation = (conversationId: string) =>
    database.selectFrom('conversation_notes').selectAll().where('conversation_id', '=', escapeKey(conversationId));
  return {
    add: async (note) => {
      // Only where its conversation is: that may be removed at the same moment.
      const conversation = await database
        .selectFrom('conversations')
        .select('id')
        .where('id', '=', escapeKey(note.conversationId))
        .executeTakeFirst();
      if (conversation === undefined) return 'not_found';
      const { numInsertedOrUpdatedRows } = await database
        .insertInto('conversation_notes')
        .values(toRow(note))
        .onConflict((conflict) => conflict.column('id').doNothing())
        .executeTakeFirst();
      return (numInsertedOrUpdatedRows ?? 0n) > 0n ? 'added' : 'exists';
    },
    find: async (conversationId, id) => {
      const row = await ofConversation(conversationId).where('id', '=', escapeKey(id)).executeTakeFirst();
      return row === undefined ? undefined : toNote(row);
    },
    list: async (conversationId) => {
      const rows = await ofConversation(conversationId)
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(maxListed)
        .execute();
      return rows.toReversed().map(toNote);
    },
    remove: async (conversationId, id) => {
      const { numDeletedRows } = await database
        .deleteFrom('conversation_notes')
        .where('conversation_id', '=', escapeKey(conversationId))
        .where('id', '=', escapeKey(id))
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },
  };
}

function toRow(note: Note): ConversationNoteTable {
  return {
    id: escapeKey(note.id),
    conversation_id: escapeKey(note.conversationId),
    operator_id: escapeKey(note.operatorId),
    operator_name: escapeKey(note.operatorName),
    body: JSON.stringify(note.text),
    created_at: note.createdAt,
  };
}

function toNote(row: ConversationNoteTable): Note {
  return {
    id: unescapeKey(row.id),
    conversationId: unescapeKey(row.conversation_id),
    operatorId: unescapeKey(row.operator_id),
    operatorName: unescapeKey(row.operator_name),
    text: JSON.parse(row.body) as string,
    createdAt: row.created_at,
  };
}
