import { createPublicKey, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose';
import { misfit } from '../public-key.ts';
import { isJsonObject, type JsonObject } from '../strict-json.ts';
import type { PublicAlgorithm, PublicKey } from '../types.ts';

/** A key of a JWKS, for one algorithm. */
export type JwksKey = PublicKey & { readonly kid: string | undefined };

/** More than any host rotates through; each key without `kid` may cost a verification. */
const maxKeys = 32;

/** RFC 7518 sections 6.2.2, 6.3.2 and 6.4: what nobody but the signer may have. `k` is a shared secret. */
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

const algorithmsOf: { readonly [kind: string]: readonly PublicAlgorithm[] | undefined } = {
  RSA: ['RS256', 'PS256'],
  EC: ['ES256'],
  OKP: ['EdDSA'],
};

/**
 * The keys of a JWK Set (RFC 7517) that can verify by one of our algorithms. Others are passed over, as section 5 asks for:
 * those for encryption, of other curves and algorithms, RSA under 2,048 bits, shared secrets, and each that holds private parts.
 * A key that names no algorithm stands for each that fits its kind; the policy decides.
 *
 * @returns undefined for what is no JWK Set
 */
export async function readJwks(value: unknown): Promise<readonly JwksKey[] | undefined> {
  const members = isJsonObject(value) ? value['keys'] : undefined;
  if (!Array.isArray(members) || members.length > maxKeys) return undefined;
  const keys = await Promise.all(members.map(readJwk));
  return keys.flat();
}

async function readJwk(jwk: unknown): Promise<readonly JwksKey[]> {
  if (!isJsonObject(jwk) || !isForVerifying(jwk)) return [];
  const publicKey = importJwk(jwk);
  if (publicKey === undefined) return [];
  const kid = typeof jwk['kid'] === 'string' ? jwk['kid'] : undefined;
  const id = `jwks:${await calculateJwkThumbprint(publicKey.export({ format: 'jwk' }))}`;
  return algorithmsFor(jwk)
    .filter((algorithm) => misfit(publicKey, algorithm) === undefined)
    .map((algorithm) => Object.freeze({ id, kid, algorithm, publicKey }));
}

function isForVerifying(jwk: JsonObject): boolean {
  const { use, key_ops: operations } = jwk;
  if (privateMembers.some((member) => Object.hasOwn(jwk, member))) return false;
  if (use !== undefined && use !== 'sig') return false;
  return operations === undefined || (Array.isArray(operations) && operations.includes('verify'));
}

function algorithmsFor({ kty, alg }: JsonObject): readonly PublicAlgorithm[] {
  const fitting = typeof kty === 'string' && Object.hasOwn(algorithmsOf, kty) ? (algorithmsOf[kty] ?? []) : [];
  return alg === undefined ? fitting : fitting.filter((algorithm) => algorithm === alg);
}

function importJwk(jwk: JsonObject): KeyObject | undefined {
  try {
    return createPublicKey({ key: jwk, format: 'jwk' });
  } catch {
    return undefined;
  }
}
