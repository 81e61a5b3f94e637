import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';

/** RFC 7518 section 3.2: an HS256 key is at least as long as the hash. */
const minSecretBytes = 32;
const maxSubjectCharacters = 255;
const defaultLifetimeSeconds = 3_600;

/** Set by this function alone. */
const ownClaims = ['sub', 'iat', 'exp', 'jti'] as const;

export type UserToken = {
  /** The secret that the chat server has for the agent, as text: at least 32 bytes. It stays on your server. */
  readonly secret: string;
  /** Who it is: a non-empty string of at most 255 characters, the same for one person for ever. A number is refused. */
  readonly subject: string;
  readonly name?: string | undefined;
  readonly email?: string | undefined;
  /** What else the agent may know, such as `plan`, `metadata` or `custom`. Not `sub`, `iat`, `exp` or `jti`. */
  readonly claims?: { readonly [name: string]: unknown } | undefined;
  /** Default 3,600. */
  readonly expiresInSeconds?: number | undefined;
  /** Id of the key, for servers that have several. Default: none, and the server tries each. */
  readonly keyId?: string | undefined;
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly clock?: (() => number) | undefined;
};

/**
 * Signs a token (HS256) that tells the chat server who a visitor is. Call it on your server, for the user who is logged in there,
 * and give the page nothing but the token.
 *
 * Each token has an id of its own (`jti`), so that a logout ends this one and no other.
 *
 * @throws TypeError for a short secret, a subject that is no string, a lifetime that is no positive whole number, and claims that
 *   this function sets itself. The message never holds the secret.
 * @example
 * app.post('/chat-token', requireLogin, async (request, response) => {
 *   const token = await signUserToken({ secret: process.env.WIDGET_JWT_HMAC_SECRET, subject: String(request.user.id) });
 *   response.json({ token });
 * });
 */
export async function signUserToken(user: UserToken): Promise<string> {
  check(user);
  const { secret, subject, name, email, claims, expiresInSeconds = defaultLifetimeSeconds, keyId } = user;
  const issuedAt = Math.floor((user.clock ?? Date.now)() / 1000);
  return new SignJWT({ ...claims, ...(name !== undefined && { name }), ...(email !== undefined && { email }) })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT', ...(keyId !== undefined && { kid: keyId }) })
    .setSubject(subject)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + expiresInSeconds)
    .setJti(randomUUID())
    .sign(new TextEncoder().encode(secret));
}

function check({ secret, subject, claims = {}, expiresInSeconds = defaultLifetimeSeconds }: UserToken): void {
  if (typeof secret !== 'string' || Buffer.byteLength(secret) < minSecretBytes) {
    throw new TypeError(`The secret must be a text of at least ${minSecretBytes} bytes.`);
  }
  if (typeof subject !== 'string') throw new TypeError('The subject must be a string: pass String(user.id).');
  if (subject === '' || Array.from(subject).length > maxSubjectCharacters) {
    throw new TypeError(`The subject must have 1 to ${maxSubjectCharacters} characters.`);
  }
  if (!Number.isSafeInteger(expiresInSeconds) || expiresInSeconds <= 0) {
    throw new TypeError('expiresInSeconds must be a positive whole number of seconds.');
  }
  const taken = ownClaims.find((claim) => Object.hasOwn(claims, claim));
  if (taken !== undefined) throw new TypeError(`The claim "${taken}" is set by signUserToken itself.`);
}
