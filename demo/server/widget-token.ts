import { randomUUID } from 'node:crypto';
import jwt from 'jsonwebtoken';
import type { User } from './users.ts';

/** Signs a token that tells the chat who this customer is. */
export type SignWidgetToken = (user: User) => string;

export type WidgetTokenOptions = {
  /** The key shared with the chat server (`WIDGET_JWT_HMAC_SECRET`), at least 32 bytes. It never leaves the backend. */
  readonly secret: string;
  /** Lifetime of a token. Default one hour. */
  readonly ttlSeconds?: number | undefined;
};

/** This is all that a backend has to do for verified visitors: one `jwt.sign` with a stable `sub` and a short lifetime. */
export function createWidgetTokenSigner(options: WidgetTokenOptions): SignWidgetToken {
  if (Buffer.byteLength(options.secret) < 32) {
    throw new TypeError(
      'secret: WIDGET_JWT_HMAC_SECRET needs at least 32 bytes, e.g. the output of `openssl rand -hex 32`',
    );
  }
  return (user) =>
    jwt.sign({ sub: user.id, name: user.name, email: user.email, plan: user.plan }, options.secret, {
      algorithm: 'HS256',
      expiresIn: options.ttlSeconds ?? '1h',
      // A name for each token: signing out in one tab revokes that tab's token and no other.
      jwtid: randomUUID(),
    });
}
