import { z } from 'zod';
import { isMediaRange } from '../attachments/index.ts';

/** What an agent asks of a visitor before the first message. */
export const consentSchema = z.strictObject({
  /** Whoever has agreed to another version is asked again. */
  version: z.string().regex(/^[\w.:-]{1,64}$/, 'must be 1 to 64 of A-Z a-z 0-9 _ . : -'),
  text: z.string().trim().min(1, 'must not be empty').max(2_000),
  /** Where all of it can be read. */
  url: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .optional(),
});

export const formSchema = z.strictObject({
  intro: z.string().trim().min(1, 'must not be empty').max(500).optional(),
  fields: z
    .array(z.strictObject({ name: z.enum(['name', 'email']), required: z.boolean().default(true) }))
    .min(1, 'must list "name", "email", or both')
    .refine((fields) => new Set(fields.map(({ name }) => name)).size === fields.length, 'names a field twice'),
});

const mebibyte = 1024 * 1024;

const diskSchema = z.strictObject({
  kind: z.literal('disk'),
  /** Relative to the configuration file. Default: `attachments` in the data folder. */
  directory: z.string().min(1).optional(),
});

const s3Schema = z.strictObject({
  kind: z.literal('s3'),
  /** Without the bucket. The keys are in the environment. */
  endpoint: z.url({ protocol: /^https?$/ }),
  bucket: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'must be the name of a bucket'),
  region: z
    .string()
    .regex(/^[a-z0-9-]{1,64}$/)
    .default('us-east-1'),
  prefix: z
    .string()
    .regex(/^[\w-]+(\/[\w-]+)*\/$/, 'must be names with a slash after each, such as chat/')
    .optional(),
});

/** What visitors may attach to messages, and where it is kept. */
export const attachmentsSchema = z.strictObject({
  types: z
    .array(z.string().refine(isMediaRange, 'must be a media type in lower case, or all of a kind, such as image/*'))
    .min(1, 'must list at least one')
    .default([
      'image/png',
      'image/jpeg',
      'image/gif',
      'image/webp',
      'application/pdf',
      'text/plain',
      'text/csv',
      'text/markdown',
    ]),
  maxBytes: z
    .int()
    .min(1)
    .max(1024 * mebibyte)
    .default(10 * mebibyte),
  maxPerMessage: z.int().min(1).max(32).default(5),
  storage: z.discriminatedUnion('kind', [diskSchema, s3Schema]).default({ kind: 'disk' }),
});

/** What of attachments the model is given. What it is not, it is told the name of. */
export const modelFilesSchema = z.strictObject({
  /** Pictures (PNG, JPEG, GIF, WebP): for models that can see. */
  images: z.boolean().default(false),
  /** The beginning of text files. */
  text: z.boolean().default(false),
  /** Of all pictures together that are sent with one question. */
  maxImageBytes: z
    .int()
    .min(1)
    .max(64 * mebibyte)
    .default(8 * mebibyte),
  /** Of all text files together that are sent with one question. */
  maxTextCharacters: z.int().min(1).max(400_000).default(20_000),
});
