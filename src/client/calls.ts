import type { ApprovalBody, ConversationPage, MessagePage, SendBody } from '../protocol/index.ts';
import type { Core } from './core.ts';

// The calls that only the exchange makes, each as the visitor of its moment. They reject as `Transport` does.

const inConversation = (id: string, rest: string): string => `/conversations/${encodeURIComponent(id)}/${rest}`;

export function readConversations(core: Core, signal: AbortSignal): Promise<ConversationPage> {
  return core.transport.json('/conversations', { as: core.credentials(), signal });
}

export function readMessages(core: Core, id: string, signal: AbortSignal, before?: string): Promise<MessagePage> {
  const query = before === undefined ? '' : `?before=${encodeURIComponent(before)}`;
  return core.transport.json(inConversation(id, `messages${query}`), { as: core.credentials(), signal });
}

export async function markRead(core: Core, id: string, messageId: string, signal: AbortSignal): Promise<void> {
  const body = { messageId };
  await core.transport.call(inConversation(id, 'read'), { as: core.credentials(), signal, method: 'POST', body });
}

/**
 * The stream of the reply.
 *
 * @param to below the chat's own address
 * @param who whose message it is: see `Core.credentials`
 */
export function sendChat(
  core: Core,
  body: SendBody | ApprovalBody,
  signal: AbortSignal,
  { to = '', who }: { readonly to?: string; readonly who?: string | undefined } = {},
): Promise<Response> {
  return core.transport.call(`/chat${to}`, { as: core.credentials(who), signal, method: 'POST', body });
}

/** The stream of the reply that runs; undefined when nothing runs any more. */
export async function resumeChat(core: Core, id: string, lastEventId: string | undefined, signal: AbortSignal) {
  const path = `/chat/${encodeURIComponent(id)}/stream`;
  const response = await core.transport.call(path, { as: core.credentials(), signal, lastEventId });
  return response.status === 204 ? undefined : response;
}

export async function stopChat(core: Core, id: string, signal: AbortSignal): Promise<void> {
  await core.transport.call(`/chat/${encodeURIComponent(id)}/stop`, { as: core.credentials(), signal, method: 'POST' });
}

export function openEvents(core: Core, lastEventId: string | undefined, signal: AbortSignal): Promise<Response> {
  return core.transport.call('/events', { as: core.credentials(), signal, lastEventId });
}
