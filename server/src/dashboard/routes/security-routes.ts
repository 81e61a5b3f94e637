import type { DashboardRoute } from '../route.ts';
import { keyRoutes } from './key-routes.ts';
import { originRoutes } from './origin-routes.ts';
import { policyRoutes } from './policy-routes.ts';
import { tokenRoutes } from './token-routes.ts';

/** An agent's keys and policy, the sites that may use it, and why tokens are refused. */
export function securityRoutes(): readonly DashboardRoute[] {
  return [...keyRoutes(), ...policyRoutes, ...originRoutes, ...tokenRoutes];
}
