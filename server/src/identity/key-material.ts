import { createPublicKey, X509Certificate } from 'node:crypto';
import { isDerSequence } from './der-sequence.ts';
import { looksLikeRsaModulus } from './rsa-modulus.ts';
import { isJsonObject } from './strict-json.ts';

/** Base64 of hex of a PEM: nobody wraps a key more often by mistake. */
const maxWrappings = 3;

/** Longer than any key or chain of certificates; what is longer is not unwrapped. */
const maxCharacters = 256 * 1024;

const writtenKeys = /BEGIN [A-Z0-9 ]*(?:KEY|CERTIFICATE)|^["'\s]*\[?\s*[{]|^["'\s]*(?:sk-)?(?:ssh|ecdsa)-|RSAKeyValue>/;

/** RFC 4253 section 6.6: the length of the name, then the name. */
const sshNames = /^\0\0\0.(?:sk-)?(?:ssh|ecdsa)-/s;

/** SEC 1 section 2.3.3: 4, then both coordinates. */
const pointBytes = 65;

/**
 * Whether a text is, in whatever spelling, a key or certificate rather than a shared secret: PEM, DER (SPKI, PKCS #1, PKCS #8,
 * SEC 1, X.509), JWK, SSH, XML, a point of P-256, the modulus of an RSA key; as it is, in base64, base64url or hex, and in
 * quotation marks or with escaped line breaks.
 *
 * The 32 bytes of an Ed25519 key, or one coordinate of a point, look like any random secret: they cannot be told apart.
 */
export function isKeyMaterial(text: string): boolean {
  return text.length > maxCharacters || isWrittenKey(text, maxWrappings);
}

function isWrittenKey(text: string, wrappings: number): boolean {
  // A file in UTF-16 that was read as UTF-8 has a NUL in every second place.
  const plain = text.replaceAll('\0', '').replace(/^\ufeff/, '');
  if (writtenKeys.test(plain)) return true;
  return decodings(plain).some(
    (bytes) =>
      isKeyBytes(bytes) || (wrappings > 0 && isPrintable(bytes) && isWrittenKey(bytes.toString(), wrappings - 1)),
  );
}

/** What a text may stand for, its packing taken off. */
function decodings(text: string): readonly Buffer[] {
  const bare = text
    .replaceAll(/\\[nrt]|%0[ad]/gi, '')
    .replaceAll(/["'\s]/g, '')
    .replace(/^data:[^,]*,/, '')
    .replace(/^modulus=/i, '');
  const digits = bare.replace(/^0x/i, '').replaceAll(':', '');
  const isHex = /^(?:[0-9a-f]{2})+$/i.test(digits);
  const isBase64 = /^[\w+/-]+=*$/.test(bare);
  return [...(isHex ? [Buffer.from(digits, 'hex')] : []), ...(isBase64 ? [Buffer.from(bare, 'base64')] : [])];
}

function isKeyBytes(bytes: Buffer): boolean {
  return (
    isDerSequence(bytes) ||
    isReadable(bytes) ||
    sshNames.test(bytes.subarray(0, 32).toString('latin1')) ||
    isJson(bytes) ||
    isPoint(bytes) ||
    looksLikeRsaModulus(bytes)
  );
}

/** OpenSSL reads keys with something behind them, too. Parsed, not guessed from the first bytes: a random secret may begin like DER. */
function isReadable(key: Buffer): boolean {
  return succeeds(
    () => createPublicKey({ key, format: 'der', type: 'spki' }),
    () => createPublicKey({ key, format: 'der', type: 'pkcs1' }),
    () => new X509Certificate(key),
  );
}

function isPoint(bytes: Buffer): boolean {
  if (bytes.byteLength !== pointBytes || bytes[0] !== 4) return false;
  const [x = '', y = ''] = [bytes.subarray(1, 33), bytes.subarray(33)].map((half) => half.toString('base64url'));
  return succeeds(() => createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' }));
}

function isJson(bytes: Buffer): boolean {
  return succeeds(() => {
    const value: unknown = JSON.parse(bytes.toString());
    if (!isJsonObject(value) && !Array.isArray(value)) throw new TypeError('no object');
  });
}

/** ASCII text, line breaks included, as every spelling of a key is. */
function isPrintable(bytes: Buffer): boolean {
  return (
    bytes.byteLength > 0 &&
    bytes.every((byte) => (byte >= 32 && byte < 127) || byte === 9 || byte === 10 || byte === 13)
  );
}

function succeeds(...attempts: readonly (() => unknown)[]): boolean {
  return attempts.some((attempt) => {
    try {
      attempt();
      return true;
    } catch {
      return false;
    }
  });
}
