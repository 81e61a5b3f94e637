import { createHash, createPublicKey, timingSafeEqual } from 'node:crypto';
import type { KeyRow } from '../storage/index.ts';
import type { KeyVault } from './key-vault.ts';
import { KeysUnavailableError } from './keys-unavailable.ts';
import { openKey } from './profile-source.ts';
import type { SigningKey } from './types.ts';

/**
 * Tells keys of the same bytes: the SHA-256 of a secret, or of a public key in DER, whatever its algorithm and its PEM's line
 * breaks. Never shown or stored: whoever has it could try out secrets.
 */
export function keyFingerprint(key: SigningKey): Buffer {
  return key.algorithm === 'HS256'
    ? digest('secret', key.secret)
    : digest('public key', key.publicKey.export({ type: 'spki', format: 'der' }));
}

/** {@link keyFingerprint} of a key that is on its way into the ring. */
export function materialFingerprint(material: { readonly secret: string } | { readonly publicKey: string }): Buffer {
  return 'secret' in material
    ? digest('secret', Buffer.from(material.secret))
    : digest('public key', createPublicKey(material.publicKey).export({ type: 'spki', format: 'der' }));
}

/** In constant time: how much of a secret two keys share is nobody's business. */
export function isSameKey(one: Buffer, other: Buffer): boolean {
  return timingSafeEqual(one, other);
}

/** Of a stored key; undefined for one that cannot be opened, which verifies nothing. */
export function rowFingerprint(row: KeyRow, vault: KeyVault): Buffer | undefined {
  try {
    return keyFingerprint(openKey(row, vault));
  } catch (error) {
    if (error instanceof KeysUnavailableError) return undefined;
    throw error;
  }
}

function digest(kind: string, bytes: Uint8Array): Buffer {
  return createHash('sha256').update(`${kind}\0`).update(bytes).digest();
}
