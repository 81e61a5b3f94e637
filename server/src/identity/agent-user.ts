import type { Claims, SendMetadata } from '../../../src/protocol/index.ts';
import type { AgentUser } from '../agents/index.ts';
import { isJsonObject } from './strict-json.ts';
import type { Admitted, Policy, VerifiedToken } from './types.ts';

/** What a token says about itself, not about the person. */
const reservedClaims: ReadonlySet<string> = new Set(['iat', 'exp', 'nbf', 'iss', 'aud', 'jti', 'sub']);

const maxSelfReportedCharacters = 200;

/**
 * Who the agent talks to.
 *
 * Verified: `claimsToAgent: "none"` lets the subject through and nothing else, `"basic"` adds name and e-mail, `"all"` every claim that is
 * not reserved. In e-mail mode the e-mail is the lower-cased subject. Else: name and e-mail as the page reported them in
 * `metadata.context`, unproven, each one line of at most 200 characters.
 */
export function agentUser(judgement: Admitted, policy: Policy, metadata: SendMetadata | undefined): AgentUser {
  if (judgement.state !== 'verified') return { verified: false, selfReported: selfReported(metadata) };
  const { token } = judgement;
  if (policy.claimsToAgent === 'none') return { verified: true, subject: token.subject, claims: {} };
  const claims = claimsForAgent(token, policy);
  return { verified: true, subject: token.subject, ...pickTexts(claims), claims };
}

/**
 * The metadata of a message as it is stored and shown to the agent. For a verified sender what the page said in `context` and
 * `groups` is dropped, and `context` holds the verified claims that the policy lets through; every other key passes as it is.
 */
export function cleanMetadata(judgement: Admitted, metadata: SendMetadata | undefined, policy: Policy): SendMetadata {
  if (judgement.state !== 'verified') return metadata ?? {};
  const others = Object.entries(metadata ?? {}).filter(([key]) => key !== 'context' && key !== 'groups');
  // `fromEntries` defines members; an assignment would let a member named `__proto__` change the object's prototype.
  return Object.fromEntries([...others, ['context', claimsForAgent(judgement.token, policy)]]);
}

function claimsForAgent(token: VerifiedToken, policy: Policy): Claims {
  if (policy.claimsToAgent === 'none') return {};
  const claims = Object.entries(token.claims).filter(([name]) => !reservedClaims.has(name));
  if (policy.identityClaim === 'email') claims.push(['email', token.subject]);
  const all = Object.fromEntries(claims);
  return policy.claimsToAgent === 'all' ? all : pickTexts(all);
}

function pickTexts({ name, email }: Claims): { readonly name?: string; readonly email?: string } {
  return { ...(isText(name) && { name }), ...(isText(email) && { email }) };
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function selfReported(metadata: SendMetadata | undefined): { readonly name?: string; readonly email?: string } {
  const context = metadata !== undefined && Object.hasOwn(metadata, 'context') ? metadata['context'] : undefined;
  if (!isJsonObject(context)) return {};
  return pickTexts({ name: oneLine(context['name']), email: oneLine(context['email']) });
}

/** Line breaks and control characters could pass for a new instruction in a prompt. */
function oneLine(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const line = value
    .slice(0, 4 * maxSelfReportedCharacters)
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  return Array.from(line).slice(0, maxSelfReportedCharacters).join('').trimEnd();
}
