import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { describeDevice } from '../../src/dashboard/accounts/device.ts';
import { startServer } from '../http/harness.ts';
import { password, startDashboard, type Called } from './harness.ts';

const codeOf = ({ body }: Called) => (body as { code?: string }).code;
const fieldsOf = ({ body }: Called) => (body as { fields?: { [field: string]: string } }).fields ?? {};
const person = { name: 'Alma', email: 'alma@example.com', password };

test('the first administrator comes by a link, which works once and for nobody after', async (t) => {
  const { server } = await startServer(t);
  assert.equal(await server.needsSetup(), true);
  const first = await server.createSetupLink();
  const second = await server.createSetupLink();
  const post = (token: unknown, email = person.email) => setUp(server, { ...person, token, email });
  assert.equal((await post(first)).status, 404, 'a newer link ends the older one');
  assert.equal((await post('x'.repeat(43))).status, 404);
  const outcomes = await Promise.all([post(second, 'a@example.com'), post(second, 'b@example.com')]);
  assert.deepEqual(new Set(outcomes.map(({ status }) => status)), new Set([200, 404]));
  assert.equal(await server.createSetupLink(), undefined);
  assert.equal(await server.needsSetup(), false);
});

type Server = Awaited<ReturnType<typeof startServer>>['server'];

const setUp = (server: Server, body: object): Promise<Response> => post(server, 'setup', body);

function post(server: Server, path: string, body: object): Promise<Response> {
  return server.fetch(
    new Request(`https://chat.example/dashboard/api/${path}`, {
      method: 'POST',
      headers: { origin: 'https://chat.example', 'x-chat-dashboard': '1' },
      body: JSON.stringify(body),
    }),
  );
}

test('whom a link is for is said as long as it holds, and asking does not use it', async (t) => {
  const { server, admin, newDesk } = await startDashboard(t);
  const check = (token: unknown) => newDesk().call('/links/check', { body: { token } });
  const invited = await admin.call('/operators', {
    body: { name: 'Otto', email: 'otto@example.com', role: 'viewer', agentIds: null },
  });
  const { link = '', operator } = invited.body as { link?: string; operator: { id: string } };
  const token = link.split('#')[1];
  for (const _ of [1, 2]) {
    assert.deepEqual((await check(token)).body, { kind: 'invitation', email: 'otto@example.com', name: 'Otto' });
  }
  assert.equal((await newDesk().call('/invitations/accept', { body: { token, password } })).status, 200);
  assert.equal((await check(token)).status, 404);
  const unknown = await check('x'.repeat(43));
  assert.partialDeepStrictEqual(unknown, { status: 404, body: { detail: 'This link has been used, or is too old.' } });
  const reset = (await admin.call(`/operators/${operator.id}/reset`, { method: 'POST' })).body as { link: string };
  const resetToken = reset.link.split('#')[1];
  assert.partialDeepStrictEqual((await check(resetToken)).body, { kind: 'reset', email: 'otto@example.com' });
  await admin.call(`/operators/${operator.id}`, { method: 'PATCH', body: { state: 'disabled' } });
  assert.equal((await check(resetToken)).status, 404, 'of an account that was closed');
  assert.equal(await server.createSetupLink(), undefined);
});

test('a set-up link says nothing of anybody while there is no administrator', async (t) => {
  const { server } = await startServer(t);
  const token = await server.createSetupLink();
  const check = () => post(server, 'links/check', { token });
  assert.deepEqual(await (await check()).json(), { kind: 'setup', email: null, name: null });
  assert.equal((await setUp(server, { ...person, token })).status, 200);
  assert.equal((await check()).status, 404);
});

test('a set-up link ends after a day', async (t) => {
  const { server, clock } = await startServer(t);
  const token = await server.createSetupLink();
  clock.now += 24 * 60 * 60 * 1_000;
  assert.equal((await setUp(server, { ...person, token })).status, 404);
});

test('what does not fit is said beside its field, and nothing is made of it', async (t) => {
  const { server } = await startServer(t);
  const token = await server.createSetupLink();
  const response = await setUp(server, { token, name: ' ', email: 'alma', password: 'short', extra: 1 });
  assert.equal(response.status, 422);
  const { fields } = (await response.json()) as { fields: object };
  assert.deepEqual(Object.keys(fields).toSorted(), ['', 'email', 'name', 'password']);
  assert.equal((await setUp(server, { ...person, token })).status, 200, 'the link still holds');
});

