import {
  plainText,
  textOf,
  type ChatMessage,
  type MessageMetadata,
  type MessagePart,
} from '../../../src/protocol/index.ts';
import type { ConversationTable, MessageTable, OwnerColumns, ReplyTable } from './schema.ts';
import type { ConversationRow, Owner, ReplyRow } from './store.ts';
import { tablesAsWords } from './table-words.ts';
import { escapeKey, preview, searchText, unescapeKey } from './text.ts';

const lineCharacters = 200;

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

export function titleColumns(title: string): Pick<ConversationTable, 'title' | 'search_title'> {
  return { title, search_title: searchText(title) };
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

/** Columns of a message that is shown to its visitor. */
export const shownColumns = ['id', 'role', 'body', 'feedback'] as const;

/** Without `feedback` in the row it is left out of the message: agents are not told. */
export function toMessage(
  row: Pick<MessageTable, 'id' | 'role' | 'body'> & Partial<Pick<MessageTable, 'feedback'>>,
): ChatMessage {
  const body = JSON.parse(row.body) as { parts: readonly MessagePart[]; metadata?: MessageMetadata };
  const message = { id: unescapeKey(row.id), role: row.role, ...body };
  if (row.feedback === null || row.feedback === undefined) return message;
  const feedback = JSON.parse(row.feedback) as NonNullable<MessageMetadata['feedback']>;
  return { ...message, metadata: { ...body.metadata, feedback } };
}

/** A message's line in lists: an answer's without Markdown's signs, a visitor's own as it was typed. */
export function lineOfMessage(message: Pick<ChatMessage, 'role' | 'parts'>): string {
  const words = wordsOfMessage(message);
  // Cut first, and generously: an answer may be a megabyte, and links are longer than their words.
  if (message.role === 'user') return preview(words, lineCharacters);
  return preview(plainText(tablesAsWords(words.slice(0, lineCharacters * 8))), lineCharacters);
}

/** What a message is found by: its text, and the names of its files. */
export function wordsOfMessage(message: Pick<ChatMessage, 'parts'>): string {
  const names = message.parts.flatMap((part) => (part.type === 'file' ? [part.filename ?? ''] : []));
  return [textOf(message), names.join(', ')].filter((words) => words.trim() !== '').join('\n');
}
