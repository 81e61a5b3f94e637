import { z } from 'zod';
import type { Policy } from './types.ts';

const hmacOnly =
  'only HS256 is supported so far: RS256, PS256, ES256 and EdDSA need keys by JWKS or PEM, which this version cannot read';

const names = z
  .union(
    [
      z
        .string()
        .min(1)
        .transform((name) => [name]),
      z.array(z.string().min(1)).min(1),
    ],
    {
      error: 'expected a non-empty string, a list of them, or null',
    },
  )
  .nullable();

/**
 * An agent's identity policy as its operator writes it: each setting may be left out, a name that is no setting is an error.
 *
 * `audience` and `issuer` take one string or a list. Allowed origins are the agent's, not the policy's.
 */
export const policySchema = z.strictObject({
  access: z.enum(['open', 'verified-only']).default('open'),
  onInvalidToken: z.enum(['block', 'anonymous', 'deny']).default('block'),
  identityClaim: z.enum(['sub', 'email']).default('sub'),
  expiry: z.enum(['required', 'recommended']).default('required'),
  maxLifetimeSeconds: z.int().positive().nullable().default(86_400),
  clockToleranceSeconds: z.int().min(0).max(300).default(60),
  algorithms: z.tuple([z.literal('HS256', { error: hmacOnly })], { error: hmacOnly }).default(['HS256']),
  jwksUrl: z.null({ error: hmacOnly }).default(null),
  audience: names.default(null),
  issuer: names.default(null),
  maxActiveKeys: z.int().min(1).max(3).default(3),
  revealableKeys: z.boolean().default(false),
  claimsToAgent: z.enum(['none', 'basic', 'all']).default('basic'),
  claimAnonymousConversations: z.boolean().default(true),
}) satisfies z.ZodType<Policy>;

/** What holds where an operator has set nothing. */
export const defaultPolicy: Policy = Object.freeze(policySchema.parse({}));
