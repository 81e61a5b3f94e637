import { limit } from '../../../src/protocol/index.ts';
import { parseStrictObject, type JsonObject } from './strict-json.ts';

/** A token taken apart. Nothing in it is proven. */
export type CompactToken = {
  readonly text: string;
  readonly header: JsonObject;
  readonly payload: JsonObject;
  /** `header.payload`, the text that is signed. */
  readonly signingInput: string;
};

export type ReadToken =
  | { readonly ok: true; readonly token: CompactToken }
  | { readonly ok: false; readonly reason: 'too_large' | 'malformed' };

const malformed: ReadToken = { ok: false, reason: 'malformed' };

/**
 * Takes a compact JWS (RFC 7515 section 7.1) apart without any cryptography. Never throws.
 *
 * Stricter than the libraries: each part has one accepted spelling, so that no two texts are the same token, and header and
 * payload have one meaning (see {@link parseStrictObject}). At most 8 KiB of UTF-8, measured before anything is parsed.
 */
export function readCompactToken(text: string): ReadToken {
  if (Buffer.byteLength(text) > limit.maxTokenBytes) return { ok: false, reason: 'too_large' };
  const parts = text.split('.');
  if (parts.length !== 3) return malformed;
  const [headerPart, payloadPart, signaturePart] = parts as [string, string, string];
  const header = readObjectPart(headerPart);
  const payload = readObjectPart(payloadPart);
  if (header === undefined || payload === undefined || decodeBase64Url(signaturePart) === undefined) return malformed;
  // An empty signature is what an unsecured JWT has (RFC 7519 section 6); it is named by its algorithm, and malformed elsewhere.
  if (signaturePart === '' && !isNone(header['alg'])) return malformed;
  return { ok: true, token: { text, header, payload, signingInput: `${headerPart}.${payloadPart}` } };
}

/**
 * Decodes canonical base64url: no padding, no white space, no `+` or `/`, no non-zero spare bits in the last character.
 * Undefined for every other spelling. The empty text is zero bytes.
 */
export function decodeBase64Url(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}

function readObjectPart(part: string): JsonObject | undefined {
  const bytes = decodeBase64Url(part);
  return bytes === undefined ? undefined : parseStrictObject(bytes);
}

function isNone(algorithm: unknown): boolean {
  return typeof algorithm === 'string' && algorithm.toLowerCase() === 'none';
}
