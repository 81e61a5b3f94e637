import type { ChatMessage, MessageMetadata, MessagePart } from '../../../src/protocol/index.ts';
import type { ConversationTable, MessageTable, OwnerColumns, ReplyTable } from './schema.ts';
import type { ConversationRow, Owner, ReplyRow } from './store.ts';
import { escapeKey, unescapeKey } from './text.ts';

export function ownerColumns(owner: Owner): OwnerColumns {
  return {
    agent_id: escapeKey(owner.agentId),
    owner_kind: owner.kind,
    owner_id: escapeKey(owner.kind === 'subject' ? owner.subject : owner.sessionHash),
  };
}

export function toOwner(row: OwnerColumns): Owner {
  const agentId = unescapeKey(row.agent_id);
  const id = unescapeKey(row.owner_id);
  return row.owner_kind === 'subject'
    ? { kind: 'subject', agentId, subject: id }
    : { kind: 'session', agentId, sessionHash: id };
}

export function toConversation(row: ConversationTable): ConversationRow {
  return {
    id: unescapeKey(row.id),
    agentId: unescapeKey(row.agent_id),
    owner: toOwner(row),
    title: row.title,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

export function toReply(row: ReplyTable): ReplyRow {
  return {
    messageId: unescapeKey(row.message_id),
    conversationId: unescapeKey(row.conversation_id),
    userMessageId: unescapeKey(row.user_message_id),
    state: row.state,
    processId: unescapeKey(row.process_id),
    heartbeatAt: row.heartbeat_at,
    supersededBy: row.superseded_by === null ? null : unescapeKey(row.superseded_by),
  };
}

export function toBody(message: Pick<ChatMessage, 'parts' | 'metadata'>): string {
  return JSON.stringify({ parts: message.parts, metadata: message.metadata });
}

export function toMessage(row: Pick<MessageTable, 'id' | 'role' | 'body'>): ChatMessage {
  const body = JSON.parse(row.body) as { parts: readonly MessagePart[]; metadata?: MessageMetadata };
  return { id: unescapeKey(row.id), role: row.role, ...body };
}
