import { type ExpressionBuilder, type Expression, expressionBuilder, type SqlBool, sql } from 'kysely';
import { toHandoff } from './handoff-store.ts';
import type { InboxConversation, InboxFilter } from './inbox-stores.ts';
import type { ConversationTable, Tables } from './schema.ts';
import { escapeKey, unescapeKey } from './text.ts';

/** More of a conversation is not read to count what is unread in it. */
const maxCounted = 200;

type Builder = ExpressionBuilder<Tables, 'conversations'>;

/** The visitor's messages among those after the last one that an operator has read. */
export function countUnread({ selectFrom }: Builder) {
  const after = selectFrom('messages')
    .select(['messages.role', 'messages.superseded'])
    .whereRef('messages.conversation_id', '=', 'conversations.id')
    .whereRef('messages.position', '>', 'conversations.operator_read_position')
    .orderBy('messages.position')
    .limit(maxCounted);
  return selectFrom(after.as('after'))
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('after.role', '=', 'user')
    .where('after.superseded', '=', 0);
}

type InboxRow = ConversationTable & { readonly unread_count: number | null };

export function toInbox(row: InboxRow): InboxConversation {
  return {
    id: unescapeKey(row.id),
    agentId: unescapeKey(row.agent_id),
    subject: row.owner_kind === 'subject' ? unescapeKey(row.owner_id) : null,
    contactName: row.contact_name,
    contactEmail: row.contact_email,
    site: row.site,
    title: row.title,
    lastMessage: row.last_message,
    status: row.status,
    assigneeId: row.assignee_id === null ? null : unescapeKey(row.assignee_id),
    handoff: toHandoff(row),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    unreadCount: row.unread_count ?? 0,
  };
}

/** What an index leads to; at most one of a filter. The others are looked at row by row. */
export type Lead = 'subject' | 'assignee' | 'handoff' | 'agent' | 'none';

function leadOf({ agentIds, subject, assigneeId, handoff }: InboxFilter): Lead {
  if (subject !== undefined && agentIds?.length === 1) return 'subject';
  if (typeof assigneeId === 'string') return 'assignee';
  if (handoff !== undefined && handoff !== 'none') return 'handoff';
  return agentIds?.length === 1 ? 'agent' : 'none';
}

/** The condition that an index answers. */
export function leadCondition({ and, eb }: Builder, filter: InboxFilter): Expression<SqlBool> {
  const agent = (filter.agentIds ?? []).map((id) => eb('conversations.agent_id', '=', escapeKey(id)));
  switch (leadOf(filter)) {
    case 'subject':
      return and([
        ...agent,
        eb('conversations.owner_kind', '=', 'subject'),
        eb('conversations.owner_id', '=', escapeKey(filter.subject ?? '')),
      ]);
    case 'assignee':
      return eb('conversations.assignee_id', '=', escapeKey(filter.assigneeId ?? ''));
    case 'handoff':
      // The index is of those that are not `none`, and the databases use it where that is said.
      return and([
        eb('conversations.handoff_state', '=', filter.handoff ?? 'none'),
        sql<boolean>`conversations.handoff_state <> 'none'`,
      ]);
    case 'agent':
      return and(agent);
    case 'none':
      return and([]);
  }
}

/** Whether not all that an index leads to is what was asked for. */
export function hasOtherConditions(filter: InboxFilter): boolean {
  return otherConditions(expressionBuilder<Tables, 'conversations'>(), filter).length > 0;
}

/** The conditions that remain. */
export function otherConditions(expression: Builder, filter: InboxFilter): Expression<SqlBool>[] {
  const { eb } = expression;
  const lead = leadOf(filter);
  const { agentIds, verified, subject, status, handoff, assigneeId, unread, feedback } = filter;
  const conditions: Expression<SqlBool>[] = [];
  if (agentIds !== null && lead !== 'agent' && lead !== 'subject') {
    conditions.push(agentIds.length === 0 ? sql<boolean>`1 = 0` : eb('agent_id', 'in', agentIds.map(escapeKey)));
  }
  if (verified !== undefined) conditions.push(eb('owner_kind', '=', verified ? 'subject' : 'session'));
  if (subject !== undefined && lead !== 'subject') {
    conditions.push(eb('owner_kind', '=', 'subject'), eb('owner_id', '=', escapeKey(subject)));
  }
  if (status !== undefined) conditions.push(eb('status', '=', status));
  if (handoff !== undefined && lead !== 'handoff') conditions.push(eb('handoff_state', '=', handoff));
  if (assigneeId !== undefined && lead !== 'assignee') {
    conditions.push(
      assigneeId === null ? eb('assignee_id', 'is', null) : eb('assignee_id', '=', escapeKey(assigneeId)),
    );
  }
  if (unread !== undefined) conditions.push(unreadCondition(expression, unread));
  if (feedback !== undefined) conditions.push(ratedCondition(expression, feedback));
  return conditions;
}

function unreadCondition({ exists, not, selectFrom }: Builder, unread: boolean): Expression<SqlBool> {
  const isUnread = exists(
    selectFrom('messages')
      .select('messages.id')
      .whereRef('messages.conversation_id', '=', 'conversations.id')
      .whereRef('messages.position', '>', 'conversations.operator_read_position')
      .where('messages.role', '=', 'user')
      .where('messages.superseded', '=', 0),
  );
  return unread ? isUnread : not(isUnread);
}

/** In the JSON a quotation mark of a comment is escaped: only the rating itself is written so. */
function ratedCondition({ exists, selectFrom }: Builder, rating: 'up' | 'down'): Expression<SqlBool> {
  return exists(
    selectFrom('messages')
      .select('messages.id')
      .whereRef('messages.conversation_id', '=', 'conversations.id')
      .where('messages.feedback', 'is not', null)
      .where('messages.feedback', 'like', `%"rating":"${rating}"%`)
      .where('messages.superseded', '=', 0),
  );
}

export function timeConditions({ eb }: Builder, { from, to }: InboxFilter): Expression<SqlBool>[] {
  return [
    ...(from === undefined ? [] : [eb('conversations.updated_at', '>=', from)]),
    ...(to === undefined ? [] : [eb('conversations.updated_at', '<', to)]),
  ];
}
