import { sendFile } from '../../attachments/index.ts';
import { describeConversations, userFields, withOperatorFiles } from '../conversations/describe-conversation.ts';
import { readInboxFilter } from '../conversations/inbox-filter.ts';
import { requireConversation } from '../live/conversation.ts';
import { DashboardProblem } from '../problem.ts';
import { readPage } from '../read-input.ts';
import { json, type DashboardRoute, type OperatorCall } from '../route.ts';

/** What visitors and agents have said to each other. */
export const conversationRoutes: readonly DashboardRoute[] = [
  { method: 'GET', path: '/conversations', role: 'viewer', handle: list },
  { method: 'GET', path: '/conversations/:id', role: 'viewer', handle: show },
  { method: 'GET', path: '/conversations/:id/messages', role: 'viewer', handle: listMessages },
  { method: 'GET', path: '/conversations/:id/attachments/:attachmentId', role: 'viewer', handle: download },
];

async function list(call: OperatorCall): Promise<Response> {
  const filter = readInboxFilter(call);
  const { rows, nextBefore } = await call.services.store.inbox.list(filter, readPage(call.query));
  return json({ conversations: await describeConversations(call, rows), nextBefore });
}

async function show(call: OperatorCall): Promise<Response> {
  const { id } = await requireConversation(call);
  const row = await call.services.store.inbox.find(id);
  const [conversation] = row === undefined ? [] : await describeConversations(call, [row]);
  if (row === undefined || conversation === undefined) throw new DashboardProblem('not_found');
  return json({ conversation: { ...conversation, user: await userFields(call, row) } });
}

async function listMessages(call: OperatorCall): Promise<Response> {
  const { id } = await requireConversation(call);
  const page = await call.services.store.conversations.messages(id, readPage(call.query));
  const messages = page.messages.map((message) => withOperatorFiles(id, message));
  return json({ messages, nextBefore: page.nextBefore });
}

async function download(call: OperatorCall): Promise<Response> {
  const { id } = await requireConversation(call);
  const found = await call.services.attachments?.sentIn(id, call.parameter('attachmentId'));
  if (found === undefined) throw new DashboardProblem('not_found', { detail: 'There is no such file.' });
  return sendFile(found);
}
