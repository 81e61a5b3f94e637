import type { DashboardRoute } from '../route.ts';
import { accountRoutes } from './account-routes.ts';
import { agentRoutes } from './agent-routes.ts';
import { auditRoutes } from './audit-routes.ts';
import { cannedReplyRoutes } from './canned-reply-routes.ts';
import { eventRoutes } from './event-routes.ts';
import { installRoutes } from './install-routes.ts';
import { liveRoutes } from './live-routes.ts';
import { noteRoutes } from './note-routes.ts';
import { contactRoutes } from './contact-routes.ts';
import { conversationRoutes } from './conversation-routes.ts';
import { exportRoutes } from './export-routes.ts';
import { oidcRoutes } from './oidc-routes.ts';
import { operatorRoutes } from './operator-routes.ts';
import { overviewRoutes } from './overview-routes.ts';
import { privacyRoutes } from './privacy-routes.ts';
import { securityRoutes } from './security-routes.ts';

/** All calls of the dashboard, each with the role that it asks for. */
export function dashboardRoutes(): readonly DashboardRoute[] {
  return [
    ...accountRoutes(),
    ...conversationRoutes,
    ...contactRoutes,
    ...exportRoutes,
    ...agentRoutes,
    ...installRoutes,
    ...operatorRoutes,
    ...oidcRoutes(),
    ...overviewRoutes,
    ...securityRoutes(),
    ...eventRoutes(),
    ...liveRoutes,
    ...noteRoutes,
    ...cannedReplyRoutes,
    ...auditRoutes,
    ...privacyRoutes,
  ];
}
