import { z } from 'zod';
import {
  header,
  limit,
  textOf,
  type ApprovalBody,
  type ChatMessage,
  type Feedback,
  type SendMetadata,
} from '../../../src/protocol/index.ts';
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
const maxUrlCharacters = 2_000;
const textPartSchema = z.object({ type: z.literal('text'), text: textSchema });
/** Its url alone counts: everything else is known from when it was uploaded. */
const filePartSchema = z
  .object({ type: z.literal('file'), url: z.string().max(maxUrlCharacters) })
  .transform(({ url }) => ({ type: 'file' as const, url, mediaType: 'application/octet-stream' }));
const partSchema = z.discriminatedUnion('type', [textPartSchema, filePartSchema], {
  error: 'only text parts, and files that were uploaded before, are accepted from visitors',
});
const userMessageSchema = z.object({
  id: idSchema,
  role: z.literal('user', 'the last message must have the role user'),
  parts: z
    .array(partSchema)
    .max(maxParts)
    .refine((parts) => parts.some(saysSomething), 'must hold a text that is not empty, or a file'),
});

function saysSomething(part: z.output<typeof partSchema>): boolean {
  return part.type === 'file' || part.text.trim() !== '';
}

const metadataSchema = z.record(z.string(), z.unknown());

const bodySchema = z.object({
  id: idSchema,
  trigger: z.enum(['submit-message', 'regenerate-message']).default('submit-message'),
  messages: z.array(z.unknown()).optional(),
  messageId: idSchema.optional(),
  metadata: metadataSchema.default({}),
});

/** What a visitor sent, decoded. */
export type SendRequest = { readonly conversationId: string; readonly metadata: SendMetadata } & (
  | {
      readonly trigger: 'submit-message';
      /** Its files as the visitor names them. */
      readonly message: ChatMessage;
      /** Where it stands in the request. */
      readonly place: string;
      /** The message that it takes the place of. */
      readonly replaces: string | undefined;
    }
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
  const place = `messages[${last}]`;
  return { trigger, conversationId: id, metadata, message, place, replaces: messageId };
}

/** What `schema` makes of a value. @throws HttpProblem `invalid_request`, with `path` in front of each place. */
function decode<T>(schema: z.ZodType<T>, value: unknown, path: readonly PropertyKey[]): T {
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

const approvalBodySchema = z.object({
  approved: z.boolean(),
  metadata: metadataSchema.default({}),
});

/** Reads the body of `POST A/chat/{conversationId}/approvals/{approvalId}`. */
export function decodeApprovalBody(value: unknown): Required<ApprovalBody> {
  const body = decode(approvalBodySchema, value, []);
  checkMetadata(body.metadata);
  return body;
}

/**
 * Reads `X-Chat-Metadata`, by which what has another body says what a message says in its metadata; without it nothing is said.
 *
 * @throws HttpProblem `invalid_request` or `too_large`
 */
export function decodeMetadataHeader({ headers }: Request): SendMetadata {
  const text = headers.get(header.metadata);
  if (text === null) return {};
  const { data: metadata } = metadataSchema.safeParse(parsed(text));
  if (metadata === undefined) throw invalidRequest(header.metadata, 'must be a JSON object, percent-encoded');
  checkMetadata(metadata);
  return metadata;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(decodeURIComponent(text));
  } catch {
    return undefined;
  }
}

const oneLine = z
  .string()
  .transform((text) =>
    text
      .toWellFormed()
      .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
      .trim(),
  )
  .refine((text) => text !== '', 'must not be empty');

const maxTitleCharacters = 120;
const titleBodySchema = z.object({
  title: oneLine.refine(
    (text) => text.length <= maxTitleCharacters,
    `must be at most ${maxTitleCharacters} characters`,
  ),
});

/** Reads the body of `PATCH A/conversations/{id}`. */
export function decodeTitleBody(value: unknown): { readonly title: string } {
  return decode(titleBodySchema, value, []);
}

const maxCommentCharacters = 2_000;
const feedbackBodySchema = z.object({
  rating: z.enum(['up', 'down']).nullable(),
  comment: textSchema
    .refine((text) => text.length <= maxCommentCharacters, `must be at most ${maxCommentCharacters} characters`)
    .optional(),
});

/** Reads the body of `POST A/messages/{id}/feedback`; null for feedback that is taken back. */
export function decodeFeedbackBody(value: unknown): Feedback | null {
  const { rating, comment = '' } = decode(feedbackBodySchema, value, []);
  if (rating === null) return null;
  return comment.trim() === '' ? { rating } : { rating, comment: comment.trim() };
}

const typingBodySchema = z.object({ typing: z.boolean() });

/** Reads the body of `POST A/conversations/{id}/typing`. */
export function decodeTypingBody(value: unknown): { readonly typing: boolean } {
  return decode(typingBodySchema, value, []);
}

const verifyJwtSchema = z.object({ token: z.string(), botId: z.string() });

/** Reads the body of `POST /api/widget/verify-jwt`. */
export function decodeVerifyJwtBody(value: unknown): { readonly token: string; readonly botId: string } {
  return decode(verifyJwtSchema, value, []);
}
