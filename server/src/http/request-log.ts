import { pino, type DestinationStream, type Logger } from 'pino';
import { StorageFailure } from '../attachments/index.ts';
import { StoreFailure } from './guard-store.ts';

/** Where log lines go: one JSON object a line. Default: standard output. */
export type LogDestination = { write(line: string): void };

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'silent';

const redacted = ['token', 'secret', 'authorization', 'session', 'password', 'databaseUrl', 'key', 'apiKey'];

// Three runs of base64url with dots between: a compact JWS. The last one may be empty (`alg: none`).
const tokenLike = /(?<![\w-])[\w-]{10,}\.[\w-]{10,}\.[\w-]*/g;
const credentialLike = /\b(bearer)\s+[\w.~+/=-]+/gi;
// Anchored and bounded, since what is searched may be long and hostile.
const urlPassword = /(?<!\w)(\w{1,20}:\/\/[^\s:/@"]{0,256}):[^\s@"]{0,256}@/g;

/**
 * The server's log. No route logs a token, a secret or a message; beside that, members named like a credential are
 * redacted, and what looks like a token is taken out of every line, also where a library put it into an error.
 */
export function createLog(destination: LogDestination | undefined, level: LogLevel): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: redacted.flatMap((name) => [name, `*.${name}`]), censor: '[redacted]' },
    hooks: { streamWrite: scrub },
  };
  return destination === undefined ? pino(options) : pino(options, destination satisfies DestinationStream);
}

/** The same text without what looks like a token or a password in a URL. */
export function scrub(text: string): string {
  return text
    .replaceAll(tokenLike, '[token]')
    .replaceAll(credentialLike, '$1 [redacted]')
    .replaceAll(urlPassword, '$1:[redacted]@');
}

/**
 * Hostile text as one line of printable ASCII: everything else, and the backslash, is written as `\u{…}`. What is too long is cut
 * off with `…`, tokens taken out before.
 */
export function visibleText(hostile: string, maxCharacters: number): string {
  const text = scrub(hostile);
  const start = [...text.slice(0, maxCharacters * 2)].slice(0, maxCharacters).join('');
  const shown = start.replaceAll(/[^\x21-\x5b\x5d-\x7e]/gu, (one) => `\\u{${(one.codePointAt(0) ?? 0).toString(16)}}`);
  const isWhole = start.length === text.length && shown.length <= maxCharacters;
  return isWhole ? shown : `${shown.slice(0, maxCharacters - 1)}…`;
}

/** An error as it is logged. Of the store's only the code: what a database says can quote the rows of visitors. */
export function describeError(error: unknown): { readonly [name: string]: unknown } {
  if (!(error instanceof Error)) return { name: typeof error };
  const code = 'code' in error ? { code: error.code } : {};
  // Of storages too: an error of S3 quotes its answer, and may name the keys.
  if (error instanceof StoreFailure || error instanceof StorageFailure) {
    return { name: error.name, cause: nameOf(error.cause) };
  }
  return { name: error.name, ...code, stack: error.stack };
}

function nameOf(error: unknown): { readonly name: string; readonly code?: unknown; readonly status?: number } {
  if (!(error instanceof Error)) return { name: typeof error };
  const code = 'code' in error ? { code: error.code } : {};
  const status = 'status' in error && typeof error.status === 'number' ? { status: error.status } : {};
  return { name: error.name, ...code, ...status };
}
