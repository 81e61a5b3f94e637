/** The wire's `id:` of a frame, and what a client sends back as `Last-Event-ID`: `<messageId>:<n>`. */
export function encodeFrameId(messageId: string, n: number): string {
  return `${messageId}:${n}`;
}

/** Reads a `Last-Event-ID`. Undefined for what is none: hostile input, never throws. */
export function parseFrameId(id: string): { readonly messageId: string; readonly n: number } | undefined {
  const match = /^(?<messageId>.{1,255}):(?<n>\d{1,9})$/u.exec(id);
  const messageId = match?.groups?.['messageId'];
  const n = match?.groups?.['n'];
  return messageId === undefined || n === undefined ? undefined : { messageId, n: Number(n) };
}
