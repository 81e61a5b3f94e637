import { createHash } from 'node:crypto';
import jwt from 'jsonwebtoken';

/** For whom the chat server asks, as far as the call's signature proves it. */
export type ChatCaller = { readonly sub: string | undefined; readonly name: string | undefined };

export type ChatCallVerifier = (call: {
  readonly action: string;
  readonly authorization: string | undefined;
  readonly body: string;
}) => ChatCaller | undefined;

export type ChatCallOptions = {
  /** The `signingSecret` of the actions, shared with the chat server alone: not the key that visitors' tokens are signed with. */
  readonly secret: string;
  /** Origin of the addresses that the chat server is configured to call. */
  readonly audience: string;
  /** The agent that may call: one server may have several, whose actions are not for each other. */
  readonly agent: string;
};

/**
 * Checks that a call comes from the chat server, is meant for this shop, agent and action, and that nobody changed the
 * input on its way. This is all that a host has to do (docs/actions.md).
 */
export function createChatCallVerifier({ secret, audience, agent }: ChatCallOptions): ChatCallVerifier {
  return ({ action, authorization, body }) => {
    const claims = verify(/^Bearer (\S+)$/.exec(authorization ?? '')?.[1] ?? '', secret, audience);
    const input = createHash('sha256').update(body).digest('hex');
    if (claims === undefined || claims['agent'] !== agent || claims['action'] !== action) return undefined;
    if (claims['input_sha256'] !== input) return undefined;
    const isVerified = claims['verified'] === true;
    return { sub: isVerified ? claims.sub : undefined, name: isVerified ? textOf(claims['name']) : undefined };
  };
}

function verify(token: string, key: string, audience: string): jwt.JwtPayload | undefined {
  try {
    const { header, payload } = jwt.verify(token, key, {
      algorithms: ['HS256'],
      issuer: 'chat-widget',
      audience,
      complete: true,
    });
    return header.typ === 'chat-action+jwt' && typeof payload === 'object' ? payload : undefined;
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
