import type { ChatMessage } from '../../../../src/protocol/index.ts';

export type Person = { readonly id: string; readonly name: string };

/** Where a conversation stands, as `GET conversations/:id/live` says it. */
export type Live = {
  readonly id: string;
  readonly agentId: string;
  readonly status: 'open' | 'closed';
  readonly assignee: Person | null;
  readonly handoff: {
    readonly state: 'none' | 'requested' | 'active' | 'ended';
    readonly name: string | null;
    readonly operatorId: string | null;
  };
  readonly unreadCount: number;
  /** Who can answer here. */
  readonly colleagues: readonly Person[];
  /** Who else looks at it. */
  readonly present: readonly Present[];
};

export type Present = Person & { readonly typing: boolean };

export type Note = {
  readonly id: string;
  readonly author: Person;
  readonly text: string;
  readonly createdAt: string;
};

/** What is known of a conversation beside what was said in it. */
export type ConversationFacts = {
  readonly id: string;
  readonly agentId: string;
  readonly agentName: string;
  readonly title: string;
  readonly site: string | null;
  readonly createdAt: string;
  readonly user: {
    readonly identityVerified: boolean;
    readonly userId: string | null;
    readonly userName: string | null;
    readonly userEmail: string | null;
  };
};

export type CannedReply = {
  readonly id: string;
  /** Null: for all agents. */
  readonly agentId: string | null;
  readonly shortcut: string;
  readonly text: string;
  readonly updatedAt: string;
};

export type MessagePage = { readonly messages: readonly ChatMessage[]; readonly nextBefore: string | null };

/** Whatever a visitor is called. */
export const visitorName = ({ user }: Pick<ConversationFacts, 'user'>): string =>
  user.userName?.trim() || user.userEmail?.trim() || user.userId?.trim() || 'Visitor';
