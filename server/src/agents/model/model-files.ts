import type { ChatMessage, MessagePart } from '../../../../src/protocol/index.ts';
import type { Turn } from '../types.ts';

/** What of a visitor's files a model is given. Default: their names. */
export type ModelFiles = {
  /** Pictures, for models that can see. Default false. */
  readonly images?: boolean;
  /** The beginning of text files. Default false. */
  readonly text?: boolean;
  /** Of all pictures of a question and of what was said before it, the newest first. Default 8 MiB. */
  readonly maxImageBytes?: number;
  /** The same for text. Default 20,000. */
  readonly maxTextCharacters?: number;
};

export type FilePart = Extract<MessagePart, { readonly type: 'file' }>;

type FileContent =
  | { readonly kind: 'image'; readonly bytes: Uint8Array }
  | { readonly kind: 'text'; readonly text: string };

/** What was read of the files of a conversation; the others go by name. */
export type FileContents = ReadonlyMap<FilePart, FileContent>;

/** What models know. Anything else could fail a whole request. */
const pictures = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);
/** So many of the newest files are looked at. */
const maxFiles = 10;
/** UTF-8 has at most three bytes for one of UTF-16's units. */
const bytesOfCharacter = 3;

/** Reads the newest files of a conversation that fit. What cannot be read is left out: the question is answered all the same. */
export async function readFiles(turn: Turn, settings: ModelFiles = {}): Promise<FileContents> {
  const { images = false, text = false, maxImageBytes = 8 * 1024 * 1024, maxTextCharacters = 20_000 } = settings;
  const contents = new Map<FilePart, FileContent>();
  let [bytesLeft, charactersLeft] = [images ? maxImageBytes : 0, text ? maxTextCharacters : 0];
  for (const part of newestFiles(turn.history)) {
    if (bytesLeft > 0 && pictures.has(part.mediaType)) {
      const bytes = await turn.readFile?.(part.url, bytesLeft);
      if (bytes === undefined) continue;
      bytesLeft -= bytes.byteLength;
      contents.set(part, { kind: 'image', bytes });
    } else if (charactersLeft > 0 && isText(part)) {
      const bytes = await turn.readFile?.(part.url, maxTextCharacters * bytesOfCharacter);
      if (bytes === undefined) continue;
      const read = new TextDecoder().decode(bytes).slice(0, charactersLeft).toWellFormed();
      charactersLeft -= read.length;
      contents.set(part, { kind: 'text', text: read });
    }
  }
  return contents;
}

function isText({ mediaType }: FilePart): boolean {
  return mediaType.startsWith('text/') || mediaType === 'application/json';
}

function newestFiles(history: readonly ChatMessage[]): readonly FilePart[] {
  return history.toReversed().flatMap(filesOf).slice(0, maxFiles);
}

/** The files that a visitor sent with a message. */
export function filesOf({ role, parts }: ChatMessage): readonly FilePart[] {
  return role === 'user' ? parts.flatMap((part) => (part.type === 'file' ? [part] : [])) : [];
}
