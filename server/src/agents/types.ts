import type { Actor, AskApproval } from './actions/actor.ts';
import type { ChatMessage, Claims, ContentPart, SendMetadata } from '../../../src/protocol/index.ts';

/** Who the agent talks to. Everything but `selfReported` comes from the token of the request that asked. */
export type AgentUser =
  | {
      readonly verified: true;
      readonly subject: string;
      readonly name?: string;
      readonly email?: string;
      /** As far as the agent's policy `claimsToAgent` lets them through. */
      readonly claims: Claims;
    }
  | { readonly verified: false; readonly selfReported: { readonly name?: string; readonly email?: string } };

/** One question, with all that an agent may know when it answers. */
export type Turn = {
  readonly agentId: string;
  readonly agentName: string;
  readonly user: AgentUser;
  readonly conversationId: string;
  /** Oldest first; the last one is the visitor's message to answer, but for a turn that is `answered`. */
  readonly history: readonly ChatMessage[];
  /** What the page sent along (never `context` or `groups` of a verified visitor). Hostile. */
  readonly metadata: SendMetadata;
  /** Aborted when the visitor stops the reply or the server goes down. */
  readonly signal: AbortSignal;
  /** Aborted when the server begins to go down: what an agent waits for of its own accord it waits for no longer. */
  readonly hurry?: AbortSignal;
  /** On whose behalf actions run. Without it none does. */
  readonly actor?: Actor;
  /** Asks for a person to take over. `wrong_state`: one was asked for already. Without it nobody is asked. */
  readonly askForPerson?: () => Promise<'ok' | 'wrong_state' | 'conversation_not_found'>;
  /** Asks the visitor before an action runs. Without it no action that needs approval does. */
  readonly askApproval?: AskApproval;
  /** The content of a file part of the history; undefined where it is gone or larger than that. */
  readonly readFile?: (url: string, maxBytes: number) => Promise<Uint8Array | undefined>;
  /** The visitor has answered: no message, but what is to be done, or not. */
  readonly answered?: AnsweredApproval;
};

/** An action that waited for the visitor's word, exactly as it was shown. */
export type AnsweredApproval = {
  readonly toolCallId: string;
  readonly actionName: string;
  readonly input: unknown;
  readonly approved: boolean;
};

/**
 * Answers a turn. Yields the content of the reply; the frame around it (`start`, `finish`, `error`) is not its
 * business. May throw: what it throws is logged, and the visitor reads a fixed sentence.
 */
export type Agent = {
  reply(turn: Turn): AsyncIterable<ContentPart>;
};
