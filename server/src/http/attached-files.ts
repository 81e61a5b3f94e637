import type { ChatMessage, MessagePart } from '../../../src/protocol/index.ts';
import type { Owner } from '../storage/index.ts';
import type { AgentCall } from './call.ts';
import { HttpProblem } from './http-problem.ts';

/** Where an attachment is read. */
export function attachmentUrl(call: AgentCall, id: string): string {
  return `${originOf(call)}${pathOf(call)}${id}`;
}

/** Where this request's sender finds the server. */
export function originOf({ request, services }: Pick<AgentCall, 'request' | 'services'>): string {
  return services.publicOrigin ?? new URL(request.url).origin;
}

function pathOf({ entry }: Pick<AgentCall, 'entry'>): string {
  return `/v1/agents/${entry.id}/attachments/`;
}

/** The id in a url of this agent at this server, or in its path alone; undefined for every other url. */
export function attachmentIdOf(call: AgentCall, text: string): string | undefined {
  const url = URL.parse(text, originOf(call));
  if (url === null || !/^https?:$/.test(url.protocol)) return undefined;
  // By host alone: behind a proxy that ends TLS the request itself is plain http.
  const hosts = [new URL(originOf(call)).host, new URL(call.request.url).host];
  const isPlain = url.href === `${url.protocol}//${url.host}${url.pathname}`;
  const path = pathOf(call);
  return isPlain && hosts.includes(url.host) && url.pathname.startsWith(path)
    ? url.pathname.slice(path.length)
    : undefined;
}

/**
 * A stored message as it is sent out. Its files are stored by their paths: the host of a request is the sender's word, and
 * must not lead anybody else who reads the message (an operator, the visitor's other devices) to another server.
 */
export function withFileUrls(message: ChatMessage, origin: string): ChatMessage {
  if (!message.parts.some(({ type }) => type === 'file')) return message;
  const parts = message.parts.map((part) =>
    part.type === 'file' && part.url.startsWith('/') ? { ...part, url: origin + part.url } : part,
  );
  return { ...message, parts };
}

export type AttachedMessage = { readonly message: ChatMessage; readonly attachments: readonly string[] };

/**
 * The message with its files as the server knows them: whatever name, type or address a client gives them, they are the
 * owner's own attachments, or the message is refused.
 *
 * @param place where the message stands in the request, for errors
 * @throws HttpProblem `invalid_request`
 */
export async function attachFiles(
  call: AgentCall,
  owner: Owner,
  message: ChatMessage,
  place: string,
): Promise<AttachedMessage> {
  const { attachments } = call.services;
  const isOn = attachments !== undefined && call.entry.attachments;
  const ids = message.parts.map((part) => (part.type === 'file' ? (attachmentIdOf(call, part.url) ?? '') : undefined));
  const named = ids.filter((id) => id !== undefined);
  if (named.length === 0) return { message, attachments: [] };
  if (!isOn) throw refuse(place, ids, () => 'no files are accepted here');
  if (named.length > attachments.limits.maxPerMessage) {
    throw refuse(place, ids, () => `at most ${attachments.limits.maxPerMessage} files are accepted in a message`);
  }
  if (new Set(named).size < named.length)
    throw refuse(place, ids, () => 'is there twice, or is no attachment of yours');
  const rows = new Map((await attachments.find(owner, named)).map((row) => [row.id, row]));
  if (named.some((id) => !rows.has(id))) {
    throw refuse(place, ids, (id) => (rows.has(id) ? undefined : 'must be the url of an attachment of yours'));
  }
  const parts = message.parts.map((part, at): MessagePart => {
    const row = rows.get(ids[at] ?? '');
    if (row === undefined) return part;
    return { type: 'file', mediaType: row.mediaType, filename: row.filename, url: pathOf(call) + row.id };
  });
  return { message: { ...message, parts }, attachments: named };
}

/** Names each file part that something is to be said of. */
function refuse(
  place: string,
  ids: readonly (string | undefined)[],
  say: (id: string) => string | undefined,
): HttpProblem {
  const errors = ids.flatMap((id, at) => {
    const message = id === undefined ? undefined : say(id);
    return message === undefined ? [] : [{ path: `${place}.parts[${at}].url`, message }];
  });
  return new HttpProblem('invalid_request', { errors });
}
