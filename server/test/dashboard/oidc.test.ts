import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { Events, OAuth2Server, type MutableToken } from 'oauth2-mock-server';
import { ConfigError } from '../../src/config/index.ts';
import { createChatServer, type ChatServerOptions } from '../../src/index.ts';
import { startDashboard, type DashboardHarness, type Desk } from './harness.ts';

type Claims = { [name: string]: unknown };
type Oidc = NonNullable<ChatServerOptions['config']['oidc']>;

const adminClaims = { sub: 'sub-1', email: 'admin@example.com', email_verified: true, name: 'Alma' };
const clientSecret = 'the-secret-of-this-client';

async function startIssuer(t: TestContext) {
  const issuer = new OAuth2Server();
  await issuer.issuer.keys.generate('RS256');
  await issuer.start(0, 'localhost');
  t.after(() => (issuer.listening ? issuer.stop() : undefined));
  const claims: Claims = { ...adminClaims };
  issuer.service.on(Events.BeforeTokenSigning, ({ payload }: MutableToken) => Object.assign(payload, claims));
  return { issuer, claims, url: issuer.issuer.url ?? assert.fail('the issuer has no address') };
}

async function startBoth(t: TestContext, oidc: Partial<Oidc> = {}) {
  const issuer = await startIssuer(t);
  const settings = { issuer: issuer.url, clientId: 'dashboard', label: 'Fernhill', ...oidc };
  const harness = await startDashboard(t, { config: { oidc: settings }, server: { oidcClientSecret: clientSecret } });
  return { ...harness, ...issuer };
}

const placeOf = (response: Response): string => response.headers.get('location') ?? '';

/** What the issuer does with a browser that comes to it: it knows who that is, and sends them back. */
async function backFrom(address: string): Promise<string> {
  return placeOf(await fetch(address, { redirect: 'manual' })).replace('https://chat.example/dashboard/api', '');
}

const begin = async (desk: Desk, next = '/dashboard/audit?kind=x'): Promise<string> =>
  backFrom(placeOf(await desk.fetch(`/oidc/start?next=${encodeURIComponent(next)}`)));

/** The whole way, in a new browser. */
async function signIn({ newDesk }: DashboardHarness, change: (callback: string) => string = (same) => same) {
  const desk = newDesk();
  const callback = change(await begin(desk));
  const response = await desk.fetch(callback);
  return { desk, callback, place: placeOf(response), response };
}

async function nameOf(desk: Desk): Promise<string | undefined> {
  const { body } = await desk.call('/session');
  return (body as { operator: { name: string } | null }).operator?.name;
}

async function isRefused(harness: DashboardHarness, why: string, change?: (callback: string) => string): Promise<void> {
  const { desk, place } = await signIn(harness, change);
  assert.equal(place, `/dashboard/sign-in?oidc=${why}&next=%2Fdashboard%2Faudit%3Fkind%3Dx`);
  assert.equal(await nameOf(desk), undefined);
}

test('Wo2 who has an account signs in at the organisation’s own place, and comes to where they were going', async (t) => {
  const harness = await startBoth(t);
  assert.deepEqual((await harness.newDesk().call('/session')).body, {
    operator: null,
    needsSetup: false,
    oidc: { label: 'Fernhill' },
  });
  const { desk, place, response } = await signIn(harness);
  assert.equal(place, '/dashboard/audit?kind=x');
  assert.equal(response.status, 303);
  assert.equal(await nameOf(desk), 'Alma Admin');
  harness.claims['email_verified'] = false;
  const again = await signIn(harness);
  assert.equal(await nameOf(again.desk), 'Alma Admin', 'the second time issuer and subject are enough');
});

test('what the issuer is asked is bound to this browser, this server and this moment', async (t) => {
  const { newDesk, url } = await startBoth(t);
  const response = await newDesk().fetch('/oidc/start');
  const asked = new URL(placeOf(response));
  assert.equal(asked.origin, url);
  const { state, nonce, code_challenge: challenge, ...rest } = Object.fromEntries(asked.searchParams);
  for (const value of [state, nonce, challenge]) assert.match(value ?? '', /^[\w-]{43}$/);
  assert.deepEqual(rest, {
    client_id: 'dashboard',
    code_challenge_method: 'S256',
    redirect_uri: 'https://chat.example/dashboard/api/oidc/callback',
    response_type: 'code',
    scope: 'openid email profile',
  });
  const [cookie = ''] = response.headers.getSetCookie();
  assert.match(cookie, /^__Host-chat-oidc=[\w-]+; Path=\/; Max-Age=600; Secure; HttpOnly; SameSite=Lax$/);
});

test('a callback that another browser began is refused: nobody is signed in as somebody else', async (t) => {
  const harness = await startBoth(t);
  const stolen = await begin(harness.newDesk());
  const victim = harness.newDesk();
  assert.match(placeOf(await victim.fetch(stolen)), /oidc=expired/);
  await begin(victim);
  assert.match(placeOf(await victim.fetch(stolen)), /oidc=expired/);
  assert.equal(await nameOf(victim), undefined);
});

