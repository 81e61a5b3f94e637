import { z } from 'zod';
import type { Operator } from '../../storage/index.ts';
import { sessionMs, type SignedIn } from '../accounts/accounts.ts';
import { describeDevice } from '../accounts/device.ts';
import { passwordLength } from '../accounts/passwords.ts';
import { createSignInLimits } from '../accounts/sign-in-limits.ts';
import { clearCookie, readCookie, setCookie } from '../cookie.ts';
import { DashboardProblem, invalidField } from '../problem.ts';
import { readInput } from '../read-input.ts';
import { done, isoTime, json, type DashboardCall, type DashboardRoute, type OperatorCall } from '../route.ts';

export const nameSchema = z
  .string('Say a name.')
  .trim()
  .min(1, 'Say a name.')
  .max(80, 'A name has at most 80 characters.')
  .refine((text) => !/\p{C}/u.test(text), 'A name is one line of printable characters.');
export const emailSchema = z
  .string('Say an e-mail address.')
  .trim()
  .max(254, 'That is too long for an e-mail address.')
  .pipe(z.email('This is no e-mail address.'));
const passwordSchema = z
  .string('Say a password.')
  .min(passwordLength.min, `A password has at least ${passwordLength.min} characters.`)
  .max(passwordLength.max, `A password has at most ${passwordLength.max} characters.`);
const tokenSchema = z.string('The link is not whole.').max(200, 'The link is not whole.');

const signInSchema = z.strictObject({
  email: z.string('Say your e-mail address.').min(1, 'Say your e-mail address.').max(320),
  password: z.string('Say your password.').min(1, 'Say your password.').max(1_000),
});
const setupSchema = z.strictObject({
  token: tokenSchema,
  name: nameSchema,
  email: emailSchema,
  password: passwordSchema,
});
const acceptSchema = z.strictObject({ token: tokenSchema, name: nameSchema.optional(), password: passwordSchema });
const linkSchema = z.strictObject({ token: tokenSchema });
const accountSchema = z
  .strictObject({
    name: nameSchema.optional(),
    password: passwordSchema.optional(),
    currentPassword: z.string().optional(),
  })
  .refine(({ password, currentPassword }) => password === undefined || currentPassword !== undefined, {
    path: ['currentPassword'],
    message: 'Say the password that you have now.',
  });

/** Signing in and out, and what somebody changes about themselves. */
export function accountRoutes(): readonly DashboardRoute[] {
  const limits = createSignInLimits();

  async function signIn(call: DashboardCall): Promise<Response> {
    await limits.fromAddress(call.address);
    requireSafeTransport(call);
    const { email, password } = await readInput(call, signInSchema);
    await limits.ofAccount(email);
    const known = await call.accounts.signIn(email, password);
    const answer = known === undefined ? undefined : await welcome(call, known);
    if (answer === undefined) {
      await note(call, 'operator-sign-in-failed');
      throw new DashboardProblem('unauthenticated', { detail: 'E-mail address or password are not right.' });
    }
    await limits.forgive(email);
    return answer;
  }

  async function setUp(call: DashboardCall): Promise<Response> {
    await limits.fromAddress(call.address);
    requireSafeTransport(call);
    const { token, ...person } = await readInput(call, setupSchema);
    const made = await call.accounts.setUp(token, person);
    if (made === 'exists') throw invalidField('email', 'Somebody has this e-mail address already.');
    return enter(call, made);
  }

  async function accept(call: DashboardCall): Promise<Response> {
    await limits.fromAddress(call.address);
    requireSafeTransport(call);
    const { token, ...person } = await readInput(call, acceptSchema);
    return enter(call, await call.accounts.accept(token, person));
  }

  /** Somebody who comes by a link. */
  async function enter(call: DashboardCall, known: SignedIn | undefined): Promise<Response> {
    const answer = known === undefined ? undefined : await welcome(call, known);
    if (answer === undefined) throw spent();
    return answer;
  }

  return [
    { method: 'GET', path: '/session', role: 'public', handle: showSession },
    { method: 'POST', path: '/session', role: 'public', handle: signIn },
    { method: 'DELETE', path: '/session', role: 'public', handle: signOut },
    { method: 'POST', path: '/setup', role: 'public', handle: setUp },
    { method: 'POST', path: '/links/check', role: 'public', handle: (call) => checkLink(call, limits) },
    { method: 'POST', path: '/invitations/accept', role: 'public', handle: accept },
    { method: 'PATCH', path: '/account', role: 'viewer', handle: (call) => changeAccount(call, limits) },
    { method: 'GET', path: '/account/sessions', role: 'viewer', handle: listSessions },
    { method: 'DELETE', path: '/account/sessions/:id', role: 'viewer', handle: revokeSession },
  ];
}

