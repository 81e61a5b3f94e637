import { isIdentityReason, type IdentityReason } from './identity.ts';

/** Codes of `application/problem+json` answers, each with its status. */
export const problemStatus = {
  invalid_token: 401,
  no_permission: 403,
  origin_not_allowed: 403,
  consent_required: 403,
  form_required: 403,
  agent_not_found: 404,
  conversation_not_found: 404,
  message_not_found: 404,
  approval_not_found: 404,
  attachment_not_found: 404,
  not_found: 404,
  method_not_allowed: 405,
  message_conflict: 409,
  conversation_busy: 409,
  approval_expired: 410,
  too_large: 413,
  unsupported_type: 415,
  invalid_request: 422,
  rate_limited: 429,
  internal: 500,
  unavailable: 503,
} as const;

export type ProblemCode = keyof typeof problemStatus;

/** RFC 9457 problem details, with this product's extension members. */
export type Problem = {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ProblemCode;
  readonly detail?: string;
  readonly requestId?: string;
  readonly reason?: IdentityReason;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
};

/** Reads what a server answered with an error status. Undefined when it is not one of ours. Never throws. */
export function decodeProblem(value: unknown): Pick<Problem, 'code' | 'status' | 'reason'> | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { code, reason } = value as { code?: unknown; reason?: unknown };
  if (typeof code !== 'string' || !Object.hasOwn(problemStatus, code)) return undefined;
  const known = code as ProblemCode;
  const status = problemStatus[known];
  return isIdentityReason(reason) ? { code: known, status, reason } : { code: known, status };
}
