import { decodeBase64Url } from './compact-token.ts';
import { sha256Hex } from './revocation-key.ts';

const secretBytes = 32;

/**
 * The name under which the server knows a session: the SHA-256, in hex, of its secret's text.
 *
 * @param secret what `X-Chat-Session` holds; hostile
 * @returns undefined for anything but 32 bytes in canonical base64url (43 characters)
 */
export function hashSession(secret: unknown): string | undefined {
  if (typeof secret !== 'string') return undefined;
  return decodeBase64Url(secret)?.length === secretBytes ? sha256Hex(secret) : undefined;
}
