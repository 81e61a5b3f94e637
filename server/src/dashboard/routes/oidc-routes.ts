import { DashboardProblem } from '../problem.ts';
import type { DashboardCall, DashboardRoute } from '../route.ts';
import { createSignInLimits } from '../accounts/sign-in-limits.ts';
import { findOperator } from '../oidc/find-operator.ts';
import { flowLastsSeconds, forgetFlow, keepFlow, readFlow, type KeptFlow } from '../oidc/flow-cookie.ts';
import { safeNext } from '../oidc/safe-next.ts';
import { whyFailed, type OidcFailure } from '../oidc/why-failed.ts';
import type { OidcService } from '../oidc/oidc-service.ts';
import { welcome } from './account-routes.ts';

const callbackPath = '/dashboard/api/oidc/callback';

/** Signing in at the organisation's own place. Both are links that browsers follow, and both answer with where to go next. */
export function oidcRoutes(): readonly DashboardRoute[] {
  const limits = createSignInLimits();
  const spent = createSpentStates();

  /** Another site must not begin it: whoever is signed in at the issuer would be signed in here without having asked. */
  async function start(call: DashboardCall): Promise<Response> {
    const { settings, issuer } = requireOidc(call);
    const next = safeNext(call.query('next'), settings.publicOrigin);
    const site = call.request.headers.get('sec-fetch-site');
    if (site !== null && site !== 'same-origin' && site !== 'none') return redirect(signInAddress(next));
    try {
      await limits.fromAddress(call.address);
      const { address, flow } = await issuer.begin(settings.publicOrigin + callbackPath);
      call.headers.append('set-cookie', keepFlow({ ...flow, next }));
      return redirect(address.href);
    } catch (error) {
      // Whatever is wrong before anybody has signed in, is wrong with the issuer, or with what is set of it.
      return failed(call, next, { failure: 'unreachable', reason: whyFailed(error).reason, ...limited(error) });
    }
  }

  async function finish(call: DashboardCall): Promise<Response> {
    const service = requireOidc(call);
    call.headers.append('set-cookie', forgetFlow());
    const flow = readFlow(call.request.headers);
    const next = safeNext(flow?.next, service.settings.publicOrigin);
    try {
      await limits.fromAddress(call.address);
      // Only the browser that began has it, and it counts once: a code that somebody else has got hold of opens nothing.
      if (flow === undefined || !isOfFlow(call, flow) || !spent.take(flow.state)) {
        return await failed(call, next, { failure: 'expired', reason: 'state' });
      }
      return await enter(call, service, flow, next);
    } catch (error) {
      return failed(call, next, { ...whyFailed(error), ...limited(error) });
    }
  }

  return [
    { method: 'GET', path: '/oidc/start', role: 'public', handle: start },
    { method: 'GET', path: '/oidc/callback', role: 'public', handle: finish },
  ];
}

function isOfFlow({ request }: DashboardCall, { state }: KeptFlow): boolean {
  return new URL(request.url).searchParams.get('state') === state;
}

async function enter(
  call: DashboardCall,
  { settings, issuer }: OidcService,
  flow: KeptFlow,
  next: string,
): Promise<Response> {
  const { store, clock } = call.services;
  const address = new URL(callbackPath + new URL(call.request.url).search, settings.publicOrigin);
  const person = await issuer.finish(address, flow);
  const found = await findOperator({ store: store.operators, settings, now: clock() }, person);
  if (!('operator' in found)) return failed(call, next, { failure: found.outcome, reason: found.outcome });
  const { operator, outcome } = found;
  if (outcome !== 'known') {
    const who = { id: operator.id, name: operator.name };
    const detail = { operatorId: operator.id, issuer: person.issuer, isNew: outcome === 'created' };
    await store.audit.append({ agentId: '', at: clock(), kind: 'operator-linked', operator: who, detail });
  }
  const isIn = (await welcome(call, found)) !== undefined;
  return isIn ? redirect(next) : failed(call, next, { failure: 'expired', reason: 'account_changed' });
}

/** Where nothing is set up, there is no such call. */
function requireOidc({ services }: DashboardCall): OidcService {
  if (services.oidc !== undefined) return services.oidc;
  throw new DashboardProblem('not_found', { detail: 'No single sign-on is set up.' });
}

type Failed = { readonly failure: OidcFailure; readonly reason: string };

async function failed({ services }: DashboardCall, next: string, { failure, reason }: Failed): Promise<Response> {
  services.log.warn({ failure, reason }, 'single sign-on failed');
  const at = services.clock();
  if (failure !== 'rate_limited') {
    await services.store.audit.append({ agentId: '', at, kind: 'operator-sign-in-failed', reason: failure });
  }
  return redirect(signInAddress(next, failure));
}

function limited(error: unknown): Partial<Failed> {
  const isLimited = error instanceof DashboardProblem && error.code === 'rate_limited';
  return isLimited ? { failure: 'rate_limited', reason: 'rate_limited' } : {};
}

function signInAddress(next: string, failure?: OidcFailure): string {
  const query = new URLSearchParams({ ...(failure === undefined ? {} : { oidc: failure }), next });
  return `/dashboard/sign-in?${query.toString()}`;
}

function redirect(location: string): Response {
  const headers = { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' };
  return new Response(null, { status: 303, headers });
}

/** States that were used, for as long as their cookie lasts: by this process, where the issuer itself forgets to look. */
function createSpentStates(): { readonly take: (state: string) => boolean } {
  const spent = new Map<string, number>();
  return {
    take(state) {
      const now = performance.now();
      for (const [old, until] of spent) if (until < now) spent.delete(old);
      if (spent.has(state)) return false;
      spent.set(state, now + flowLastsSeconds * 1_000);
      return true;
    },
  };
}
