import { z } from 'zod';
import { policyPresets, presetNames, type PresetName } from './policy-presets.ts';
import type { Policy } from './types.ts';

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

const knownAlgorithms = ['HS256', 'RS256', 'PS256', 'ES256', 'EdDSA'] as const;
const algorithmsHint = `expected a list of ${knownAlgorithms.join(', ')}, each once`;

const algorithms = z
  .array(z.enum(knownAlgorithms, { error: algorithmsHint }), { error: algorithmsHint })
  .min(1, algorithmsHint)
  .refine((list) => new Set(list).size === list.length, { error: algorithmsHint });

/** Keys that travel over plain http could be anybody's; on this machine nobody is in between. */
const jwksUrl = z
  .string()
  .refine(isSafeKeyUrl, { error: 'must be an https URL without user and fragment (http on loopback alone)' })
  .nullable();

const settings = {
  access: z.enum(['open', 'verified-only']),
  onInvalidToken: z.enum(['block', 'anonymous', 'deny']),
  identityClaim: z.enum(['sub', 'email']),
  expiry: z.enum(['required', 'recommended']),
  maxLifetimeSeconds: z.int().positive().nullable(),
  clockToleranceSeconds: z.int().min(0).max(300),
  algorithms,
  jwksUrl,
  audience: names,
  issuer: names,
  maxActiveKeys: z.int().min(1).max(3),
  revealableKeys: z.boolean(),
  claimsToAgent: z.enum(['none', 'basic', 'all']),
  claimAnonymousConversations: z.boolean(),
};

/** What holds where an operator has set nothing. */
export const defaultPolicy: Policy = Object.freeze({
  access: 'open',
  onInvalidToken: 'block',
  identityClaim: 'sub',
  expiry: 'required',
  maxLifetimeSeconds: 86_400,
  clockToleranceSeconds: 60,
  algorithms: Object.freeze(['HS256'] as const),
  jwksUrl: null,
  audience: null,
  issuer: null,
  maxActiveKeys: 3,
  revealableKeys: false,
  claimsToAgent: 'basic',
  claimAnonymousConversations: true,
});

/** Some settings of a policy, and the preset that they change. */
export type PolicySettings = { readonly [Name in keyof Policy]?: Policy[Name] | undefined } & {
  readonly preset?: PresetName | undefined;
};

const strictSettings = z.strictObject({ ...settings, preset: z.enum(presetNames) }).partial();

/** A policy as its operator writes it: a preset's name, or settings, which may begin with `preset`. */
export type PolicyInput = PresetName | z.input<typeof strictSettings>;

/**
 * Reads what an operator has set, and nothing else: each setting may be left out, a name that is no setting is an error.
 *
 * `audience` and `issuer` take one string or a list. Allowed origins are the agent's, not the policy's.
 */
export const policySettingsSchema = z.preprocess(
  (value) => (typeof value === 'string' ? { preset: value } : value),
  strictSettings.superRefine(({ jwksUrl: url, algorithms: list }, context) => {
    if (typeof url !== 'string' || list?.some((algorithm) => algorithm !== 'HS256') === true) return;
    const message = 'needs "algorithms" beside it with at least one of RS256, PS256, ES256, EdDSA';
    context.addIssue({ code: 'custom', path: ['jwksUrl'], message });
  }),
) as z.ZodType<PolicySettings, PolicyInput>;

/**
 * The policy that several sources add up to: a later one wins, setting by setting. A preset stands for the settings that it
 * names; what is set beside it wins over it.
 */
export function resolvePolicy(...sources: readonly PolicySettings[]): Policy {
  return Object.freeze(Object.assign({ ...defaultPolicy }, ...sources.map(expandSettings)) as Policy);
}

/** The settings that a source names, its preset's included. */
export function expandSettings({ preset, ...own }: PolicySettings): Partial<Policy> {
  const named = Object.entries(own).filter(([, value]) => value !== undefined);
  return { ...(preset === undefined ? {} : policyPresets[preset]), ...Object.fromEntries(named) };
}

function isSafeKeyUrl(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || url.username !== '' || url.password !== '' || url.hash !== '') return false;
  const isLoopback = url.hostname === 'localhost' || url.hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(url.hostname);
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback);
}
