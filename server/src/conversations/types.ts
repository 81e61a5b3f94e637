import type {
  ChatMessage,
  ConversationPage,
  Feedback,
  MessagePage,
  SendMetadata,
  StreamPart,
  VisitorEvent,
} from '../../../src/protocol/index.ts';
import type { Agent, Turn } from '../agents/index.ts';
import type { Handoff, ListPage, Owner, Page, VisitorFacts } from '../storage/index.ts';

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
  /** Where it was sent from; without one the limit of an address does not count. */
  readonly address?: string;
  readonly conversationId: string;
  readonly agent: Agent;
  /** What the agent gets beside the history. */
  readonly turn: Pick<Turn, 'agentId' | 'agentName' | 'user' | 'metadata' | 'actor' | 'readFile'>;
  /** The version of the agent's terms that came with it. */
  readonly consentVersion?: string | undefined;
  /** What operators are shown of who sent it. */
  readonly visitor?: VisitorFacts | undefined;
} & (
  | {
      readonly trigger: 'submit-message';
      readonly message: ChatMessage;
      readonly metadata: SendMetadata;
      /** Ids of the attachments that its file parts name. */
      readonly attachments?: readonly string[];
      /** The visitor's last message, which this one takes the place of. */
      readonly replaces?: string | undefined;
    }
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
        | 'attachment_not_found'
        | 'message_conflict'
        | 'conversation_busy'
        /** The visitor, or everybody at their address, has as many running replies as they may. Nothing was stored. */
        | 'too_many_replies'
        | 'unavailable';
    };

/**
 * A conversation's way to a person and back: `none` or `ended` → `requested` → `active` → `ended`. While it is `active` the
 * agent is quiet: messages are stored, and their replies say nothing but that. Each change is a message in the conversation,
 * with one part `data-handoff`. Who calls says so for an operator, and has to know that they may; `visitorTyping` is the
 * visitor's.
 */
export type Handoffs = {
  /** Undefined where there is no such conversation. */
  find(conversationId: string): Promise<Handoff | undefined>;
  request(conversationId: string): Promise<HandoffOutcome>;
  /**
   * Takes over, asked for or not; a reply that runs is stopped. `name` is what the visitor reads. `operatorId`: who that is,
   * where more than one could; `from`: takes over from that operator, and only from them.
   */
  begin(
    conversationId: string,
    name: string,
    who?: { readonly operatorId?: string | undefined; readonly from?: string | undefined },
  ): Promise<HandoffOutcome>;
  end(conversationId: string): Promise<HandoffOutcome>;
  /** Says something as the person who has taken over: whoever that is, or `operatorId` alone. The same id again changes nothing. */
  say(
    conversationId: string,
    message: { readonly id: string; readonly text: string },
    operatorId?: string,
  ): Promise<HandoffOutcome>;
  /** Shown to the visitor for some seconds; to be said again while it lasts. */
  operatorTyping(conversationId: string, typing: boolean): Promise<HandoffOutcome>;
  visitorTyping(owner: Owner, conversationId: string, typing: boolean): Promise<HandoffOutcome>;
  /** Calls back whenever the visitor of a conversation begins or stops typing, in any process. */
  watchTyping(conversationId: string, listener: (typing: boolean) => void): () => void;
};

/** `wrong_state`: it is not a conversation in which this can be done now. */
export type HandoffOutcome = 'ok' | 'wrong_state' | 'conversation_not_found';

export type NumberedEvent = { readonly id: number; readonly event: VisitorEvent };

export type ConversationService = {
  /** Resolves once the message is durable and its reply runs (or ran: same id and content again). Never starts a second reply. */
  send(input: SendInput): Promise<SendOutcome>;
  /** The running reply of a conversation; undefined when nothing runs; `conversation_not_found` for what is not the owner's. */
  running(owner: Owner, conversationId: string): Promise<ReplyHandle | undefined | 'conversation_not_found'>;
  /** False where the conversation is not the owner's. The partial reply is kept and marked stopped. Idempotent. */
  stop(owner: Owner, conversationId: string): Promise<boolean>;
  list(owner: Owner, page: ListPage): Promise<ConversationPage>;
  messages(owner: Owner, conversationId: string, page: Page): Promise<MessagePage | 'conversation_not_found'>;
  markRead(
    owner: Owner,
    conversationId: string,
    messageId: string,
  ): Promise<'ok' | 'conversation_not_found' | 'message_not_found'>;
  /** False where the conversation is not the owner's. Their other streams are told. */
  rename(owner: Owner, conversationId: string, title: string): Promise<boolean>;
  /** What the owner thinks of a reply; null takes it back. Idempotent, the last one wins. */
  rate(
    owner: Owner,
    messageId: string,
    feedback: Feedback | null,
  ): Promise<'changed' | 'unchanged' | 'message_not_found'>;
  /** Removes a conversation with all that was said and sent in it. False where there is none. */
  remove(conversationId: string): Promise<boolean>;
  /** The same, unless somebody has written in it at this time or later, or is being answered. */
  removeIdle(conversationId: string, before: number): Promise<boolean>;
  /** People who answer instead of the agent. */
  readonly handoffs: Handoffs;
  /** Claims a session's conversations for a subject; how many. */
  claim(session: Owner & { kind: 'session' }, subject: Owner & { kind: 'subject' }): Promise<number>;
  /** Live events of one owner, after `lastEventId` where given, until `signal` is aborted. */
  events(owner: Owner, lastEventId: number | undefined, signal: AbortSignal): AsyncIterable<NumberedEvent>;
  /** New turns are refused as `unavailable`; running replies get `graceMs` to finish, then they are marked interrupted. */
  drain(graceMs: number): Promise<void>;
};
