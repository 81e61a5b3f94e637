import { pino, type DestinationStream, type Logger } from 'pino';
import { StoreFailure } from './guard-store.ts';

/** Where log lines go: one JSON object a line. Default: standard output. */
export type LogDestination = { write(line: string): void };

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'silent';

const redacted = ['token', 'secret', 'authorization', 'session', 'password', 'databaseUrl', 'key', 'apiKey'];

// Three runs of base64url with dots between: a compact JWS. The last one may be empty (`alg: none`).
const tokenLike = /(?<![\w-])[\w-]{10,}\.[\w-]{10,}\.[\w-]*/g;
const credentialLike = /\b(bearer)\s+[\w.~+/=-]+/gi;
const urlPassword = /(\w+:\/\/[^\s:/@"]*):[^\s@"]*@/g;

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

/** An error as it is logged. Of the store's only the code: what a database says can quote the rows of visitors. */
export function describeError(error: unknown): { readonly [name: string]: unknown } {
  if (!(error instanceof Error)) return { name: typeof error };
  const code = 'code' in error ? { code: error.code } : {};
  if (error instanceof StoreFailure) return { name: error.name, cause: nameOf(error.cause) };
  return { name: error.name, ...code, stack: error.stack };
}

function nameOf(error: unknown): { readonly name: string; readonly code?: unknown } {
  if (!(error instanceof Error)) return { name: typeof error };
  return 'code' in error ? { name: error.name, code: error.code } : { name: error.name };
}
