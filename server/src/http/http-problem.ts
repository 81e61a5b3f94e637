import { problemStatus, type IdentityReason, type Problem, type ProblemCode } from '../../../src/protocol/index.ts';

export type ProblemExtras = {
  readonly detail?: string;
  readonly reason?: IdentityReason;
  readonly errors?: Problem['errors'];
  /** Seconds until it makes sense to ask again; sent as `Retry-After`. */
  readonly retryAfterSeconds?: number;
  /** Methods that the path has; sent as `Allow`. */
  readonly allow?: readonly string[];
};

/** Thrown by a route to end its request with this problem. */
export class HttpProblem extends Error {
  readonly code: ProblemCode;
  readonly extras: ProblemExtras;

  constructor(code: ProblemCode, extras: ProblemExtras = {}) {
    super(code);
    this.code = code;
    this.extras = extras;
  }
}

const titles: { readonly [code in ProblemCode]: string } = {
  invalid_token: 'The token was not accepted',
  no_permission: 'This chat is for signed-in visitors',
  origin_not_allowed: 'This site may not use this agent',
  agent_not_found: 'There is no such agent',
  conversation_not_found: 'There is no such conversation',
  message_not_found: 'There is no such message',
  approval_not_found: 'There is nothing to approve',
  not_found: 'There is nothing here',
  method_not_allowed: 'This address does not answer that method',
  message_conflict: 'Another message has this id',
  conversation_busy: 'A reply is still being written',
  approval_expired: 'The time to approve is over',
  attachment_not_found: 'No such attachment',
  unsupported_type: 'Files of this type are not accepted',
  consent_required: 'The agent asks for consent first',
  form_required: 'The agent asks who the visitor is first',
  too_large: 'The request is too large',
  invalid_request: 'The request does not fit the protocol',
  rate_limited: 'Too many requests',
  internal: 'Something went wrong on the server',
  unavailable: 'The server cannot answer at the moment',
};

/** An answer as RFC 9457 asks for. `type` is a relative reference, the same for one code on every server. */
export function problemResponse(code: ProblemCode, extras: ProblemExtras, requestId: string): Response {
  const status = problemStatus[code];
  const problem: Problem = {
    type: `/problems/${code}`,
    title: titles[code],
    status,
    code,
    requestId,
    ...(extras.detail === undefined ? {} : { detail: extras.detail }),
    ...(extras.reason === undefined ? {} : { reason: extras.reason }),
    ...(extras.errors === undefined ? {} : { errors: extras.errors }),
  };
  return new Response(JSON.stringify(problem), { status, headers: problemHeaders(code, extras) });
}

function problemHeaders(code: ProblemCode, extras: ProblemExtras): Headers {
  const headers = new Headers({ 'content-type': 'application/problem+json', 'cache-control': 'no-store' });
  if (extras.retryAfterSeconds !== undefined) headers.set('retry-after', String(extras.retryAfterSeconds));
  if (extras.allow !== undefined) headers.set('allow', extras.allow.join(', '));
  if (code === 'invalid_token') headers.set('www-authenticate', challenge(extras.reason));
  return headers;
}

/** RFC 6750, section 3. */
function challenge(reason: IdentityReason | undefined): string {
  const error = 'Bearer error="invalid_token"';
  return reason === undefined ? error : `${error}, error_description="${reason}"`;
}

/** One problem of the request itself, named by where it is. */
export function invalidRequest(path: string, message: string): HttpProblem {
  return new HttpProblem('invalid_request', { errors: [{ path, message }] });
}

/** How long a client should wait for a server to be replaced, a store to come back, a reply or a stream to end. */
const patienceSeconds = 5;

export function unavailable(): HttpProblem {
  return new HttpProblem('unavailable', { retryAfterSeconds: patienceSeconds });
}

/** Too much at once, and not too much a minute: nobody knows when that ends. */
export function busy(): HttpProblem {
  return new HttpProblem('rate_limited', { retryAfterSeconds: patienceSeconds });
}
