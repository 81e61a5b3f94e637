import { isKeyMaterial } from './key-material.ts';
import { importPublicKey } from './public-key.ts';
import { SigningKeyError } from './signing-key-error.ts';
import type { HmacKey, PublicAlgorithm, SigningKey } from './types.ts';

/** RFC 7518 section 3.2: an HS256 key is at least as long as the hash. */
const minSecretBytes = 32;

const environmentKeyId = 'environment';

/** A key as it is written in a configuration: a shared secret, or the PEM of a public key. */
export type ConfiguredKey =
  | { readonly id: string; readonly secret: string }
  | { readonly id: string; readonly algorithm: PublicAlgorithm; readonly publicKey: string };

/**
 * Makes an HS256 key from a shared secret: the bytes of its text in UTF-8, at least 32 of them. Hex is not decoded, because
 * signing code passes a 64-hex secret as text too.
 *
 * `secret` of the result is not enumerable, so that a logged or serialised key does not show it; do not copy keys by spreading.
 *
 * @throws SigningKeyError for a short secret, one with white space at an end (a line break of the file it came from), and one that is
 *   a key or certificate in any spelling (see {@link isKeyMaterial}): what anybody can know must never verify an HMAC (RFC 8725 section 2.1)
 */
export function importHmacKey(input: {
  readonly id: string;
  readonly secret: string;
  /** What messages call it. Default: `signing key "<id>"`. */
  readonly label?: string | undefined;
}): HmacKey {
  const { id, secret, label = `signing key "${id}"` } = input;
  requireId(id);
  refuseUnfit(label, secret);
  const key = { id, algorithm: 'HS256' } as const;
  return Object.freeze(Object.defineProperty(key, 'secret', { value: new TextEncoder().encode(secret) }) as HmacKey);
}

/**
 * The active keys of one agent: its own, or, where it has none, the key of the environment (`WIDGET_JWT_HMAC_SECRET`; an empty
 * variable counts as unset).
 *
 * @param maxActiveKeys the policy's; default 3
 * @throws SigningKeyError as {@link importHmacKey}, and for two keys of one id or more keys than the policy allows
 */
export function keysFor(sources: {
  readonly configured: readonly ConfiguredKey[];
  readonly environmentSecret?: string | undefined;
  readonly maxActiveKeys?: number;
}): readonly SigningKey[] {
  const { configured, environmentSecret = '', maxActiveKeys = 3 } = sources;
  if (configured.length === 0) {
    return environmentSecret === '' ? [] : [importHmacKey({ id: environmentKeyId, secret: environmentSecret })];
  }
  if (configured.length > maxActiveKeys) {
    const message = `${configured.length} signing keys are configured, the policy allows ${maxActiveKeys}: remove retired ones.`;
    throw new SigningKeyError('too_many_keys', message);
  }
  const keys = configured.map(importKey);
  const twice = keys.find((key, at) => keys.findIndex((other) => other.id === key.id) !== at);
  if (twice === undefined) return keys;
  throw new SigningKeyError('duplicate_key_id', `Two signing keys have the id "${twice.id}": each needs its own.`);
}

function importKey(key: ConfiguredKey): SigningKey {
  if (!('publicKey' in key)) return importHmacKey(key);
  requireId(key.id);
  return importPublicKey(key);
}

function requireId(id: unknown): void {
  if (typeof id === 'string' && id !== '') return;
  throw new SigningKeyError('invalid_key_id', 'A signing key needs an id: any non-empty string, sent as "kid".');
}

function refuseUnfit(label: string, secret: string): void {
  const advice = 'Make one with: openssl rand -hex 32';
  if (typeof secret !== 'string' || Buffer.byteLength(secret) < minSecretBytes) {
    const message = `The secret of ${label} is shorter than ${minSecretBytes} bytes. ${advice}`;
    throw new SigningKeyError('secret_too_short', message);
  }
  if (isKeyMaterial(secret)) {
    const what = 'a key or certificate, or part of one (PEM, DER, JWK, SSH, an RSA modulus)';
    const message = `The secret of ${label} reads like ${what}, which is no shared secret. ${advice}`;
    throw new SigningKeyError('not_a_shared_secret', message);
  }
  if (secret !== secret.trim()) {
    const message = `The secret of ${label} starts or ends with white space: remove it on both sides that hold it.`;
    throw new SigningKeyError('secret_has_white_space', message);
  }
}
