import { createHash } from 'node:crypto';
import type { CompactToken } from './compact-token.ts';

/** A longer `jti`, or one with other characters than printable ASCII, is stored as its hash. */
const plainJti = /^[\x20-\x7e]{1,128}$/;

/**
 * What a token's revocation is stored under.
 *
 * `jti:<jti>` where it has a non-empty string `jti` (`jti-sha256:<hex>` of a long or unusual one), else `sha256:<hex>` of
 * `header.payload`. The signature is left out because one ECDSA signature can be turned into another valid one.
 */
export function revocationKeyOf(token: Pick<CompactToken, 'payload' | 'signingInput'>): string {
  const jti = jtiOf(token);
  if (jti === undefined) return `sha256:${sha256Hex(token.signingInput)}`;
  // UTF-16, because in UTF-8 all lone surrogates are the same three bytes.
  return plainJti.test(jti) ? `jti:${jti}` : `jti-sha256:${sha256Hex(Buffer.from(jti, 'utf16le'))}`;
}

/** Whether other tokens may be revoked by the same key. */
export function isShared(token: Pick<CompactToken, 'payload'>): boolean {
  return jtiOf(token) !== undefined;
}

function jtiOf({ payload }: Pick<CompactToken, 'payload'>): string | undefined {
  const jti = payload['jti'];
  return typeof jti === 'string' && jti !== '' ? jti : undefined;
}

export function sha256Hex(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
