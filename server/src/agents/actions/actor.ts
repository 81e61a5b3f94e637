import type { Claims } from '../../../../src/protocol/index.ts';

/** Somebody whose token was accepted. All of it comes from that token. */
export type VerifiedUser = {
  readonly verified: true;
  /** Whose token it is: the agent's identity claim. */
  readonly sub: string;
  readonly email?: string;
  readonly name?: string;
  /** All claims, verbatim. */
  readonly claims: Claims;
  /** The token's `metadata` claim; empty where it has none. */
  readonly metadata: { readonly [key: string]: unknown };
};

/** Anybody else. What a page says about them proves nothing and is not here. */
export type UnverifiedUser = {
  readonly verified: false;
  readonly claims: { readonly [name: string]: never };
  readonly metadata: { readonly [name: string]: never };
};

export type ActionUser = VerifiedUser | UnverifiedUser;

export const nobody: UnverifiedUser = { verified: false, claims: {}, metadata: {} };

/** How an attempt to run an action ended. `lapsed`: the token no longer counted. */
export type ActionOutcome = 'done' | 'failed' | 'stopped' | 'lapsed' | 'not-allowed' | 'declined';

/** For the operator's records. */
export type ActionRun = {
  readonly action: string;
  readonly toolCallId: string;
  readonly conversationId: string;
  readonly outcome: ActionOutcome;
  readonly durationMs: number;
  /** SHA-256 of the input as JSON, in hex. The input itself may hold anything that a visitor wrote. */
  readonly inputHash: string;
  /** What a failed action threw. */
  readonly error?: unknown;
};

/** On whose behalf a turn's actions run: made from the very request that asked, for this turn alone. */
export type Actor = {
  readonly user: ActionUser;
  /** Asks the store, each time: why that request would not be let in as the same any more. Rejects where nothing can be said. */
  readonly lapse: () => Promise<string | undefined>;
  /** Records a run. Never rejects. */
  readonly report: (run: ActionRun) => Promise<void>;
};

export type HeldAction = { readonly toolCallId: string; readonly actionName: string; readonly input: unknown };

/** Keeps an action until the visitor answers; the approval's id. */
export type AskApproval = (held: HeldAction) => Promise<string>;
