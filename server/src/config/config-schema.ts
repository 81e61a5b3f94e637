import { z } from 'zod';
import { limit } from '../../../src/protocol/index.ts';
import { actionSettingsSchema, signingSecretSchema } from '../agents/index.ts';
import { nameUnknownSettings, policySettingsSchema } from '../identity/index.ts';
import { localized } from './locale-schema.ts';
import { oidcSchema } from './oidc-settings.ts';
import { parseOriginPattern } from './origins.ts';
import { attachmentsSchema, consentSchema, formSchema, modelFilesSchema } from './visitor-schema.ts';

const sentence = z.string().trim().min(1, 'must not be empty').max(500);

const originSchema = z.string().superRefine((text, context) => {
  const result = parseOriginPattern(text);
  if (!result.ok) context.addIssue({ code: 'custom', message: result.message });
});

/** What a token's `kid` may name. */
const keyId = z.string().regex(/^[\w.-]{1,64}$/, 'must be 1 to 64 of A-Z a-z 0-9 _ . -');

const secretKeySchema = z.strictObject({
  id: keyId,
  algorithm: z.literal('HS256').optional(),
  /** At least 32 bytes, used as the bytes of its text. */
  secret: z.string('must be a text of at least 32 bytes (or give "publicKey" and "algorithm")'),
});

const publicKeySchema = z.strictObject({
  id: keyId,
  algorithm: z.enum(['RS256', 'PS256', 'ES256', 'EdDSA']),
  /** PEM, `-----BEGIN PUBLIC KEY-----`. */
  publicKey: z.string(),
});

type KeyInput = z.infer<typeof secretKeySchema> | z.infer<typeof publicKeySchema>;

/** One of the two by what is there, so that a mistake is named with its place. */
const keySchema = z.unknown().transform((value, context): KeyInput => {
  const isPublic = typeof value === 'object' && value !== null && 'publicKey' in value;
  const result = (isPublic ? publicKeySchema : secretKeySchema).safeParse(value, { error: nameUnknownSettings });
  if (result.success) return result.data;
  for (const { path, message } of result.error.issues) context.addIssue({ code: 'custom', path, message });
  return z.NEVER;
}) as z.ZodType<KeyInput, KeyInput>;

export const agentSchema = z.strictObject({
  /** Stands in URLs and in the page's `agent-id`. */
  id: z
    .string()
    .regex(/^[A-Za-z0-9][\w-]{0,63}$/, 'must be 1 to 64 of A-Z a-z 0-9 _ - and begin with a letter or digit'),
  /** What visitors read. */
  name: sentence,
  /** Folder of Markdown articles, relative to the configuration file. */
  knowledge: z.string().min(1).optional(),
  /** Who answers: the full-text search, or the model of the environment. Default: the model where there is one. */
  answers: z.enum(['knowledge', 'model']).optional(),
  /** How fast answers from the articles come. Without it: at once. */
  wordsPerSecond: z.int().min(1).max(1_000).optional(),
  /** The operator's own words to the model. */
  instructions: z.string().max(8_000).optional(),
  /** A preset's name, or settings. What is not named here may be set in the database. */
  policy: policySettingsSchema.prefault({}),
  /** The whole ring where it is there; without it the ring is in the database. */
  keys: z.array(keySchema).optional(),
  /** What the agent can do: calls to the host. */
  actions: z.array(actionSettingsSchema).max(64).default([]),
  /** Whether visitors can ask for a person: the action `handoff`, which everybody may use. */
  handoff: z.boolean().default(true),
  /** Signs the calls of actions that have no secret of their own. Never a key of visitors' tokens. */
  signingSecret: signingSecretSchema.optional(),
  /** Beside the server's own origin, which may always call. */
  allowedOrigins: z.array(originSchema).default([]),
  /** One for all, or one for each language. */
  greeting: localized(sentence).prefault('Hello! How can we help?'),
  suggestions: localized(z.array(sentence).max(6)).prefault([]),
  /** Passed to the widget as it is. */
  appearance: z.record(z.string(), z.string().max(500)).default({}),
  maxMessageCharacters: z.int().min(1).max(32_000).default(limit.maxMessageCharacters),
  /** Asked of everybody before the first message. */
  consent: consentSchema.optional(),
  /** Asked of visitors who are not verified before the first message. */
  form: formSchema.optional(),
  /** False: none for this agent, where the server takes some. */
  attachments: z.boolean().default(true),
  /** Conversations that nobody has written in for so many days are removed. Default: none is. */
  retentionDays: z.int().min(1, 'must be at least 1').max(3_650, 'must be at most 3650').optional(),
  /** What of them the model is given. */
  modelFiles: modelFilesSchema.prefault({}),
});

