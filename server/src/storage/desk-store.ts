import type { Backend, Database } from './backend.ts';
import type { DeskConversation, DeskStore } from './live-stores.ts';
import { escapeKey, unescapeKey } from './text.ts';

export function createDeskStore({ database }: Backend): DeskStore {
  return {
    find: (conversationId) => find(database, conversationId),
    setStatus: async (conversationId, status) => {
      const changed = await database
        .updateTable('conversations')
        .set({ status })
        .where('id', '=', escapeKey(conversationId))
        .where('status', '!=', status)
        .returning('id')
        .executeTakeFirst();
      if (changed !== undefined) return 'changed';
      return (await exists(database, conversationId)) ? 'unchanged' : 'not_found';
    },
    assign: (conversationId, operatorId) => assign(database, conversationId, operatorId),
    markRead: (conversationId, messageId) => markRead(database, conversationId, messageId),
  };
}

async function find(database: Database, conversationId: string): Promise<DeskConversation | undefined> {
  const row = await database
    .selectFrom('conversations')
    .select([
      'id',
      'agent_id',
      'status',
      'assignee_id',
      'handoff_state',
      'handoff_name',
      'handoff_operator_id',
      (expression) =>
        expression
          .selectFrom('messages')
          .select((count) => count.fn.countAll<number>().as('unread'))
          .whereRef('messages.conversation_id', '=', 'conversations.id')
          .whereRef('messages.position', '>', 'conversations.operator_read_position')
          .where('messages.role', '=', 'user')
          .where('messages.superseded', '=', 0)
          .as('unread_count'),
    ])
    .where('id', '=', escapeKey(conversationId))
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    id: unescapeKey(row.id),
    agentId: unescapeKey(row.agent_id),
    status: row.status,
    assigneeId: keyOrNull(row.assignee_id),
    handoff: { state: row.handoff_state, name: row.handoff_name, operatorId: keyOrNull(row.handoff_operator_id) },
    unreadCount: row.unread_count ?? 0,
  };
}

function keyOrNull(stored: string | null): string | null {
  return stored === null ? null : unescapeKey(stored);
}

async function exists(database: Database, conversationId: string): Promise<boolean> {
  const id = escapeKey(conversationId);
  return (
    (await database.selectFrom('conversations').select('id').where('id', '=', id).executeTakeFirst()) !== undefined
  );
}

async function assign(database: Database, conversationId: string, operatorId: string | null) {
  const id = escapeKey(conversationId);
  const row = await database.selectFrom('conversations').select('assignee_id').where('id', '=', id).executeTakeFirst();
  if (row === undefined) return undefined;
  await database
    .updateTable('conversations')
    .set({ assignee_id: operatorId === null ? null : escapeKey(operatorId) })
    .where('id', '=', id)
    .execute();
  return { before: keyOrNull(row.assignee_id) };
}

async function markRead(database: Database, conversationId: string, messageId: string) {
  const message = await database
    .selectFrom('messages')
    .select('position')
    .where('conversation_id', '=', escapeKey(conversationId))
    .where('id', '=', escapeKey(messageId))
    .executeTakeFirst();
  if (message === undefined) return 'not_found';
  const changed = await database
    .updateTable('conversations')
    .set({ operator_read_position: message.position })
    .where('id', '=', escapeKey(conversationId))
    .where('operator_read_position', '<', message.position)
    .returning('id')
    .executeTakeFirst();
  return changed === undefined ? 'unchanged' : 'changed';
}