test('a callback counts once, also in the browser that began, and also where it kept its cookie', async (t) => {
  const harness = await startBoth(t);
  const desk = harness.newDesk();
  const callback = await begin(desk);
  const kept = desk.cookie();
  assert.equal(placeOf(await desk.fetch(callback)), '/dashboard/audit?kind=x');
  assert.match(placeOf(await desk.fetch(callback)), /oidc=expired/);
  desk.useCookie(kept);
  assert.match(placeOf(await desk.fetch(callback)), /oidc=expired/);
});

const tamperings: { readonly [title: string]: (claims: Claims) => void } = {
  'with another nonce': (claims) => (claims['nonce'] = 'x'.repeat(43)),
  'for another audience': (claims) => (claims['aud'] = 'another-client'),
  'of another issuer': (claims) => (claims['iss'] = 'https://evil.example'),
  'that is over': (claims) => (claims['exp'] = Math.floor(Date.now() / 1_000) - 3_600),
};
for (const [title, tamper] of Object.entries(tamperings)) {
  test(`an ID token ${title} is refused`, async (t) => {
    const harness = await startBoth(t);
    tamper(harness.claims);
    await isRefused(harness, 'refused');
  });
}

test('an ID token that the issuer’s keys did not sign is refused', async (t) => {
  const harness = await startBoth(t);
  harness.issuer.service.on(Events.BeforeResponse, ({ body }: { body: Claims }) => {
    const [header, payload] = String(body['id_token']).split('.');
    body['id_token'] = `${header}.${payload}.${Buffer.alloc(256).toString('base64url')}`;
  });
  await isRefused(harness, 'refused');
});

test('a callback that another issuer says is its own is refused', async (t) => {
  const harness = await startBoth(t);
  await isRefused(harness, 'refused', (callback) => `${callback}&iss=${encodeURIComponent('https://evil.example')}`);
});

test('a code that the issuer does not know, and what the person or the issuer declines, is said by its kind alone', async (t) => {
  const harness = await startBoth(t);
  harness.issuer.service.once(Events.BeforeResponse, (answer: { body: Claims; statusCode: number }) => {
    Object.assign(answer, { statusCode: 400, body: { error: 'invalid_grant', error_description: 'se-cret' } });
  });
  await isRefused(harness, 'expired');
  const declined = (error: string) => (callback: string) =>
    callback.replace(/code=[^&]+/, `error=${error}&error_description=se-cret`);
  await isRefused(harness, 'cancelled', declined('access_denied'));
  await isRefused(harness, 'refused', declined('server_error'));
  assert.ok(!harness.logged().includes('se-cret'));
});

test('only a verified e-mail address leads to an account, and only to one that nobody else signs in to so', async (t) => {
  const harness = await startBoth(t);
  const { claims, admin } = harness;
  for (const isVerified of [false, undefined, 'true', 1]) {
    claims['email_verified'] = isVerified;
    await isRefused(harness, 'unverified_email');
  }
  Object.assign(claims, { email_verified: true, email: 'nobody@example.com' });
  await isRefused(harness, 'no_account');
  claims['email'] = 'ADMIN@example.com';
  const { desk } = await signIn(harness);
  assert.equal(await nameOf(desk), 'Alma Admin');
  claims['sub'] = 'sub-2';
  await isRefused(harness, 'linked_elsewhere');
  const { body } = await admin.call('/operators');
  const [operator] = (body as { operators: { id: string; isLinked: boolean }[] }).operators;
  assert.equal(operator?.isLinked, true);
  const unlinked = await admin.call(`/operators/${operator?.id}`, { method: 'PATCH', body: { isLinked: false } });
  assert.partialDeepStrictEqual(unlinked.body, { operator: { isLinked: false } });
  assert.equal(await nameOf(desk), undefined, 'the session that it began is over');
  assert.equal(await nameOf((await signIn(harness)).desk), 'Alma Admin');
  claims['sub'] = 'sub-1';
  await isRefused(harness, 'linked_elsewhere');
});

test('who was invited is in at once; who is disabled stays out, linked or not', async (t) => {
  const harness = await startBoth(t);
  const { claims, admin } = harness;
  const body = { name: 'Vera', email: 'vera@example.com', role: 'viewer' };
  const invited = (await admin.call('/operators', { body })).body as { operator: { id: string } };
  claims['email'] = 'vera@example.com';
  assert.equal(await nameOf((await signIn(harness)).desk), 'Vera');
  await admin.call(`/operators/${invited.operator.id}`, { method: 'PATCH', body: { state: 'disabled' } });
  await isRefused(harness, 'disabled');
  claims['sub'] = 'sub-2';
  await isRefused(harness, 'disabled');
});

