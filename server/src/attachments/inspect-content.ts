import { fileTypeFromBuffer } from 'file-type';
import { isAccepted, isTextual } from './media-types.ts';

/** Why a file is not taken. `cut`: it did not arrive in full. */
export type UploadRefusal = 'too_large' | 'unsupported_type' | 'empty' | 'cut';

/** Thrown into whatever reads a file that is not taken. */
export class RefusedContent extends Error {
  readonly refusal: UploadRefusal;
  constructor(refusal: UploadRefusal) {
    super(`A file was refused: ${refusal}.`);
    this.refusal = refusal;
  }
}

type Rules = {
  readonly maxBytes: number;
  /** Media types that are taken, or `image/*`. */
  readonly types: readonly string[];
  /** What the sender says that it is: of weight for the kinds of text alone. */
  readonly claimedType: string;
  /** How long it may stay silent while it arrives. Default 30,000. */
  readonly maxSilenceMs?: number;
  /** Milliseconds that only grow. Default `performance.now`. */
  readonly clock?: () => number;
};

export type Inspection = {
  /** The same bytes. Throws `RefusedContent` as soon as it shows that the file is not taken; its end is held back until then. */
  readonly content: AsyncIterable<Uint8Array>;
  /** What it was; after its end. */
  found(): { readonly bytes: number; readonly mediaType: string };
};

/** So much is held back to tell the type by: signatures stand at the beginning of a file. */
const headBytes = 16 * 1024;

export function inspectContent(source: AsyncIterable<Uint8Array>, rules: Rules): Inspection {
  const text = createTextCheck();
  let bytes = 0;
  let mediaType = 'application/octet-stream';

  async function* inspected(): AsyncGenerator<Uint8Array> {
    let held: Uint8Array[] | undefined = [];
    let detected: string | undefined;
    for await (const chunk of arriving(source, rules)) {
      bytes += chunk.byteLength;
      if (bytes > rules.maxBytes) throw new RefusedContent('too_large');
      text.add(chunk);
      if (held === undefined) {
        yield chunk;
        continue;
      }
      held.push(chunk);
      if (bytes < headBytes) continue;
      detected = await detect(held);
      if (!mayBecomeAccepted(detected)) throw new RefusedContent('unsupported_type');
      yield* held;
      held = undefined;
    }
    if (bytes === 0) throw new RefusedContent('empty');
    if (held !== undefined) detected = await detect(held);
    mediaType = typeOf(detected, text.end(), rules.claimedType);
    if (!isAccepted(mediaType, rules.types)) throw new RefusedContent('unsupported_type');
    yield* held ?? [];
  }

  function mayBecomeAccepted(detected: string | undefined): boolean {
    const possible = text.isText() ? [true, false] : [false];
    return possible.some((isText) => isAccepted(typeOf(detected, isText, rules.claimedType), rules.types));
  }

  return { content: inspected(), found: () => ({ bytes, mediaType }) };
}

/** Text is the kind of text that it is said to be: "BMW" begins like a bitmap, and nothing tells a CSV by its bytes. */
function typeOf(detected: string | undefined, isText: boolean, claimed: string): string {
  if (isText && isTextual(claimed)) return claimed;
  return detected ?? (isText ? 'text/plain' : 'application/octet-stream');
}

async function detect(chunks: readonly Uint8Array[]): Promise<string | undefined> {
  const head = Buffer.concat(chunks).subarray(0, headBytes);
  // A parser that trips over hostile bytes has not recognised them.
  const found = await fileTypeFromBuffer(head).catch(() => undefined);
  return found?.mime;
}

/** Silence after which nothing more is waited for: who sends nothing must not hold a place. */
const defaultMaxSilenceMs = 30_000;

/** Nor must who drips: once it has been waited for so long, so much has to have come for each second of it. */
const patienceMs = 10_000;
const minBytesPerSecond = 1_024;

async function* arriving(source: AsyncIterable<Uint8Array>, rules: Rules): AsyncGenerator<Uint8Array> {
  const { maxSilenceMs = defaultMaxSilenceMs, clock = () => performance.now() } = rules;
  const iterator = source[Symbol.asyncIterator]();
  let bytes = 0;
  // Without the time that our own storage takes.
  let waitedMs = 0;
  try {
    for (;;) {
      const askedAt = clock();
      const next = await within(iterator.next(), maxSilenceMs);
      if (next.done === true) return;
      waitedMs += clock() - askedAt;
      bytes += next.value.byteLength;
      if (waitedMs >= patienceMs && bytes < (waitedMs / 1_000) * minBytesPerSecond) throw new Error('It drips.');
      yield next.value;
    }
  } catch {
    throw new RefusedContent('cut');
  } finally {
    // Lets go of what is still being sent, without waiting for it.
    iterator.return?.().then(undefined, () => undefined);
  }
}

async function within<Result>(promise: Promise<Result>, durationMs: number): Promise<Result> {
  const { promise: silence, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('Nothing came.')), durationMs);
  try {
    return await Promise.race([promise, silence]);
  } finally {
    clearTimeout(timer);
  }
}

/** Whether all bytes so far are UTF-8 without NUL. */
function createTextCheck() {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let isText = true;
  const decode = (chunk?: Uint8Array): void => {
    try {
      if (chunk === undefined) decoder.decode();
      else if (chunk.includes(0)) isText = false;
      else decoder.decode(chunk, { stream: true });
    } catch {
      isText = false;
    }
  };
  return {
    add(chunk: Uint8Array): void {
      if (isText) decode(chunk);
    },
    isText: () => isText,
    end(): boolean {
      if (isText) decode();
      return isText;
    },
  };
}
