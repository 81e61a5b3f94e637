import type { ChatMessage, Claims } from '../../../../src/protocol/index.ts';
import { isJsonObject } from '../../identity/index.ts';
import { type InboxConversation, lineOfMessage } from '../../storage/index.ts';
import { isoTime, type OperatorCall } from '../route.ts';

/** Conversations as lists show them. Those of an agent that is no more are left out: nothing can be done with them. */
export async function describeConversations(call: OperatorCall, rows: readonly InboxConversation[]) {
  const shown = rows.filter(({ agentId }) => call.services.agents.find(agentId) !== undefined);
  const names = await namesOf(call, new Set(shown.flatMap(({ assigneeId }) => assigneeId ?? [])));
  const asked = await wordsOfWaiting(call, shown);
  return shown.map((row) => {
    const { assigneeId, subject, createdAt, updatedAt, ...rest } = row;
    return {
      ...rest,
      lastMessage: asked.get(row.id) ?? row.lastMessage,
      agentName: call.services.agents.find(row.agentId)?.name ?? row.agentId,
      verified: subject !== null,
      subject,
      assignee: assigneeId === null ? null : { id: assigneeId, name: names.get(assigneeId) ?? null },
      createdAt: isoTime(createdAt),
      updatedAt: isoTime(updatedAt),
    };
  });
}

/** So far back a visitor's own words are looked for. */
const maxLookedBack = 10;

/** Of those who wait for a person: what they wrote last. The agent's answer to it only says that somebody was asked. */
async function wordsOfWaiting(
  { services }: OperatorCall,
  rows: readonly InboxConversation[],
): Promise<ReadonlyMap<string, string>> {
  const waiting = rows.filter(({ handoff }) => handoff.state === 'requested');
  const found = await Promise.all(
    waiting.map(async ({ id }) => {
      const { messages } = await services.store.conversations.messages(id, { limit: maxLookedBack });
      const said = messages.findLast(({ role }) => role === 'user');
      const words = said === undefined ? '' : lineOfMessage(said);
      return words === '' ? [] : [[id, words] as const];
    }),
  );
  return new Map(found.flat());
}

async function namesOf({ services }: OperatorCall, ids: ReadonlySet<string>): Promise<ReadonlyMap<string, string>> {
  const found = await Promise.all([...ids].map((id) => services.store.operators.find(id)));
  return new Map(found.flatMap((operator) => (operator === undefined ? [] : [[operator.id, operator.name]])));
}

/** Who a conversation's visitor is, by the names that exports have too (docs/dashboard.md). */
export type UserFields = {
  readonly identityVerified: boolean;
  readonly userId: string | null;
  readonly userName: string | null;
  readonly userEmail: string | null;
  readonly userPhoneNumber: string | null;
  readonly customIdentifiers: Claims | null;
};

/** Of verified visitors their newest claims; of others what the page or they said. */
export async function userFields(
  { services }: OperatorCall,
  { agentId, subject, contactName, contactEmail }: InboxConversation,
): Promise<UserFields> {
  const contact = subject === null ? undefined : await services.store.inbox.contact(agentId, subject);
  const claims = contact?.claims ?? {};
  const phone = own(claims, 'phoneNumber') ?? own(claims, 'phone_number');
  const custom = own(claims, 'custom');
  return {
    identityVerified: subject !== null,
    userId: subject,
    userName: contact?.name ?? contactName,
    userEmail: contact?.email ?? contactEmail,
    userPhoneNumber: typeof phone === 'string' ? phone : null,
    customIdentifiers: isJsonObject(custom) ? custom : null,
  };
}

function own(claims: Claims, name: string): unknown {
  return Object.hasOwn(claims, name) ? claims[name] : undefined;
}

const filePath = /^\/v1\/agents\/[^/]+\/attachments\/([^/?#]+)$/;

/** A message whose files are where operators read them. */
export function withOperatorFiles(conversationId: string, message: ChatMessage): ChatMessage {
  const parts = message.parts.map((part) => {
    const id = part.type === 'file' ? filePath.exec(part.url)?.[1] : undefined;
    if (part.type !== 'file' || id === undefined) return part;
    return { ...part, url: `/dashboard/api/conversations/${encodeURIComponent(conversationId)}/attachments/${id}` };
  });
  return { ...message, parts };
}
