import { createHash } from 'node:crypto';
import type { ChatMessage } from '../../../src/protocol/index.ts';

/** SHA-256 of a message's parts, whatever the order of their fields: what makes a repeated message the same one. */
export function contentHash(message: Pick<ChatMessage, 'parts'>): string {
  return createHash('sha256').update(JSON.stringify(message.parts, sortFields)).digest('hex');
}

function sortFields(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
