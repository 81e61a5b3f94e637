const sequenceTag = 0x30;
const constructedBit = 0x20;
/** The shortest is the public key of Ed25519, with 44. */
const minBytes = 40;
/** ASN.1 of keys and certificates is not nested deeper. */
const maxDepth = 16;

/**
 * Whether bytes are one DER SEQUENCE from their first to their last, with everything in it well-formed (X.690): each key and
 * certificate is, also those of kinds that nothing here can read. Of random bytes one in 65,536 has the tag and the length,
 * and next to none of these is well-formed inside.
 */
export function isDerSequence(bytes: Uint8Array): boolean {
  if (bytes.byteLength < minBytes) return false;
  return bytes[0] === sequenceTag && endOfElement(bytes, 0, bytes.byteLength, maxDepth) === bytes.byteLength;
}

/** Where the element that begins at `at` ends; undefined where it is none that fits before `limit`. */
function endOfElement(bytes: Uint8Array, at: number, limit: number, depth: number): number | undefined {
  const tag = bytes[at] ?? 0;
  const start = readLength(bytes, at + 1);
  if (tag === 0 || depth === 0 || start === undefined) return undefined;
  const end = start.contentAt + start.length;
  if (end > limit) return undefined;
  if ((tag & constructedBit) === 0) return end;
  let next: number | undefined = start.contentAt;
  while (next !== undefined && next < end) next = endOfElement(bytes, next, end, depth - 1);
  return next;
}

/** Up to 127 in one byte; more in as many bytes as the first one says. */
function readLength(
  bytes: Uint8Array,
  at: number,
): { readonly contentAt: number; readonly length: number } | undefined {
  const first = bytes[at];
  if (first === undefined) return undefined;
  if (first < 0x80) return { contentAt: at + 1, length: first };
  const count = first & 0x7f;
  if (count === 0 || count > 4 || at + count >= bytes.byteLength) return undefined;
  const length = bytes.subarray(at + 1, at + 1 + count).reduce((sum, byte) => sum * 256 + byte, 0);
  return { contentAt: at + 1 + count, length };
}
