import type {
  AgentInfo,
  ChatMessage,
  Claims,
  ConversationSummary,
  IdentityReason,
  MessageStatus,
  ProblemCode,
  SendMetadata,
} from '../protocol/index.ts';

/** Who the widget talks as. One union, one pure transition function (`identity.ts`). */
export type IdentityState =
  | { readonly state: 'anonymous' }
  | { readonly state: 'self-reported'; readonly name?: string; readonly email?: string }
  | { readonly state: 'verifying' }
  | { readonly state: 'verified'; readonly subject: string; readonly claims: Claims; readonly expiresAt: number | null }
  | { readonly state: 'expired' }
  | { readonly state: 'rejected'; readonly reason: IdentityReason };

/** What the visitor is told when something failed; the last four have no HTTP answer behind them. */
export type FailureCode = ProblemCode | 'network' | 'stream' | 'insecure_page' | 'token_provider';

export type Failure = {
  readonly code: FailureCode;
  readonly retryable: boolean;
  readonly reason?: IdentityReason;
  /** Milliseconds since the epoch by the browser's clock, where the server said when to come back. */
  readonly retryAt?: number;
};

/** A message as the panel draws it. `pending`: typed, not yet confirmed by the server. `failed`: kept, can be sent again. */
export type ViewMessage = ChatMessage & {
  readonly delivery: 'pending' | 'sent' | 'failed';
  readonly status: MessageStatus;
  readonly failure?: Failure;
};

/** Frozen. A new object for each change of structure; a text delta makes none (see `onTextDelta`). */
export type ChatSnapshot = {
  readonly agent: AgentInfo | undefined;
  readonly identity: IdentityState;
  /** Raised by every identity change; what belongs to an older epoch is never shown. */
  readonly epoch: number;
  readonly conversationId: string;
  readonly messages: readonly ViewMessage[];
  readonly history: 'loading' | 'ready' | 'failed';
  /** Newest first: a verified visitor's conversations, an anonymous one's of this session. */
  readonly conversations: readonly ConversationSummary[];
  readonly hasOlder: boolean;
  /** `waiting`: sent, nothing of the answer yet. `streaming`: the last message grows. */
  readonly reply: 'idle' | 'waiting' | 'streaming';
  readonly connection: 'online' | 'reconnecting' | 'offline';
  /** `denied`: this agent talks to verified visitors only. */
  readonly access: 'allowed' | 'denied';
  /** Concerns the whole chat rather than one message. */
  readonly failure: Failure | undefined;
  readonly unreadCount: number;
  /** An answer needs a signed-in visitor; the host can be asked to show its sign-in. */
  readonly signInRequested: boolean;
};

export type TextDelta = { readonly messageId: string; readonly partIndex: number; readonly delta: string };

export type ClientEvents = {
  'identity-changed': { state: IdentityState['state']; reason?: IdentityReason };
  'token-expiring': { expiresAt: number };
  'sign-in-requested': Record<never, never>;
  /** `preventDefault()` keeps the message from being sent. */
  'message-sending': { text: string };
  'message-sent': { id: string };
  'message-received': { id: string };
  'unread-changed': { count: number };
  failed: { code: FailureCode; retryable: boolean };
};

export type TokenSource = string | (() => Promise<string>);

export type ChatClient = {
  readonly snapshot: ChatSnapshot;
  /** Called after each change with the new snapshot. Returns the way out. */
  subscribe(listener: (snapshot: ChatSnapshot) => void): () => void;
  /** Text that was appended to the streaming message since the last snapshot; what a snapshot holds is always complete. */
  onTextDelta(listener: (delta: TextDelta) => void): () => void;
  identify(token: TokenSource): Promise<IdentityState>;
  /** Resolves when the server has confirmed; the screen is empty at once. */
  logout(): Promise<void>;
  /** Sends a text as a new message. Resolves when the server has stored it; rejects with a `ChatError`. */
  send(text: string): Promise<void>;
  /** Sends a failed message again, under its own id. */
  retry(messageId: string): void;
  /** Removes a failed message and gives its text back to be edited. */
  discard(messageId: string): string;
  regenerate(messageId: string): void;
  /** Answers an action that asks first. Once: what was answered elsewhere meanwhile is shown instead. */
  answerApproval(approvalId: string, approved: boolean): void;
  stop(): void;
  loadOlder(): Promise<void>;
  newConversation(): void;
  openConversation(id: string): void;
  requestSignIn(): void;
  update(options: { metadata?: SendMetadata; userName?: string; userEmail?: string }): void;
  /** Loads the agent and the conversation, again where that failed. Called when the panel opens; idempotent. */
  load(): void;
  /** Whether somebody looks at the conversation: what arrives then is read, otherwise it counts as unread. */
  attend(isOpen: boolean): void;
  close(): void;
};

/** Error with a stable `code`, as `identify()`, `send()` and `logout()` reject with. Its message never holds a token. */
export class ChatError extends Error {
  readonly code: FailureCode | 'superseded' | 'not_sent' | 'destroyed';
  readonly retryable: boolean;
  readonly reason: IdentityReason | undefined;
  constructor(
    code: ChatError['code'],
    message: string,
    options: { retryable?: boolean; reason?: IdentityReason | undefined } = {},
  ) {
    super(message);
    this.name = 'ChatError';
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.reason = options.reason;
  }
}
