/** A conversation as the API lists it. Times are ISO 8601, UTC. */
export type Conversation = {
  readonly id: string;
  readonly agentId: string;
  readonly agentName: string;
  readonly verified: boolean;
  /** Null where its visitor is not verified. */
  readonly subject: string | null;
  readonly contactName: string | null;
  readonly contactEmail: string | null;
  /** Origin of the page that it began on. */
  readonly site: string | null;
  readonly title: string;
  readonly lastMessage: string;
  readonly status: 'open' | 'closed';
  readonly assignee: { readonly id: string; readonly name: string | null } | null;
  readonly handoff: { readonly state: 'none' | 'requested' | 'active' | 'ended'; readonly name?: string };
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly unreadCount: number;
  /** Of a search: what was found. */
  readonly found?: { readonly messageId: string; readonly text: string };
};

export type Contact = {
  readonly agentId: string;
  readonly agentName: string;
  readonly subject: string;
  readonly name: string | null;
  readonly email: string | null;
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
};

/** What a conversation's visitor is called. */
export const visitorName = ({
  contactName,
  contactEmail,
  subject,
}: Pick<Conversation, 'contactName' | 'contactEmail' | 'subject'>): string =>
  contactName ?? contactEmail ?? subject ?? 'Visitor';
