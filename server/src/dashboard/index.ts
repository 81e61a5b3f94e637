export { createDashboard, isForDashboard, type Dashboard, type RequestFacts } from './dashboard.ts';
export { createAccounts, type Accounts } from './accounts/accounts.ts';
export { createOidcService } from './oidc/oidc-service.ts';
export type { DashboardServices } from './route.ts';
