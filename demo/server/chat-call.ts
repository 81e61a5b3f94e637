import { createHash, createHmac } from 'node:crypto';
import jwt from 'jsonwebtoken';

/** For whom the chat server asks, as far as the call's signature proves it. */
export type ChatCaller = { readonly sub: string | undefined; readonly name: string | undefined };

export type ChatCallVerifier = (call: {
  readonly action: string;
  readonly authorization: string | undefined;
  readonly body: string;
}) => ChatCaller | undefined;

/**
 * Checks that a call comes from the chat server, is meant for this shop and this action, and that nobody changed the
 * input on its way. This is all that a host has to do (docs/actions.md).
 *
 * @param options.secret the key shared with the chat server; its calls are signed with one that is made of it
 * @param options.audience origin of the addresses that the chat server is configured to call
 */
export function createChatCallVerifier(options: {
  readonly secret: string;
  readonly audience: string;
}): ChatCallVerifier {
  const key = createHmac('sha256', options.secret).update('chat-widget actions').digest('hex');
  return ({ action, authorization, body }) => {
    const claims = verify(/^Bearer (\S+)$/.exec(authorization ?? '')?.[1] ?? '', key, options.audience);
    const bodyHash = createHash('sha256').update(body).digest('hex');
    if (claims === undefined || claims['action'] !== action || claims['input_sha256'] !== bodyHash) return undefined;
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
