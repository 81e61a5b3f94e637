/** Times and bounds of the service. All in milliseconds unless the name says otherwise. */
export type Timing = {
  /** Parts wait at most so long for others before they are written together. Default 100. */
  readonly flushMs: number;
  /** So many waiting parts are written at once. Default 64. */
  readonly flushParts: number;
  /** A reply that writes nothing says so often that its process lives. Default 5 s. */
  readonly heartbeatMs: number;
  /** A heart that has not beaten for so long belongs to a dead process. Clocks of servers must agree much better. Default 20 s. */
  readonly staleAfterMs: number;
  /** How often a reader of another process's reply looks without being told. Default 1 s. */
  readonly pollMs: number;
  /** The same for live events. Default 15 s. */
  readonly eventPollMs: number;
  /** How often replies of dead processes are looked for. Default 5 s. */
  readonly interruptEveryMs: number;
  /** How often old rows are removed. Default 10 min. */
  readonly sweepEveryMs: number;
  /** How long the parts of an ended reply and live events are kept for replay. Default 24 h. */
  readonly keepMs: number;
  /** How long a closed session that owns nothing is known as closed: longer than a request can be late. Default 15 min. */
  readonly keepClosedSessionsMs: number;
  /** How long revocations outlive their tokens: longer than any clock tolerance (5 min). Default 1 h. */
  readonly keepRevocationsMs: number;
  /** A reply that takes longer has failed. Default 5 min. */
  readonly maxReplyMs: number;
  /** A reply with more content (UTF-8 bytes of its text, JSON of its other parts) has failed. Default 1 MiB. */
  readonly maxReplyBytes: number;
  /** The same for the number of its parts. Default 20,000. */
  readonly maxReplyParts: number;
  /** How long the end of a reply is tried to be stored while the database does not answer. Default 15 s. */
  readonly finishRetryMs: number;
  /** How long a visitor may think before they approve an action. Default 10 min. */
  readonly approvalMs: number;
  /** How long `stop` waits for the reply to have ended. Default 5 s. */
  readonly stopWaitMs: number;
};

export const defaultTiming: Timing = {
  flushMs: 100,
  flushParts: 64,
  heartbeatMs: 5_000,
  staleAfterMs: 20_000,
  pollMs: 1_000,
  eventPollMs: 15_000,
  interruptEveryMs: 5_000,
  sweepEveryMs: 600_000,
  keepMs: 86_400_000,
  keepClosedSessionsMs: 900_000,
  keepRevocationsMs: 3_600_000,
  maxReplyMs: 300_000,
  maxReplyBytes: 1024 * 1024,
  maxReplyParts: 20_000,
  finishRetryMs: 15_000,
  approvalMs: 600_000,
  stopWaitMs: 5_000,
};
