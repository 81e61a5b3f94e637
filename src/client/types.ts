import type {
  AgentInfo,
  Attachment,
  ChatMessage,
  Claims,
  ConversationPage,
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
  /** With `endpoint`: the token goes along with every message, for the page's own backend to judge. Nothing is proved here. */
  | { readonly state: 'forwarded' }
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
  /** What the agent asks for before a message may leave; what is sent meanwhile waits. See `agent.consent`, `agent.form`. */
  readonly gate: 'none' | 'consent' | 'form';
  /** Where the conversation on the screen is on its way to a person, or was. */
  readonly handoff: Handoff | undefined;
  /** A person who is writing at this moment. */
  readonly typing: { readonly name: string } | undefined;
};

/** `name`: of the person, once there is one. */
export type Handoff = { readonly state: 'requested' | 'active' | 'ended'; readonly name?: string };

export type SendOptions = {
  /** Of `attach()`, as the same visitor. */
  readonly attachments?: readonly Attachment[] | undefined;
};

/** What a visitor says of themselves before the first message, without proof. */
export type FormValues = { readonly name?: string | undefined; readonly email?: string | undefined };

export type TextDelta = { readonly messageId: string; readonly partIndex: number; readonly delta: string };

export type ClientEvents = {
  'identity-changed': { state: IdentityState['state']; reason?: IdentityReason };
  'token-expiring': { expiresAt: number };
  'sign-in-requested': Record<never, never>;
  /** `preventDefault()` keeps the message from being sent. */
  'message-sending': { text: string };
  'message-sent': { id: string };
  'message-received': { id: string };
  /** The visitor has judged an answer; null took it back. */
  'feedback-given': { id: string; rating: 'up' | 'down' | null };
  'unread-changed': { count: number };
  failed: { code: FailureCode; retryable: boolean };
};

/** The JWT that the page's backend signed; nothing (`''`, null, undefined) where nobody is signed in. */
type Token = string | null | undefined;

/** A token, or a function that gets one: asked at once, before that one expires, and when the server refuses it. */
export type TokenSource = Token | TokenProvider;

export type TokenProvider = () => Promise<Token>;

export type ChatClient = {
  readonly snapshot: ChatSnapshot;
  /** Called after each change with the new snapshot. Returns the way out. */
  subscribe(listener: (snapshot: ChatSnapshot) => void): () => void;
  /** Text that was appended to the streaming message since the last snapshot; what a snapshot holds is always complete. */
  onTextDelta(listener: (delta: TextDelta) => void): () => void;
  identify(token: TokenSource): Promise<IdentityState>;
  /** Resolves when the server has confirmed; the screen is empty at once. */
  logout(): Promise<void>;
  /**
   * Sends a text, attachments, or both as a new message, and forgets the draft of the conversation. Resolves when the server
   * has stored it; rejects with a `ChatError`.
   */
  send(text: string, options?: SendOptions): Promise<void>;
  /**
   * Sends a text in the place of the visitor's last message, which leaves the screen at once together with its reply; they
   * come back where the new one could not be sent, which is kept as any other (`retry`, `discard`). Resolves when the
   * server has stored it. Rejects with the code `message_conflict` for any other message, and `conversation_busy` while a
   * reply runs.
   */
  editLast(messageId: string, text: string): Promise<void>;
  /** Sends a failed message again, under its own id. */
  retry(messageId: string): void;
  /** Removes a failed message and gives its text back to be edited. */
  discard(messageId: string): string;
  regenerate(messageId: string): void;
  /** Answers an action that asks first. Once: what was answered elsewhere meanwhile is shown instead. */
  answerApproval(approvalId: string, approved: boolean): void;
  stop(): void;
  /**
   * Judges an answer; null takes it back. Shown at once, and as it was before where it fails. The last word counts.
   *
   * @param comment at most 2,000 characters
   */
  feedback(messageId: string, rating: 'up' | 'down' | null, comment?: string): Promise<void>;
  loadOlder(): Promise<void>;
  newConversation(): void;
  openConversation(id: string): void;
  /** Shown at once, and as it was before where it fails. @param title 1 to 120 characters */
  renameConversation(id: string, title: string): Promise<void>;
  /**
   * The visitor's conversations that hold all words of the query (at most 200 characters), newest first, 50 at a time. The latest
   * call wins: an earlier one rejects with `superseded`. An empty query reads `snapshot.conversations` anew, too.
   *
   * @param before `nextBefore` of the page before, for the next one; with an empty query it is added to `snapshot.conversations`
   */
  searchConversations(query: string, before?: string): Promise<ConversationPage>;
  /** All messages of a conversation, oldest first; of a longer one the newest 2,000. */
  allMessages(conversationId: string): Promise<readonly ChatMessage[]>;
  /**
   * Uploads a file for a message to come, once `gate` is answered and the browser is online. Rejects with a `ChatError` (`too_large`, `unsupported_type`, `rate_limited`, `network`, …;
   * `superseded` where the visitor changed meanwhile) or with the signal's reason. Nothing is left of one that failed, so
   * that it can be called again.
   *
   * @param onProgress of what is sent, from 0 to 1
   */
  attach(
    file: Blob,
    filename: string,
    onProgress?: (fraction: number) => void,
    signal?: AbortSignal,
  ): Promise<Attachment>;
  /** Deletes what was not sent. What cannot be reached now the server deletes by itself after a day. */
  detach(attachmentId: string): Promise<void>;
  /** Reads what is attached to a message, for an object URL of the caller's. Of this agent's server only. */
  readAttachment(url: string, signal?: AbortSignal): Promise<Blob>;
  /** What was typed and not sent, as `keepDraft` had it last; empty for another visitor's. */
  draft(conversationId: string): string;
  /**
   * Keeps what is typed until it is sent, also over a reload of the page, in this tab alone. Gone with a logout and a switch of
   * visitors. The id of `snapshot` may change without the visitor's doing, when history comes: text that is being typed goes along.
   */
  keepDraft(conversationId: string, text: string): void;
  /** Agrees to `agent.consent`, and is remembered for this version of it. What has waited leaves. */
  acceptConsent(): void;
  /** Answers `agent.form`; in force until a logout, a sign-in, or the end of the tab. What has waited leaves. */
  submitForm(values: FormValues): void;
  /** To be called as the visitor types, as often as one likes: what it tells a person in a hand-off is said every 4 s at the most. */
  typing(isTyping: boolean): void;
  requestSignIn(): void;
  update(options: { metadata?: SendMetadata; userName?: string; userEmail?: string }): void;
  /** Loads the agent and the conversation, again where that failed. Called when the panel opens; idempotent. */
  load(): void;
  /** Whether somebody looks at the conversation: what arrives then is read, otherwise it counts as unread. */
  attend(isOpen: boolean): void;
  close(): void;
};

/** Error with a stable `code`, as all that returns a promise rejects with. Its message never holds a token. */
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
