import type { ChatMessage } from './message.ts';

/** Names of the headers that the two sides use beside the standard ones. */
export const header = {
  session: 'X-Chat-Session',
  identitySource: 'X-Chat-Identity-Source',
  identityReason: 'X-Chat-Identity-Reason',
  requestId: 'X-Request-Id',
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
  readonly appearance: { readonly [name: string]: string };
  readonly access: 'open' | 'verified-only';
  readonly limits: { readonly maxMessageCharacters: number };
  readonly features: { readonly [name: string]: boolean };
};

/** Body of `POST A/chat`: the AI SDK's, of which the server uses the last message alone. */
export type SendBody = {
  readonly id: string;
  readonly messages: readonly ChatMessage[];
  readonly trigger: 'submit-message' | 'regenerate-message';
  readonly messageId?: string;
  readonly metadata?: SendMetadata;
};

/** Body of `POST A/chat/{conversationId}/approvals/{approvalId}`. */
export type ApprovalBody = { readonly approved: boolean };

/** `context` and `groups` are replaced by claims where the visitor is verified; all other keys pass as they are. */
export type SendMetadata = { readonly [key: string]: unknown };

export type ConversationSummary = {
  readonly id: string;
  readonly title: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly updatedAt: string;
  /** The newest message's text, cut to 200 characters. */
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
  | { readonly type: 'identity'; readonly state: 'revoked' | 'expired' };
