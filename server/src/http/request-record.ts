import { randomUUID } from 'node:crypto';
import type { IdentityReason, IdentitySource, ProblemCode } from '../../../src/protocol/index.ts';

/** What is known of a request while it is answered; what is logged of it, and the headers that its answer gets. */
export type RequestRecord = {
  /** Made here: one that a client sends along could forge log lines. */
  readonly requestId: string;
  /** Address of the client, for rate limits. */
  readonly address: string;
  /** Headers of the answer, whichever answer it becomes. */
  readonly headers: Headers;
  /** The pattern that matched, never the address itself. */
  route: string;
  agentId?: string;
  source?: IdentitySource;
  reason?: IdentityReason;
  /** Code of the problem that was answered. */
  code?: ProblemCode;
  /** The page whose call was refused, as it may be logged. */
  refusedOrigin?: string;
  /** Verified subject, hashed and cut. */
  subjectHash?: string;
};

export function createRequestRecord(address: string): RequestRecord {
  return { requestId: randomUUID(), address, headers: new Headers(), route: 'unmatched' };
}
