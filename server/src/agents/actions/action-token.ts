import { createHash, randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import type { ActionUser } from './actor.ts';

const lifetimeSeconds = 60;

/** `typ` of these tokens, so that none is taken for a visitor's. */
const tokenType = 'chat-action+jwt';

export type ActionTokenInput = {
  readonly key: Uint8Array;
  readonly action: string;
  /** Origin of the address that is called: a token for one host is of no use at another. */
  readonly audience: string;
  readonly user: ActionUser;
  readonly conversation: { readonly id: string; readonly agentId: string };
  readonly toolCallId: string;
  /** What carries the input on its way: the body, or the query without its question mark. */
  readonly carried: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
};

/** What tells the host who is asking, and that nobody changed what for. HS256, good for 60 seconds. */
export function signActionToken(input: ActionTokenInput): Promise<string> {
  const { user, conversation } = input;
  const issuedAt = Math.floor(input.now / 1000);
  const person = user.verified
    ? { sub: user.sub, email: user.email, name: user.name, metadata: user.metadata }
    : { metadata: user.metadata };
  const token = new SignJWT({
    ...person,
    verified: user.verified,
    action: input.action,
    agent: conversation.agentId,
    conversation: conversation.id,
    tool_call: input.toolCallId,
    input_sha256: createHash('sha256').update(input.carried).digest('hex'),
  });
  return token
    .setProtectedHeader({ alg: 'HS256', typ: tokenType })
    .setIssuer('chat-widget')
    .setAudience(input.audience)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + lifetimeSeconds)
    .setJti(randomUUID())
    .sign(input.key);
}
