import { z } from 'zod';
import type { Claims } from '../../../../src/protocol/index.ts';

/** A claim's name, or the way to a member of one that is an object: `["metadata", "plan"]`. */
type ClaimPath = string | readonly string[];
type Plain = string | number | boolean;

/**
 * Who may use an action, by the claims of their token. Values are compared strictly: `"1"` is not `1`, and what is
 * missing, or null, equals nothing.
 */
export type AllowRule =
  | { readonly claim: ClaimPath; readonly equals: Plain }
  | { readonly claim: ClaimPath; readonly in: readonly Plain[] }
  /** The claim is a list that holds this. */
  | { readonly claim: ClaimPath; readonly has: Plain }
  | { readonly claim: ClaimPath; readonly exists: true }
  | { readonly and: readonly AllowRule[] }
  | { readonly or: readonly AllowRule[] };

const plain = z.union([z.string(), z.number(), z.boolean()]);
const claim = z.union([z.string().min(1), z.array(z.string().min(1)).min(1).max(8)]);
const maxDepth = 8;

const whatRulesAre =
  'must be a rule: {"claim": "plan", "equals": "pro"}, or with "in": ["pro", "team"], "has": "admin" or "exists": true in the ' +
  'place of "equals"; or {"and": [rules]}, or {"or": [rules]}';

const ruleSchema: z.ZodType<AllowRule> = z.lazy(() =>
  z.union(
    [
      z.strictObject({ claim, equals: plain }),
      z.strictObject({ claim, in: z.array(plain).min(1).max(1_000) }),
      z.strictObject({ claim, has: plain }),
      z.strictObject({ claim, exists: z.literal(true) }),
      z.strictObject({ and: z.array(ruleSchema).min(1).max(100) }),
      z.strictObject({ or: z.array(ruleSchema).min(1).max(100) }),
    ],
    { error: whatRulesAre },
  ),
);

/** Reads a rule of a configuration. What it does not know it refuses: a rule that is misread must not open anything. */
export const allowRuleSchema = z
  .unknown()
  .refine((rule) => !isDeeperThan(rule, maxDepth), {
    message: `must not be nested deeper than ${maxDepth}`,
    abort: true,
  })
  .pipe(ruleSchema);

/** Looks no deeper than it has to: a deep enough rule would overflow the stack. */
function isDeeperThan(rule: unknown, levels: number): boolean {
  if (typeof rule !== 'object' || rule === null) return false;
  if (levels === 0) return true;
  const inner = 'and' in rule ? rule.and : 'or' in rule ? rule.or : undefined;
  return Array.isArray(inner) && inner.some((one) => isDeeperThan(one, levels - 1));
}

/** Whether claims satisfy a rule. Whatever is no rule allows nothing. */
export function allows(rule: AllowRule, claims: Claims): boolean {
  if ('and' in rule) return rule.and.length > 0 && rule.and.every((one) => allows(one, claims));
  if ('or' in rule) return rule.or.some((one) => allows(one, claims));
  const value = valueAt(claims, rule.claim);
  if (value === undefined || value === null) return false;
  if ('equals' in rule) return value === rule.equals;
  if ('in' in rule) return rule.in.some((one) => one === value);
  if ('has' in rule) return Array.isArray(value) && value.some((one) => one === rule.has);
  return rule.exists;
}

/** Own members only: no claim is named by what every object inherits. */
function valueAt(claims: Claims, path: ClaimPath): unknown {
  let value: unknown = claims;
  for (const name of typeof path === 'string' ? [path] : path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as { readonly [name: string]: unknown })[name];
  }
  return value;
}
