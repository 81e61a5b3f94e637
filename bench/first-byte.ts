import { randomBytes, randomUUID } from 'node:crypto';

export type FirstByte = {
  /** Milliseconds from the start of the request to the first byte of the answer's body. */
  readonly firstByteMs: number;
  /** Milliseconds to the first words of the reply. */
  readonly firstWordsMs: number;
};

/** Asks the agent one question as a new visitor, and reads the answer to its end. */
export async function measureFirstByte(chatUrl: string, question: string): Promise<FirstByte> {
  const body = JSON.stringify({
    id: randomUUID(),
    trigger: 'submit-message',
    messages: [{ id: randomUUID(), role: 'user', parts: [{ type: 'text', text: question }] }],
  });
  const session = randomBytes(32).toString('base64url');
  const headers = { 'content-type': 'application/json', 'x-chat-session': session };
  const startedAt = performance.now();
  const response = await fetch(`${chatUrl}/v1/agents/demo/chat`, { method: 'POST', headers, body });
  if (!response.ok || !response.body)
    throw new Error(`The server answered ${response.status}: ${await response.text()}`);
  let text = '';
  let firstByteMs: number | undefined;
  let firstWordsMs: number | undefined;
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    firstByteMs ??= performance.now() - startedAt;
    if (text.includes('"text-delta"')) firstWordsMs ??= performance.now() - startedAt;
  }
  if (firstByteMs === undefined || firstWordsMs === undefined) throw new Error(`The answer held no words: ${text}`);
  return { firstByteMs, firstWordsMs };
}

/** The value that `fraction` of the values do not exceed. */
export function quantile(values: readonly number[], fraction: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(sorted.length * fraction) - 1)];
  if (value === undefined) throw new RangeError('quantile of no values');
  return value;
}
