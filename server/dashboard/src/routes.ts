import type { Role } from './api/index.ts';
import type { DashboardPage } from './dashboard-page.ts';
import type { IconName } from './elements/index.ts';

export type Route = {
  /** A URL pattern without a slash at its end: `/dashboard/agents/:agentId`. The first that matches counts. */
  readonly path: string;
  /** Of the window, until the page sets one that says more. */
  readonly title: string;
  /** Who may see it. */
  readonly role: Role | 'public';
  /** The entry in the navigation, in the order of this list. */
  readonly nav?: { readonly label: string; readonly icon: IconName };
  /** Whose entry in the navigation is the current one, if not that of a path which begins this one. */
  readonly section?: string;
  /** Imported when somebody goes there. */
  readonly load: () => Promise<new () => DashboardPage>;
};

export const routes: readonly Route[] = [
  {
    path: '/dashboard',
    title: 'Overview',
    role: 'viewer',
    nav: { label: 'Overview', icon: 'overview' },
    load: async () => (await import('./pages/overview-page.ts')).OverviewPage,
  },
  {
    path: '/dashboard/inbox',
    title: 'Inbox',
    role: 'viewer',
    nav: { label: 'Inbox', icon: 'inbox' },
    load: async () => (await import('./pages/inbox-page.ts')).InboxPage,
  },
  {
    path: '/dashboard/contacts',
    title: 'Contacts',
    role: 'viewer',
    nav: { label: 'Contacts', icon: 'contacts' },
    load: async () => (await import('./pages/contacts-page.ts')).ContactsPage,
  },
  {
    path: '/dashboard/contacts/:agentId/:subject',
    title: 'Contact',
    role: 'viewer',
    load: async () => (await import('./pages/contact-page.ts')).ContactPage,
  },
  {
    path: '/dashboard/conversations/:id',
    title: 'Conversation',
    role: 'viewer',
    section: '/dashboard/inbox',
    load: async () => (await import('./pages/conversation-page.ts')).ConversationPage,
  },
  {
    path: '/dashboard/saved-replies',
    title: 'Saved replies',
    role: 'viewer',
    section: '/dashboard/inbox',
    load: async () => (await import('./pages/saved-replies-page.ts')).SavedRepliesPage,
  },
  {
    path: '/dashboard/agents',
    title: 'Agents',
    role: 'viewer',
    nav: { label: 'Agents', icon: 'agents' },
    load: async () => (await import('./pages/agents-page.ts')).AgentsPage,
  },
  {
    path: '/dashboard/agents/:agentId',
    title: 'Agent',
    role: 'admin',
    load: async () => (await import('./pages/agent-page.ts')).AgentPage,
  },
  {
    path: '/dashboard/agents/:agentId/install',
    title: 'Install',
    role: 'operator',
    load: async () => (await import('./pages/install-page.ts')).InstallPage,
  },
  {
    path: '/dashboard/agents/:agentId/security',
    title: 'Security',
    role: 'operator',
    section: '/dashboard/agents',
    load: async () => (await import('./pages/security-page.ts')).SecurityPage,
  },
  {
    path: '/dashboard/audit',
    title: 'Audit log',
    role: 'operator',
    nav: { label: 'Audit log', icon: 'audit' },
    load: async () => (await import('./pages/audit-page.ts')).AuditPage,
  },
  {
    path: '/dashboard/people',
    title: 'People',
    role: 'admin',
    nav: { label: 'People', icon: 'people' },
    load: async () => (await import('./pages/people-page.ts')).PeoplePage,
  },
  {
    path: '/dashboard/account',
    title: 'Your account',
    role: 'viewer',
    load: async () => (await import('./pages/account-page.ts')).AccountPage,
  },
  {
    path: '/dashboard/sign-in',
    title: 'Sign in',
    role: 'public',
    load: async () => (await import('./pages/sign-in-page.ts')).SignInPage,
  },
  {
    path: '/dashboard/setup',
    title: 'Set up',
    role: 'public',
    load: async () => (await import('./pages/setup-page.ts')).SetupPage,
  },
  {
    path: '/dashboard/invitation',
    title: 'Choose a password',
    role: 'public',
    load: async () => (await import('./pages/invitation-page.ts')).InvitationPage,
  },
];
