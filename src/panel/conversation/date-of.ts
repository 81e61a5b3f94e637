import type { ChatMessage } from '../../protocol/index.ts';

/** When a message was written, as far as that is known. Backends of a page's own say it in milliseconds, too, or not at all. */
export function dateOf({ metadata }: ChatMessage): Date | undefined {
  const { createdAt, begunHereAt }: { readonly [name: string]: unknown } = { ...metadata };
  return [createdAt, begunHereAt].map(toDate).find((date) => date !== undefined);
}

function toDate(value: unknown): Date | undefined {
  const date = new Date(typeof value === 'string' || typeof value === 'number' ? value : NaN);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
