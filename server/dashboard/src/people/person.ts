import type { Role } from '../api/index.ts';

/** One of `GET operators` (docs/dashboard.md). */
export type Person = {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly state: 'invited' | 'active' | 'disabled';
  readonly agentIds: readonly string[] | null;
  /** Signs in by single sign-on. */
  readonly isLinked: boolean;
  readonly createdAt: string;
  readonly lastSeenAt: string | null;
};

export type AgentName = { readonly id: string; readonly name: string };

/** A one-time link, to be passed on. */
export type PersonalLink = {
  readonly name: string;
  readonly link: string;
  readonly linkExpiresAt: string;
  /** Whether it opens an account, or sets a new password. */
  readonly isInvitation: boolean;
};

export const roleNames: Readonly<Record<Role, string>> = {
  viewer: 'Viewer',
  operator: 'Operator',
  admin: 'Administrator',
};

export const roleHints: Readonly<Record<Role, string>> = {
  viewer: 'Reads conversations and numbers.',
  operator: 'Also answers visitors.',
  admin: 'Also keeps agents, keys and people.',
};