test('accounts are made by themselves only where that is set, for the domains that are', async (t) => {
  const harness = await startBoth(t, { createAs: 'viewer', allowedDomains: ['Example.org'] });
  const { claims } = harness;
  await isRefused(harness, 'domain');
  Object.assign(claims, { email: 'new@example.org', name: ' New\n\u202eperson ' });
  const { desk } = await signIn(harness);
  assert.partialDeepStrictEqual((await desk.call('/session')).body, {
    operator: { name: 'New person', email: 'new@example.org', role: 'viewer' },
  });
  assert.equal((await desk.call('/operators')).status, 403);
});

for (const next of [
  'https://evil.example/dashboard/',
  '//evil.example/dashboard/',
  '/shop',
  '/dashboard/api/session',
  '/\\evil.example',
  'javascript:alert(1)',
  '/dashboard/../shop',
]) {
  test(`it does not lead to ${next}`, async (t) => {
    const { newDesk } = await startBoth(t);
    const desk = newDesk();
    assert.equal(placeOf(await desk.fetch(await begin(desk, next))), '/dashboard/');
  });
}

test('another site cannot begin it', async (t) => {
  const { newDesk } = await startBoth(t);
  const response = await newDesk().fetch('/oidc/start', { headers: { 'sec-fetch-site': 'cross-site' } });
  assert.equal(placeOf(response), '/dashboard/sign-in?next=%2Fdashboard%2F');
  assert.deepEqual(response.headers.getSetCookie(), []);
});

test('while the issuer is away the server starts, says so, and passwords go on; what is known of it lasts', async (t) => {
  const harness = await startBoth(t);
  const { issuer, newDesk, url } = harness;
  const port = Number(new URL(url).port);
  await issuer.stop();
  assert.match(placeOf(await newDesk().fetch('/oidc/start')), /^\/dashboard\/sign-in\?oidc=unreachable/);
  const signedIn = await newDesk().call('/session', {
    body: { email: 'admin@example.com', password: 'a password for the tests' },
  });
  assert.equal(signedIn.status, 200);
  await issuer.start(port, 'localhost');
  const desk = newDesk();
  const callback = await begin(desk);
  await issuer.stop();
  assert.match(placeOf(await desk.fetch(callback)), /oidc=unreachable/);
  assert.match(placeOf(await newDesk().fetch('/oidc/start')), new RegExp(`^${url}/authorize`));
});

test('no token, code or secret is in the log or in an address of ours', async (t) => {
  const harness = await startBoth(t);
  const tokens: string[] = [clientSecret];
  harness.issuer.service.on(Events.BeforeResponse, ({ body }: { body: Claims }) =>
    tokens.push(
      ...Object.values(body).filter((value): value is string => typeof value === 'string' && value.length > 30),
    ),
  );
  const { callback, place } = await signIn(harness);
  harness.claims['aud'] = 'another-client';
  await signIn(harness);
  assert.equal(tokens.length > 4, true);
  const code = new URL(callback, 'https://chat.example').searchParams.get('code') ?? '-';
  for (const token of [...tokens, code]) assert.ok(!(harness.logged() + place).includes(token), token);
  assert.match(harness.logged(), /"reason":"OAUTH_JWT_CLAIM_COMPARISON_FAILED"/);
});

test('settings that could not work are refused before the server starts', () => {
  const agents = [{ id: 'shop', name: 'Shop' }];
  const oidc = { issuer: 'https://id.example', clientId: 'x' };
  const publicUrl = 'https://chat.example';
  const make = (config: object) => () =>
    createChatServer({ config: { agents, ...config }, store: { dataDirectory: '/nowhere' } });
  for (const config of [
    { oidc },
    { oidc, publicUrl: 'http://chat.example' },
    { oidc: { ...oidc, issuer: 'http://id.example' }, publicUrl },
    { oidc: { ...oidc, createAs: 'viewer' }, publicUrl },
    { oidc: { ...oidc, createAs: 'admin', allowedDomains: ['example.com'] }, publicUrl },
  ]) {
    assert.throws(make(config), ConfigError);
  }
});

test('an e-mail address that only looks like somebody’s, once its letters are folded, is not theirs', async (t) => {
  const harness = await startBoth(t);
  const person = { name: 'Kim', email: 'kim@example.com', role: 'admin', agentIds: null };
  assert.equal((await harness.admin.call('/operators', { body: person })).status, 201);
  for (const email of ['\u212Aim@example.com', '\u00A0kim@example.com', 'kim@example.com ', 'kim@example.com\n']) {
    Object.assign(harness.claims, { sub: `sub of ${email}`, email, name: 'Eve' });
    await isRefused(harness, 'unverified_email');
  }
  Object.assign(harness.claims, { sub: 'sub of Kim', email: 'Kim@Example.com' });
  const { desk } = await signIn(harness);
  assert.equal(await nameOf(desk), 'Kim');
});