test('signing in takes the right password of an active account, and says no more than that', async (t) => {
  const { newDesk, deskOf, admin } = await startDashboard(t);
  await deskOf('viewer');
  const { body } = await admin.call('/operators');
  const viewer = (body as { operators: { id: string; role: string }[] }).operators.find(
    ({ role }) => role === 'viewer',
  );
  const signIn = (email: string, word: string) => newDesk().call('/session', { body: { email, password: word } });
  assert.equal((await signIn('ADMIN@example.com ', password)).status, 200);
  const wrong = [await signIn('admin@example.com', 'wrong'), await signIn('nobody@example.com', password)];
  assert.equal(
    (await admin.call(`/operators/${viewer?.id}`, { method: 'PATCH', body: { state: 'disabled' } })).status,
    200,
  );
  wrong.push(await signIn('viewer-1@example.com', password));
  for (const called of wrong) {
    assert.equal(called.status, 401);
    assert.deepEqual(called.body, wrong[0]?.body);
  }
});

test('the cookie is for this server alone, and no script can read it', async (t) => {
  const { newDesk } = await startDashboard(t);
  const response = await newDesk().fetch('/session', { body: { email: 'admin@example.com', password } });
  const [cookie = ''] = response.headers.getSetCookie();
  assert.match(cookie, /^__Host-chat-dashboard=[\w-]{43}; Path=\/; Max-Age=604800; Secure; HttpOnly; SameSite=Strict$/);
  assert.equal(response.headers.get('access-control-allow-origin'), null);
});

test('too many wrong passwords have to wait, for the account and for the address', async (t) => {
  const { newDesk } = await startDashboard(t);
  const signIn = (email: string) => newDesk().call('/session', { body: { email, password: 'wrong' } });
  for (let tries = 0; tries < 10; tries++) assert.equal((await signIn('admin@example.com')).status, 401);
  const refused = await signIn('admin@example.com');
  assert.equal(refused.status, 429);
  assert.ok(Number(refused.headers.get('retry-after')) > 0);
  const right = await newDesk().call('/session', { body: { email: 'admin@example.com', password } });
  assert.equal(right.status, 429, 'whoever guesses does not learn that they were right');
  const statuses = [];
  for (let tries = 0; tries < 20; tries++) statuses.push((await signIn(`nobody-${tries}@example.com`)).status);
  assert.ok(statuses.includes(429));
});

const forgeries: { readonly [title: string]: { readonly [name: string]: string } } = {
  'without an Origin': { origin: '' },
  'from another site': { origin: 'https://evil.example' },
  'from another port': { origin: 'https://chat.example:8443' },
  'from "null"': { origin: 'null' },
  'without the header that forms cannot send': { 'x-chat-dashboard': '' },
  'that the browser knows to be cross-site': { 'sec-fetch-site': 'cross-site' },
};
for (const [title, headers] of Object.entries(forgeries)) {
  test(`a change ${title} is refused, whoever is signed in`, async (t) => {
    const { admin } = await startDashboard(t);
    const called = await admin.call('/account', { method: 'PATCH', body: { name: 'Mallory' }, headers });
    assert.equal(called.status, 403);
    assert.equal(codeOf(called), 'csrf');
    assert.equal(await nameOf(admin), 'Alma Admin');
  });
}

async function nameOf(desk: { call: (path: string) => Promise<Called> }): Promise<string | undefined> {
  const { body } = await desk.call('/session');
  return (body as { operator: { name: string } | null }).operator?.name;
}

test('a visitor’s token opens nothing here, and the cookie nothing of the visitors’', async (t) => {
  const { newDesk, admin, sign, server } = await startDashboard(t);
  const headers = { authorization: `Bearer ${sign()}` };
  assert.equal((await newDesk().call('/account/sessions', { headers })).status, 401);
  const response = await server.fetch(
    new Request('https://chat.example/v1/agents/shop/conversations', { headers: { cookie: admin.cookie() ?? '' } }),
  );
  assert.equal(response.headers.get('x-chat-identity-source') ?? 'anonymous', 'anonymous');
  assert.notEqual(response.status, 200);
});

