import type { IdentityReason } from './identity.ts';
import type { ChatMessage } from './message.ts';

/** Names of the headers that the two sides use beside the standard ones. */
export const header = {
  session: 'X-Chat-Session',
  identitySource: 'X-Chat-Identity-Source',
  identityReason: 'X-Chat-Identity-Reason',
  requestId: 'X-Request-Id',
  /** Of an upload: `encodeURIComponent` of what `metadata` is to a message, as JSON. */
  metadata: 'X-Chat-Metadata',
} as const;

export const limit = {
  maxTokenBytes: 8 * 1024,
  maxBodyBytes: 256 * 1024,
  maxMetadataBytes: 16 * 1024,
  maxMetadataDepth: 8,
  /** Default of an agent; `GET A` says its own. */
  maxMessageCharacters: 8_000,
  maxSubjectCharacters: 255,
  maxCustomValueCharacters: 500,
  defaultPageSize: 50,
  maxPageSize: 100,
} as const;

/** Answer of `GET A`. */
export type AgentInfo = {
  readonly id: string;
  readonly name: string;
  readonly greeting: string;
  readonly suggestions: readonly string[];
  /** Both in other languages, by BCP 47 tags; what one of them lacks is as above. */
  readonly translations?: { readonly [locale: string]: AgentWords };
  readonly appearance: { readonly [name: string]: string };
  readonly access: 'open' | 'verified-only';
  readonly limits: { readonly maxMessageCharacters: number; readonly attachments?: AttachmentLimits };
  readonly features: { readonly [name: string]: boolean };
  /** What a visitor agrees to before the first message. */
  readonly consent?: { readonly version: string; readonly text: string; readonly url?: string };
  /** What a visitor who is not verified says of themselves before the first message. */
  readonly form?: { readonly intro?: string; readonly fields: readonly FormField[] };
};

export type AgentWords = { readonly greeting?: string; readonly suggestions?: readonly string[] };

export type FormField = { readonly name: 'name' | 'email'; readonly required: boolean };

export type AttachmentLimits = {
  readonly maxBytes: number;
  readonly maxPerMessage: number;
  /** Media types, or `image/*` for all of a kind. */
  readonly types: readonly string[];
};

/** Answer of `POST A/attachments`. */
export type Attachment = {
  readonly id: string;
  readonly filename: string;
  /** As the server judged it by the content. */
  readonly mediaType: string;
  readonly bytes: number;
  readonly url: string;
};

/** Body of `POST A/messages/{id}/feedback`. */
export type FeedbackBody = { readonly rating: 'up' | 'down' | null; readonly comment?: string };

/** Body of `POST A/chat`: the AI SDK's, of which the server uses the last message alone. */
export type SendBody = {
  readonly id: string;
  readonly messages: readonly ChatMessage[];
  readonly trigger: 'submit-message' | 'regenerate-message';
  /** To regenerate: the answer to replace. To submit: the visitor's last message, which this one takes the place of. */
  readonly messageId?: string;
  readonly metadata?: SendMetadata;
};

/** Body of `POST A/chat/{conversationId}/approvals/{approvalId}`. */
export type ApprovalBody = { readonly approved: boolean; readonly metadata?: SendMetadata };

/** `context` and `groups` are replaced by claims where the visitor is verified; all other keys pass as they are. */
export type SendMetadata = { readonly [key: string]: unknown };

export type ConversationSummary = {
  readonly id: string;
  readonly title: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly updatedAt: string;
  /** The newest message's text, an answer's without Markdown's signs, cut to 200 characters. */
  readonly lastMessage: string;
  readonly unreadCount: number;
};

export type ConversationPage = {
  readonly conversations: readonly ConversationSummary[];
  readonly nextBefore: string | null;
};

export type MessagePage = {
  /** Oldest first within the page. */
  readonly messages: readonly ChatMessage[];
  readonly nextBefore: string | null;
};

/** Frames of `GET A/events`: `event:` is `type`, `data:` the rest as JSON. */
export type VisitorEvent =
  | { readonly type: 'message'; readonly conversationId: string; readonly message: ChatMessage }
  | { readonly type: 'conversation'; readonly conversationId: string }
  /** It is gone for good, with all that was said in it. */
  | { readonly type: 'removed'; readonly conversationId: string }
  | { readonly type: 'typing'; readonly conversationId: string; readonly name: string; readonly typing: boolean }
  | { readonly type: 'identity'; readonly state: 'revoked' | 'expired' }
  /** Whoever opened the stream would not be let in as the same any more; `reason` where their token is refused. */
  | { readonly type: 'identity'; readonly state: 'rejected'; readonly reason?: IdentityReason };
