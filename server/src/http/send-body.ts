import { z } from 'zod';
import { limit, textOf, type ApprovalBody, type ChatMessage, type SendMetadata } from '../../../src/protocol/index.ts';
import { formatPath, issuesOf } from '../config/index.ts';
import { HttpProblem, invalidRequest } from './http-problem.ts';

/** UUIDs, and what AI SDK clients make by default (16 letters and digits). */
export const idPattern = /^[A-Za-z0-9_-]{1,64}$/;
const idSchema = z.string().regex(idPattern, 'must be 1 to 64 of A-Z a-z 0-9 _ -');

const maxParts = 64;
const textSchema = z
  .string()
  // Postgres has no place for it, and no keyboard makes it.
  .refine((text) => !text.includes('\u0000'), 'must not contain the NUL character')
  .transform((text) => text.toWellFormed());
const partSchema = z.object({
  type: z.literal('text', 'only text parts are accepted from visitors'),
  text: textSchema,
});
const userMessageSchema = z.object({
  id: idSchema,
  role: z.literal('user', 'the last message must have the role user'),
  parts: z
    .array(partSchema)
    .max(maxParts)
    .refine((parts) => parts.some((part) => part.text.trim() !== ''), 'must hold a text that is not empty'),
});

const bodySchema = z.object({
  id: idSchema,
  trigger: z.enum(['submit-message', 'regenerate-message']).default('submit-message'),
  messages: z.array(z.unknown()).optional(),
  messageId: idSchema.optional(),
  metadata: z.record(z.string(), z.unknown()).default({}),
});

/** What a visitor sent, decoded. */
export type SendRequest = { readonly conversationId: string; readonly metadata: SendMetadata } & (
  | { readonly trigger: 'submit-message'; readonly message: ChatMessage }
  /** Without `messageId` the newest reply is meant, as AI SDK clients mean it. */
  | { readonly trigger: 'regenerate-message'; readonly messageId: string | undefined }
);

/**
 * Reads the body of `POST A/chat`. Keys that the protocol does not name are passed over: AI SDK clients send their own.
 *
 * @throws HttpProblem `invalid_request` or `too_large`.
 */
export function decodeSendBody(value: unknown, maxMessageCharacters: number): SendRequest {
  const { id, trigger, messages, messageId, metadata } = decode(bodySchema, value, []);
  checkMetadata(metadata);
  if (trigger === 'regenerate-message') return { trigger, conversationId: id, metadata, messageId };
  if (messages === undefined || messages.length === 0)
    throw invalidRequest('messages', 'must hold the message to send');
  const last = messages.length - 1;
  const message = decode(userMessageSchema, messages[last], ['messages', last]);
  if (textOf(message).length > maxMessageCharacters) {
    throw new HttpProblem('too_large', { detail: `A message is at most ${maxMessageCharacters} characters.` });
  }
  return { trigger, conversationId: id, metadata, message };
}

/** What `schema` makes of a value. @throws HttpProblem `invalid_request`, with `path` in front of each place. */
export function decode<T>(schema: z.ZodType<T>, value: unknown, path: readonly PropertyKey[]): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const errors = issuesOf(result.error).map((issue) => ({ ...issue, path: joinPath(path, issue.path) }));
  throw new HttpProblem('invalid_request', { errors });
}

function joinPath(path: readonly PropertyKey[], rest: string): string {
  const start = formatPath(path);
  return start === '' || rest === '' ? start + rest : `${start}${rest.startsWith('[') ? '' : '.'}${rest}`;
}

function checkMetadata(metadata: SendMetadata): void {
  // Depth first: writing a very deep object as text would overflow the stack.
  if (deeperThan(metadata, limit.maxMetadataDepth)) {
    throw new HttpProblem('too_large', { detail: `Metadata is nested at most ${limit.maxMetadataDepth} deep.` });
  }
  if (Buffer.byteLength(JSON.stringify(metadata)) > limit.maxMetadataBytes) {
    throw new HttpProblem('too_large', { detail: `Metadata is at most ${limit.maxMetadataBytes} bytes.` });
  }
}

/** Whether objects and arrays are nested deeper than `levels`; the outermost one is the first. */
function deeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => deeperThan(inner, levels - 1));
}

const readBodySchema = z.object({ messageId: idSchema });

/** Reads the body of `POST A/conversations/{id}/read`. */
export function decodeReadBody(value: unknown): { readonly messageId: string } {
  return decode(readBodySchema, value, []);
}

const approvalBodySchema = z.object({ approved: z.boolean() });

/** Reads the body of `POST A/chat/{conversationId}/approvals/{approvalId}`. */
export function decodeApprovalBody(value: unknown): ApprovalBody {
  return decode(approvalBodySchema, value, []);
}

const verifyJwtSchema = z.object({ token: z.string(), botId: z.string() });

/** Reads the body of `POST /api/widget/verify-jwt`. */
export function decodeVerifyJwtBody(value: unknown): { readonly token: string; readonly botId: string } {
  return decode(verifyJwtSchema, value, []);
}