test('a session can be seen and ended from another one; what was stolen opens nothing then', async (t) => {
  const { newDesk, admin } = await startDashboard(t);
  const other = newDesk();
  const userAgent = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0 <script>';
  await other.call('/session', {
    body: { email: 'admin@example.com', password },
    headers: { 'user-agent': userAgent },
  });
  const thief = newDesk();
  thief.useCookie(other.cookie());
  assert.equal((await thief.call('/account/sessions')).status, 200);
  const { body } = await admin.call('/account/sessions');
  const { sessions } = body as { sessions: { id: string; device: string; isCurrent: boolean }[] };
  assert.deepEqual(new Set(sessions.map(({ isCurrent }) => isCurrent)), new Set([false, true]));
  const theirs = sessions.find(({ isCurrent }) => !isCurrent);
  assert.equal(theirs?.device, 'Firefox on Linux');
  const headless =
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/143.0 Safari/537.36';
  assert.equal(describeDevice(headless), 'Chrome on Linux');
  assert.equal((await admin.call(`/account/sessions/${theirs?.id}`, { method: 'DELETE' })).status, 204);
  assert.equal((await thief.call('/account/sessions')).status, 401);
  assert.equal((await admin.call('/account/sessions')).status, 200);
});

test('a new password signs out all other sessions, and takes the old one to be set', async (t) => {
  const { newDesk, admin } = await startDashboard(t);
  const other = newDesk();
  await other.call('/session', { body: { email: 'admin@example.com', password } });
  const change = (body: object) => admin.call('/account', { method: 'PATCH', body });
  const refused = await change({ password: 'another long password', currentPassword: 'wrong' });
  assert.deepEqual(Object.keys(fieldsOf(refused)), ['currentPassword']);
  assert.equal((await change({ password: 'another long password' })).status, 422);
  assert.equal((await other.call('/account/sessions')).status, 200);
  assert.equal((await change({ password: 'another long password', currentPassword: password })).status, 200);
  assert.equal((await other.call('/account/sessions')).status, 401);
  assert.equal((await admin.call('/account/sessions')).status, 200);
});

test('signing out ends the session on the server; a session ends by itself after a week', async (t) => {
  const { newDesk, clock } = await startDashboard(t);
  const desk = newDesk();
  const signIn = () => desk.call('/session', { body: { email: 'admin@example.com', password } });
  await signIn();
  const copy = newDesk();
  copy.useCookie(desk.cookie());
  assert.equal((await desk.call('/session', { method: 'DELETE' })).status, 204);
  assert.equal(desk.cookie(), undefined);
  assert.equal((await copy.call('/account/sessions')).status, 401);
  await signIn();
  clock.now += 7 * 24 * 60 * 60 * 1_000;
  assert.equal((await desk.call('/account/sessions')).status, 401);
});

test('no password, link or session is in the log or the audit', async (t) => {
  const harness = await startDashboard(t);
  const { admin, logged } = harness;
  await admin.call('/account', {
    method: 'PATCH',
    body: { password: 'another long password', currentPassword: password },
  });
  const secrets = [password, 'another long password', admin.cookie()?.split('=')[1] ?? '-'];
  const everything = logged() + (await storedText(harness.dataDirectory));
  for (const secret of secrets) assert.ok(!everything.includes(secret), secret);
});

async function storedText(directory: string): Promise<string> {
  const { readdir, readFile } = await import('node:fs/promises');
  const names = await readdir(directory);
  const files = names.filter((name) => name.startsWith('chat.sqlite'));
  return (await Promise.all(files.map((name) => readFile(`${directory}/${name}`, 'latin1')))).join('');
}

test('on plain http, on another machine, nobody signs in, and is told why', async (t: TestContext) => {
  const { server } = await startServer(t);
  const response = await server.fetch(
    new Request('http://chat.example/dashboard/api/session', {
      method: 'POST',
      headers: { origin: 'http://chat.example', 'x-chat-dashboard': '1' },
      body: JSON.stringify({ email: 'a@example.com', password }),
    }),
  );
  assert.equal(response.status, 403);
  assert.match(((await response.json()) as { detail: string }).detail, /https/);
});
