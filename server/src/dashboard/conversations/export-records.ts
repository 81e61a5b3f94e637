import { textOf, type ChatMessage } from '../../../../src/protocol/index.ts';
import type { InboxConversation, InboxFilter } from '../../storage/index.ts';
import { isoTime, type OperatorCall } from '../route.ts';
import { userFields, type UserFields } from './describe-conversation.ts';

/** The fields of an export, in the order of its columns. docs/dashboard.md says what each holds. */
export const exportFields = [
  'conversationId',
  'agentId',
  'site',
  'status',
  'identityVerified',
  'userId',
  'userName',
  'userEmail',
  'userPhoneNumber',
  'customIdentifiers',
  'messageId',
  'createdAt',
  'author',
  'authorName',
  'text',
  'sources',
  'actions',
  'attachments',
  'rating',
  'ratingComment',
] as const;

/** One message, with whose conversation it is in. */
export type ExportRecord = UserFields & {
  readonly conversationId: string;
  readonly agentId: string;
  readonly site: string | null;
  readonly status: string;
  readonly messageId: string;
  readonly createdAt: string | null;
  readonly author: 'visitor' | 'agent' | 'operator';
  readonly authorName: string | null;
  readonly text: string;
  readonly sources: readonly string[];
  readonly actions: readonly { readonly name: string; readonly outcome: string }[];
  readonly attachments: readonly string[];
  readonly rating: 'up' | 'down' | null;
  readonly ratingComment: string | null;
};

const atOnce = 100;

/** All messages of the conversations that a filter fits, a few at a time: the reader's speed says how many are in memory. */
export async function* exportRecords(call: OperatorCall, filter: InboxFilter): AsyncGenerator<readonly ExportRecord[]> {
  const { inbox } = call.services.store;
  let before: string | undefined;
  do {
    const page = await inbox.list(filter, { limit: atOnce, before });
    for (const row of page.rows) yield* conversationRecords(call, row);
    before = page.nextBefore ?? undefined;
  } while (before !== undefined);
}

async function* conversationRecords(call: OperatorCall, row: InboxConversation) {
  const user = await userFields(call, row);
  let after = 0;
  for (;;) {
    call.signal.throwIfAborted();
    const { messages, last } = await call.services.store.inbox.messagesAfter(row.id, after, atOnce);
    if (messages.length > 0) yield messages.map((message) => recordOf(row, user, message));
    if (messages.length < atOnce) return;
    after = last;
  }
}

function recordOf(row: InboxConversation, user: UserFields, message: ChatMessage): ExportRecord {
  const { metadata = {}, parts } = message;
  const operator = metadata.author?.kind === 'operator' ? metadata.author : undefined;
  const author = message.role === 'user' ? 'visitor' : operator === undefined ? 'agent' : 'operator';
  return {
    conversationId: row.id,
    agentId: row.agentId,
    site: row.site,
    status: row.status,
    ...user,
    messageId: message.id,
    createdAt: metadata.createdAt ?? isoTime(row.createdAt),
    author,
    authorName: operator?.name ?? null,
    text: textOf(message),
    sources: parts.flatMap((part) =>
      part.type === 'source-url' ? [part.url] : part.type === 'source-document' ? [part.title] : [],
    ),
    actions: parts.flatMap((part) =>
      part.type === 'dynamic-tool' ? [{ name: part.toolName, outcome: part.state }] : [],
    ),
    attachments: parts.flatMap((part) => (part.type === 'file' ? [part.filename ?? ''] : [])),
    rating: metadata.feedback?.rating ?? null,
    ratingComment: metadata.feedback?.comment ?? null,
  };
}
