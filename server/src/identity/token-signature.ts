import { compactVerify, errors } from 'jose';
import type { CompactToken } from './compact-token.ts';
import type { IdentityProfile, PublicAlgorithm, SigningKey } from './types.ts';

export type SignatureCheck =
  | { readonly ok: true; readonly keyId: string }
  | { readonly ok: false; readonly reason: 'not_configured' | 'unsupported_algorithm' | 'invalid_signature' };

/**
 * Finds the key that signed a token. The algorithm comes from the keys; the header can only agree with it. `jwk`, `jku`,
 * `x5u` and `x5c` are never read. Never throws for what a token says.
 *
 * @throws KeysUnavailableError where the agent's keys cannot be had: then nothing can be said of the token
 */
export async function checkSignature(token: CompactToken, profile: IdentityProfile): Promise<SignatureCheck> {
  if (profile.keysProblem !== undefined) throw profile.keysProblem;
  const { algorithms } = profile.policy;
  const keys = profile.keys.filter((key) => algorithms.includes(key.algorithm));
  if (keys.length === 0 && profile.remoteKeys === undefined) return { ok: false, reason: 'not_configured' };
  const usable = keys.filter((key) => key.algorithm === token.header['alg']);
  const remote = remoteAlgorithmOf(token, profile);
  if ((usable.length === 0 && remote === undefined) || asksForExtensions(token)) {
    return { ok: false, reason: 'unsupported_algorithm' };
  }
  const candidates = [...keysNamedBy(token, usable), ...(await remoteCandidates(token, profile, remote))];
  // Every candidate is tried to its end, so that the time taken does not tell which key a token was signed with.
  const verdicts = await Promise.all(candidates.map((key) => isSignedBy(token, key)));
  const signer = candidates[verdicts.indexOf(true)];
  return signer === undefined ? { ok: false, reason: 'invalid_signature' } : { ok: true, keyId: signer.id };
}

/** No extension is understood here, so RFC 7515 section 4.1.11 has every `crit` refused; `b64` changes what is signed (RFC 7797). */
function asksForExtensions({ header }: CompactToken): boolean {
  return Object.hasOwn(header, 'crit') || Object.hasOwn(header, 'b64');
}

/** `kid` is an exact look-up: one that names no active key, or is no string, names none. Without it each key is a candidate. */
function keysNamedBy({ header }: CompactToken, keys: readonly SigningKey[]): readonly SigningKey[] {
  return Object.hasOwn(header, 'kid') ? keys.filter((key) => key.id === header['kid']) : keys;
}

/** The algorithm of the header where the policy allows keys of it from the host's JWKS. */
function remoteAlgorithmOf({ header }: CompactToken, profile: IdentityProfile): PublicAlgorithm | undefined {
  const named = profile.policy.algorithms.find((algorithm) => algorithm === header['alg']);
  return profile.remoteKeys === undefined || named === 'HS256' ? undefined : named;
}

async function remoteCandidates(token: CompactToken, profile: IdentityProfile, algorithm: PublicAlgorithm | undefined) {
  if (algorithm === undefined) return [];
  return (await profile.remoteKeys?.candidates(algorithm, token.header['kid'])) ?? [];
}

/** Whether this key has signed a token by its own algorithm. Never throws for what a token says. */
export async function isSignedBy(token: CompactToken, key: SigningKey): Promise<boolean> {
  try {
    await compactVerify(token.text, key.algorithm === 'HS256' ? key.secret : key.publicKey, {
      algorithms: [key.algorithm],
    });
    return true;
  } catch (error) {
    if (error instanceof errors.JOSEError) return false;
    throw error;
  }
}