/** Whom a one-time link is for, so that nobody fills in a form that can only be refused. The link stays as it is. */
async function checkLink(call: DashboardCall, limits: ReturnType<typeof createSignInLimits>): Promise<Response> {
  await limits.fromAddress(call.address);
  const { token } = await readInput(call, linkSchema);
  const link = await call.accounts.checkLink(token);
  if (link === undefined) throw spent();
  const { kind, operator } = link;
  return json({ kind, email: operator?.email ?? null, name: operator?.name ?? null });
}

/** Who makes another one, the page says: by the token alone nobody knows any more which kind it was. */
function spent(): DashboardProblem {
  return new DashboardProblem('not_found', { detail: 'This link has been used, or is too old.' });
}

/** Browsers keep the cookie on https and on this machine alone; whoever signed in elsewhere would not be, without a word. */
function requireSafeTransport({ origin }: DashboardCall): void {
  const { protocol, hostname } = new URL(origin);
  const isLocal = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
  if (protocol === 'https:' || isLocal) return;
  const detail =
    'The dashboard is used over https, or on the machine that the server runs on. Put a proxy with TLS in front of it and ' +
    'name its address as "publicUrl" in the configuration.';
  throw new DashboardProblem('forbidden', { detail });
}

/** Opens a session for somebody who has just proved who they are. Undefined where that is not so any more. */
export async function welcome(call: DashboardCall, known: SignedIn): Promise<Response | undefined> {
  const { operator } = known;
  const earlier = readCookie(call.request.headers);
  const device = describeDevice(call.request.headers.get('user-agent'));
  const opened = await call.accounts.openSession(known, device);
  if (opened === undefined) return undefined;
  if (earlier !== undefined) await call.accounts.closeSession(earlier);
  call.headers.append('set-cookie', setCookie(opened.token, sessionMs / 1_000));
  await note(call, 'operator-signed-in', operator);
  return json({ operator: describeOperator(operator) });
}

async function note(
  { services }: DashboardCall,
  kind: 'operator-signed-in' | 'operator-sign-in-failed' | 'operator-signed-out',
  operator?: Operator,
): Promise<void> {
  const who = operator === undefined ? {} : { operator: { id: operator.id, name: operator.name } };
  await services.store.audit.append({ agentId: '', at: services.clock(), kind, ...who });
}

function describeOperator({ id, name, email, role, agentIds }: Operator) {
  return { id, name, email, role, agentIds };
}

async function showSession({ request, accounts, services }: DashboardCall): Promise<Response> {
  const found = await accounts.useSession(readCookie(request.headers));
  const operator = found === undefined ? null : describeOperator(found.operator);
  const oidc = services.oidc === undefined ? null : { label: services.oidc.settings.label };
  return json({ operator, needsSetup: operator === null && (await accounts.needsSetup()), oidc });
}

async function signOut(call: DashboardCall): Promise<Response> {
  const token = readCookie(call.request.headers);
  const found = await call.accounts.useSession(token);
  if (token !== undefined) await call.accounts.closeSession(token);
  if (found !== undefined) await note(call, 'operator-signed-out', found.operator);
  call.headers.append('set-cookie', clearCookie());
  return done();
}

async function changeAccount(call: OperatorCall, limits: ReturnType<typeof createSignInLimits>): Promise<Response> {
  const { operator, accounts, services } = call;
  const { name, password, currentPassword = '' } = await readInput(call, accountSchema);
  if (password !== undefined) {
    await limits.ofAccount(operator.email);
    const passwords = { current: currentPassword, next: password };
    if (!(await accounts.setPassword(operator.id, passwords, call.sessionHash))) {
      throw invalidField('currentPassword', 'This is not your password.');
    }
    await limits.forgive(operator.email);
    await call.audit('operator-password-changed');
  }
  if (name !== undefined && name !== operator.name) {
    await services.store.operators.change(operator.id, { name });
    await call.audit('operator-changed', { detail: { operatorId: operator.id, before: operator.name, after: name } });
  }
  return json({ operator: describeOperator({ ...operator, name: name ?? operator.name }) });
}

async function listSessions({ operator, session, services }: OperatorCall): Promise<Response> {
  const sessions = await services.store.operators.sessions(operator.id, services.clock());
  return json({
    sessions: sessions.map(({ id, device, createdAt, lastUsedAt }) => ({
      id,
      device,
      createdAt: isoTime(createdAt),
      lastUsedAt: isoTime(lastUsedAt),
      isCurrent: id === session.id,
    })),
  });
}

async function revokeSession(call: OperatorCall): Promise<Response> {
  const { operator, services, parameter } = call;
  const isRevoked = await services.store.operators.revokeSession(operator.id, parameter('id'));
  if (!isRevoked) throw new DashboardProblem('not_found');
  await call.audit('operator-session-revoked');
  return done();
}