const countLimit = (byDefault: number) => z.int().min(1).max(1_000_000).default(byDefault);

/** Requests a minute, and what may be open at once; each counted by one server process alone. */
const rateLimitsSchema = z.strictObject({
  /** `POST A/chat` of one visitor: a verified subject, or a session. */
  chatPerVisitor: countLimit(60),
  /** `POST A/chat` from one address. */
  chatPerAddress: countLimit(600),
  /** `POST A/logout` from one address: apart from the others, so that an office behind one address can always log out. */
  logoutPerAddress: countLimit(30_000),
  /** `POST A/attachments` of one visitor. */
  uploadsPerVisitor: countLimit(30),
  /** `POST A/attachments` from one address. */
  uploadsPerAddress: countLimit(300),
  /** MiB of attachments from one address, an hour. */
  uploadMebibytesPerAddress: countLimit(2_000),
  /** `GET A/conversations?query=` of one visitor. */
  searchesPerVisitor: countLimit(60),
  /** All other calls from one address. */
  otherPerAddress: countLimit(3_000),
  /** Replies that run at once for one visitor, and for one session. */
  repliesPerVisitor: countLimit(4),
  /** Replies that run at once for everybody at one address. */
  repliesPerAddress: countLimit(100),
  /** Replies that run at once for everybody together. One more is `unavailable`. */
  repliesPerProcess: countLimit(500),
  /** Live event streams of one visitor at once. One more ends the oldest. */
  eventStreamsPerVisitor: countLimit(16),
  /** Open streams of one address at once, live events and replies together. */
  streamsPerAddress: countLimit(500),
});

export const configSchema = z.strictObject({
  agents: z.array(agentSchema).min(1, 'must list at least one agent'),
  /** Folders in which the dashboard may name knowledge folders, relative to the configuration file. Empty: in none. */
  agentFolders: z.array(z.string().min(1)).max(20).default(['.']),
  /** Where actions that are made in the dashboard may call. Default: any https address. */
  actionOrigins: z
    .array(z.url({ protocol: /^https?$/ }).refine((text) => URL.parse(text)?.origin === text, 'must be an origin'))
    .max(100)
    .optional(),
  rateLimits: rateLimitsSchema.prefault({}),
  /** Without it nothing can be attached. */
  attachments: attachmentsSchema.optional(),
  /** Where browsers find this server, when a proxy stands in front of it. */
  publicUrl: z.url({ protocol: /^https?$/ }).optional(),
  /** Take the client's address from the last entry of `X-Forwarded-For`. Only behind a proxy that sets it. */
  trustProxy: z.boolean().default(false),
  /** Signing in to the dashboard at the organisation's own place. */
  oidc: oidcSchema.optional(),
});

/** What a configuration file may say. */
export type ConfigInput = z.input<typeof configSchema>;
export type AgentInput = z.input<typeof agentSchema>;
export type RateLimitSettings = z.output<typeof rateLimitsSchema>;
export type DecodedConfig = z.output<typeof configSchema>;
export type DecodedAgent = z.output<typeof agentSchema>;
export type AttachmentSettings = z.output<typeof attachmentsSchema>;
