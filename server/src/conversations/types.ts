import type {
  ChatMessage,
  ConversationPage,
  MessagePage,
  SendMetadata,
  StreamPart,
  VisitorEvent,
} from '../../../src/protocol/index.ts';
import type { Agent, Turn } from '../agents/index.ts';
import type { Owner, Page } from '../storage/index.ts';

/** A frame of a reply's stream; n counts from 1 without gaps. The wire's `id:` is `<messageId>:<n>`. */
export type Frame = { readonly n: number; readonly part: StreamPart };

/** A reply that can be read by any number of readers, from any frame on. It goes on when readers leave. */
export type ReplyHandle = {
  readonly messageId: string;
  /** Frames after `afterN` (0: from the beginning), live until the reply has ended or `signal` is aborted. */
  frames(afterN: number, signal: AbortSignal): AsyncIterable<Frame>;
};

export type SendInput = {
  readonly owner: Owner;
  /** A session that a verified sender holds beside: their replies count for it too, so that nobody has two allowances. */
  readonly session?: (Owner & { readonly kind: 'session' }) | undefined;
  readonly conversationId: string;
  readonly agent: Agent;
  /** What the agent gets beside the history. */
  readonly turn: Pick<Turn, 'agentId' | 'agentName' | 'user' | 'metadata' | 'actor'>;
} & (
  | { readonly trigger: 'submit-message'; readonly message: ChatMessage; readonly metadata: SendMetadata }
  | { readonly trigger: 'regenerate-message'; readonly messageId: string }
  | { readonly trigger: 'answer-approval'; readonly approvalId: string; readonly approved: boolean }
);

export type SendOutcome =
  | { readonly ok: true; readonly reply: ReplyHandle }
  | {
      readonly ok: false;
      readonly code:
        | 'conversation_not_found'
        | 'message_not_found'
        | 'approval_not_found'
        | 'approval_expired'
        | 'message_conflict'
        | 'conversation_busy'
        /** The visitor has as many running replies as they may. Nothing was stored. */
        | 'too_many_replies'
        | 'unavailable';
    };

export type NumberedEvent = { readonly id: number; readonly event: VisitorEvent };

export type ConversationService = {
  /** Resolves once the message is durable and its reply runs (or ran: same id and content again). Never starts a second reply. */
  send(input: SendInput): Promise<SendOutcome>;
  /** The running reply of a conversation; undefined when nothing runs; `conversation_not_found` for what is not the owner's. */
  running(owner: Owner, conversationId: string): Promise<ReplyHandle | undefined | 'conversation_not_found'>;
  /** False where the conversation is not the owner's. The partial reply is kept and marked stopped. Idempotent. */
  stop(owner: Owner, conversationId: string): Promise<boolean>;
  list(owner: Owner, page: Page): Promise<ConversationPage>;
  messages(owner: Owner, conversationId: string, page: Page): Promise<MessagePage | 'conversation_not_found'>;
  markRead(
    owner: Owner,
    conversationId: string,
    messageId: string,
  ): Promise<'ok' | 'conversation_not_found' | 'message_not_found'>;
  /** Claims a session's conversations for a subject; how many. */
  claim(session: Owner & { kind: 'session' }, subject: Owner & { kind: 'subject' }): Promise<number>;
  /** Live events of one owner, after `lastEventId` where given, until `signal` is aborted. */
  events(owner: Owner, lastEventId: number | undefined, signal: AbortSignal): AsyncIterable<NumberedEvent>;
  /** New turns are refused as `unavailable`; running replies get `graceMs` to finish, then they are marked interrupted. */
  drain(graceMs: number): Promise<void>;
};
