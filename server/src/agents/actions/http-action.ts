import { z } from 'zod';
import { defineAction, type Action, type ActionCall } from './action.ts';
import { signActionToken } from './action-token.ts';
import { allowRuleSchema } from './allow-rule.ts';
import { inputFromMessage, inputSettingsSchema, toInputSchema } from './input-settings.ts';
import { readBounded } from './read-bounded.ts';

const maxResponseBytes = 64 * 1024;

const loopback: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

const urlSchema = z.string().superRefine((text, context) => {
  const url = URL.parse(text);
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && loopback.has(url.hostname));
  const isPlain = url !== null && url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  if (!isSafe) context.addIssue({ code: 'custom', message: 'must be https, or http to this machine' });
  else if (!isPlain) context.addIssue({ code: 'custom', message: 'must have no user, query or fragment' });
});

/** At least as long as the hash (RFC 7518, section 3.2). */
export const signingSecretSchema = z
  .string()
  .refine((secret) => Buffer.byteLength(secret) >= 32, 'must have at least 32 bytes');

/** An action that a configuration describes: a call to the host. */
export const actionSettingsSchema = z
  .strictObject({
    name: z.string().regex(/^[A-Za-z][\w-]{0,63}$/, 'must be 1 to 64 of A-Z a-z 0-9 _ - and begin with a letter'),
    description: z.string().trim().min(1, 'must not be empty').max(1_000),
    access: z.enum(['public', 'verified']),
    allow: allowRuleSchema.optional(),
    approval: z.boolean().default(false),
    phrases: z.array(z.string().trim().min(1).max(200)).max(50).default([]),
    input: inputSettingsSchema.prefault({}),
    url: urlSchema,
    method: z.enum(['GET', 'POST']).default('POST'),
    timeoutMs: z.int().min(100).max(60_000).default(10_000),
    signingSecret: signingSecretSchema.optional(),
  })
  .refine(({ access, allow }) => allow === undefined || access === 'verified', {
    path: ['allow'],
    message: 'reads claims, so access must be "verified"',
  });

export type ActionSettings = z.output<typeof actionSettingsSchema>;

/** Why a host's answer was of no use. Safe to be logged: it holds nothing of the answer. */
class HostError extends Error {
  override readonly name = 'HostError';
}

/**
 * The action that settings describe. It calls nothing but its one address, follows no redirects, and reads at most 64 KiB.
 *
 * @param secret what signs its calls, unless the settings have one of their own; at least 32 bytes
 * @param clock milliseconds since the epoch
 */
export function createHttpAction(settings: ActionSettings, secret: string, clock: () => number = Date.now): Action {
  const { input, url, method, name, description, access, allow, approval, phrases, timeoutMs } = settings;
  const key = new TextEncoder().encode(settings.signingSecret ?? secret);
  return defineAction({
    name,
    description,
    access,
    allow,
    approval,
    phrases,
    timeoutMs,
    inputSchema: toInputSchema(input),
    inputFrom: (message) => inputFromMessage(input, message),
    run: async (call) => callHost({ name, url, method, key, now: clock() }, call),
  });
}

type Host = {
  readonly name: string;
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly key: Uint8Array;
  readonly now: number;
};

async function callHost({ name, url, method, key, now }: Host, call: ActionCall): Promise<unknown> {
  const { input, user, conversation, toolCallId, signal } = call;
  const carried = method === 'POST' ? JSON.stringify(input) : queryOf(input);
  const { origin: audience } = new URL(url);
  const token = await signActionToken({ key, action: name, audience, user, conversation, toolCallId, carried, now });
  const address = method === 'POST' || carried === '' ? url : `${url}?${carried}`;
  const response = await ask(address, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      accept: 'application/json, text/plain',
      // The same for a call that is sent twice on its way: the host can tell.
      'idempotency-key': toolCallId,
      ...(method === 'POST' ? { 'content-type': 'application/json' } : {}),
    },
    ...(method === 'POST' ? { body: carried } : {}),
    redirect: 'manual',
    signal,
  });
  try {
    return await readAnswer(response);
  } finally {
    await response.body?.cancel().catch(() => undefined);
  }
}

async function ask(address: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(address, init);
  } catch {
    // What fetch throws names the address, and may hold what was sent.
    throw new HostError('The host could not be reached in time.');
  }
}

async function readAnswer(response: Response): Promise<unknown> {
  if (!response.ok) throw new HostError(`The host answered ${response.status}.`);
  const type = response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
  const isJson = type === 'application/json' || type.endsWith('+json');
  if (response.status === 204) return null;
  if (!isJson && type !== 'text/plain') throw new HostError('The host answered neither JSON nor plain text.');
  const text = await readText(response);
  return isJson ? parse(text) : text;
}

async function readText(response: Response): Promise<string> {
  const bytes = await readBounded(response.body, maxResponseBytes).catch(() => {
    throw new HostError('The answer of the host broke off.');
  });
  if (bytes === undefined) throw new HostError(`The host answered more than ${maxResponseBytes} bytes.`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new HostError('The host answered what is no UTF-8.');
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new HostError('The host answered what is no JSON.');
  }
}

/** Plain values of an object, in the order of their names. */
function queryOf(input: unknown): string {
  if (typeof input !== 'object' || input === null) return '';
  const entries = Object.entries(input).map(([name, value]): [string, string] => [name, String(value)]);
  return new URLSearchParams(entries.toSorted(([a], [b]) => (a < b ? -1 : 1))).toString();
}
