import { createPublicKey, type KeyObject } from 'node:crypto';
import { SigningKeyError } from './signing-key-error.ts';
import type { PublicAlgorithm, PublicKey } from './types.ts';

/** NIST SP 800-131A: shorter RSA keys are no longer good for signatures. */
const minRsaBits = 2_048;
/** Longer ones only cost time. */
const maxRsaBits = 16_384;
/** With an exponent of 1 every text is its own signature; large ones make verifying slow. */
const [minExponent, maxExponent] = [3n, 2n ** 33n];

const pemLabels = /^-----BEGIN (?:RSA )?PUBLIC KEY-----$/;

/**
 * Makes a key for RS256, PS256, ES256 (P-256) or EdDSA (Ed25519) from the PEM of a public key (SPKI, or PKCS #1 of RSA).
 *
 * @throws SigningKeyError for a private key, a certificate, a key of another kind than the algorithm needs, and RSA under 2,048 bits
 */
export function importPublicKey(key: {
  readonly id: string;
  readonly algorithm: PublicAlgorithm;
  readonly publicKey: string;
  /** What messages call it. Default: `signing key "<id>"`. */
  readonly label?: string | undefined;
}): PublicKey {
  const { id, algorithm, label = `signing key "${id}"` } = key;
  const subject = `${label.charAt(0).toUpperCase()}${label.slice(1)}`;
  const publicKey = parsePem(subject, key.publicKey);
  const problem = misfit(publicKey, algorithm);
  if (problem !== undefined) throw new SigningKeyError('unfit_public_key', `${subject} ${problem}.`);
  return Object.freeze({ id, algorithm, publicKey });
}

/** Why a public key cannot verify by an algorithm; undefined where it can. */
export function misfit(key: KeyObject, algorithm: PublicAlgorithm): string | undefined {
  const { asymmetricKeyType: kind, asymmetricKeyDetails: details } = key;
  switch (algorithm) {
    case 'RS256':
    case 'PS256': {
      if (kind !== 'rsa') return `is no RSA key, which ${algorithm} needs`;
      const { modulusLength = 0, publicExponent = 0n } = details ?? {};
      if (modulusLength < minRsaBits) return `has ${modulusLength} bits; RSA needs at least ${minRsaBits}`;
      if (modulusLength > maxRsaBits) return `has ${modulusLength} bits; RSA may have at most ${maxRsaBits}`;
      const fits = publicExponent >= minExponent && publicExponent <= maxExponent && publicExponent % 2n === 1n;
      return fits ? undefined : 'has an RSA exponent that is not safe (use 65537)';
    }
    case 'ES256':
      return kind === 'ec' && details?.namedCurve === 'prime256v1' ? undefined : 'is no P-256 key, which ES256 needs';
    case 'EdDSA':
      return kind === 'ed25519' ? undefined : 'is no Ed25519 key, which EdDSA needs';
  }
}

function parsePem(subject: string, text: string): KeyObject {
  const lines = text.trim().split(/\r?\n/);
  if (/PRIVATE KEY/.test(text)) {
    const message = `${subject} is a private key: keep it where tokens are signed, and give the public one.`;
    throw new SigningKeyError('private_key', message);
  }
  const blocks = lines.filter((line) => line.startsWith('-----BEGIN'));
  if (blocks.length === 1 && pemLabels.test(lines[0] ?? '')) {
    try {
      return createPublicKey(text.trim());
    } catch {
      // What OpenSSL says of it helps nobody.
    }
  }
  const message = `${subject} is not one public key in PEM (-----BEGIN PUBLIC KEY-----).`;
  throw new SigningKeyError('unfit_public_key', message);
}
