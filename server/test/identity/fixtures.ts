import { createHmac } from 'node:crypto';
import { defaultPolicy, importHmacKey, type IdentityProfile, type Policy } from '../../src/identity/index.ts';

export const nowSeconds = 1_800_000_000;
export const nowMs = nowSeconds * 1000;

/** 64 hex characters, used as text. */
export const secret = '6f1d2c3b4a5968778695a4b3c2d1e0f00112233445566778899aabbccddeeff0';
export const otherSecret = 'another-shared-secret-of-more-than-32-bytes';

export const claims = { sub: 'user-1', iat: nowSeconds, exp: nowSeconds + 3600 };

export function profileWith(policy: Partial<Policy> = {}, keys = [{ id: 'key-1', secret }]): IdentityProfile {
  return { agentId: 'shop', policy: { ...defaultPolicy, ...policy }, keys: keys.map(importHmacKey) };
}

export function encode(text: string | Uint8Array): string {
  return Buffer.from(text).toString('base64url');
}

/** Signs whatever stands in the two texts, well-formed or not. */
export function signTexts(
  header: string | Uint8Array,
  payload: string | Uint8Array,
  key: string | Uint8Array = secret,
): string {
  const signingInput = `${encode(header)}.${encode(payload)}`;
  return `${signingInput}.${createHmac('sha256', key).update(signingInput).digest('base64url')}`;
}

export const hs256 = '{"alg":"HS256","typ":"JWT"}';

export function sign(
  payload: object = claims,
  header: object = { alg: 'HS256', typ: 'JWT' },
  key: string | Uint8Array = secret,
): string {
  return signTexts(JSON.stringify(header), JSON.stringify(payload), key);
}
