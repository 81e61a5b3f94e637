import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { openStore } from '../../src/storage/index.ts';
import { newSession } from '../http/harness.ts';
import { startDashboard, type Called, type DashboardHarness, type Desk } from './harness.ts';

type Policy = {
  readonly preset: string | null;
  readonly settings: readonly { name: string; value: unknown; origin: string; effect: string }[];
  readonly presets: readonly { name: string; effect: string }[];
  readonly revision: string | null;
};
type Changed = Policy & {
  readonly changed: readonly { name: string; before: string; after: string }[];
  readonly keys: { silenced: string[]; left: string[]; countsAgain: string[] };
  readonly consequences: readonly { kind: string; text: string }[];
};

const start = (t: TestContext, policy: object = {}): Promise<DashboardHarness> =>
  startDashboard(t, { agent: { keys: undefined, policy } });
const read = async (desk: Desk) => (await desk.call('/agents/shop/policy')).body as Policy;
const put = (desk: Desk, body: object, preview = false) =>
  desk.call(`/agents/shop/policy${preview ? '?preview=1' : ''}`, { method: 'PUT', body });
const changed = async (desk: Desk, body: object, preview = false) => {
  const called = await put(desk, body, preview);
  assert.equal(called.status, 200, called.text);
  return called.body as Changed;
};
const valueOf = ({ settings }: Policy, wanted: string) => settings.find(({ name }) => name === wanted)?.value;
const fieldsOf = ({ body }: Called) => (body as { fields?: { [field: string]: string } }).fields ?? {};
const textsOf = ({ consequences }: Changed) => consequences.map(({ text }) => text).join('\n');
const createKey = async (desk: Desk, name: string) =>
  (await desk.call('/agents/shop/keys', { body: { name } })).body as { key: { id: string }; secret: string };

test('a policy says what each setting does, in a sentence, and who has set it', async (t) => {
  const harness = await start(t, { expiry: 'recommended' });
  const { admin } = harness;
  const { revision } = await changed(admin, { changes: { maxLifetimeSeconds: 3_600 } });
  const policy = await read(await harness.deskOf('operator'));
  const origins = Object.fromEntries(policy.settings.map(({ name, origin }) => [name, origin]));
  assert.partialDeepStrictEqual(origins, { access: 'default', expiry: 'configuration', maxLifetimeSeconds: 'stored' });
  assert.equal(policy.revision, revision);
  for (const { name, effect } of policy.settings) assert.match(effect, /^\p{Lu}.*\.$/u, name);
  assert.equal(new Set(policy.settings.map(({ effect }) => effect)).size, 14);
  assert.deepEqual(
    policy.presets.map(({ name }) => name),
    ['applied', 'bestchatbot', 'hilal', 'widgent', 'wonderchat'],
  );
  for (const { effect } of policy.presets) assert.match(effect, /^\p{Lu}.*\.$/u);
});

test('A5 where tokens without exp are accepted, the policy warns of it, before and after', async (t) => {
  const { admin } = await start(t);
  const preview = await changed(admin, { changes: { expiry: 'recommended' } }, true);
  assert.partialDeepStrictEqual(preview.consequences, [{ kind: 'warning' }]);
  assert.match(textsOf(preview), /without “exp” are accepted/);
  await changed(admin, { changes: { expiry: 'recommended' } });
  const effect = (await read(admin)).settings.find(({ name }) => name === 'expiry')?.effect;
  assert.match(effect ?? '', /without an end .* is accepted\. Whoever gets hold of one can use it/);
});

test('a preset is looked at first, and then takes the place of all that was stored', async (t) => {
  const { admin } = await start(t);
  await changed(admin, { changes: { audience: 'shop', access: 'verified-only' } });
  const before = await read(admin);
  const preview = await changed(admin, { changes: { preset: 'hilal' }, revision: before.revision }, true);
  assert.equal(valueOf(preview, 'onInvalidToken'), 'anonymous');
  assert.ok(preview.changed.some(({ name, after }) => name === 'access' && /Everybody may chat/.test(after)));
  assert.deepEqual(await read(admin), before, 'looking changes nothing');
  const { preset, settings } = await changed(admin, { changes: { preset: 'hilal' }, revision: before.revision });
  assert.equal(preset, 'hilal');
  assert.deepEqual(settings, preview.settings);
  assert.equal(valueOf(await read(admin), 'audience'), null);
  await changed(admin, { changes: { preset: null } });
  assert.ok((await read(admin)).settings.every(({ origin }) => origin === 'default'));
});

test('Wo4 what would be silenced is said before: which keys, and that open streams are judged again', async (t) => {
  const { admin, send, sign } = await start(t);
  const old = await createKey(admin, 'Old backend');
  const fresh = await createKey(admin, 'New backend');
  const rows = (await admin.call('/agents/shop/keys')).body as { keys: { id: string; name: string }[] };
  const [counted] = rows.keys;
  const silenced = [old, fresh].find(({ key }) => key.id !== counted?.id);
  const name = rows.keys.find(({ id }) => id === silenced?.key.id)?.name;
  const preview = await changed(admin, { changes: { maxActiveKeys: 1 } }, true);
  assert.deepEqual(preview.keys, { silenced: [silenced?.key.id], left: [counted?.id], countsAgain: [] });
  assert.equal(preview.consequences[0]?.kind, 'danger');
  assert.match(textsOf(preview), new RegExp(`No longer accepted: “${name}”.*Left: “${counted?.name}”`));
  assert.match(textsOf(preview), /connected at the moment is judged again at once/);
  const token = sign({}, { secret: silenced?.secret ?? '' });
  const session = newSession();
  const stream = await send('/events', { token, session });
  assert.equal(stream.status, 200);
  await changed(admin, { changes: { maxActiveKeys: 1 } });
  const text = await stream.text();
  assert.match(text, /invalid_signature/, 'and so they are');
  const again = await changed(admin, { reset: ['maxActiveKeys'] }, true);
  assert.deepEqual(again.keys.countsAgain, [silenced?.key.id]);
});

test('a key of an algorithm that would not be allowed any more is named', async (t) => {
  const { admin } = await start(t);
  const { key } = await createKey(admin, 'Backend');
  const preview = await changed(admin, { changes: { algorithms: ['ES256'] } }, true);
  assert.deepEqual(preview.keys.silenced, [key.id]);
  assert.match(textsOf(preview), /their algorithm is not allowed.*No key is left: every token is refused/);
});

test('what does not fit is said beside its setting, and nothing is half saved', async (t) => {
  const { admin } = await start(t);
  const body = {
    changes: { access: 'closed', maxActiveKeys: 4, clockToleranceSeconds: 30, jwksUrl: 'http://keys.example' },
  };
  for (const preview of [true, false]) {
    const called = await put(admin, body, preview);
    assert.equal(called.status, 422);
    assert.deepEqual(Object.keys(fieldsOf(called)).toSorted(), ['access', 'jwksUrl', 'maxActiveKeys']);
    assert.equal(fieldsOf(called)['maxActiveKeys'], 'One, two or three.');
  }
  assert.equal((await put(admin, { changes: { acces: 'open' } })).status, 422);
  assert.equal((await put(admin, { changes: JSON.parse('{"__proto__": {"access": "open"}}') as object })).status, 422);
  assert.equal((await put(admin, { reset: ['preset'] })).status, 422);
  assert.equal((await put(admin, {})).status, 422, 'nothing to change');
  assert.equal(valueOf(await read(admin), 'clockToleranceSeconds'), 60);
  assert.equal((await read(admin)).revision, null);
});

test('who has looked at another policy than the one that holds changes nothing', async (t) => {
  const { admin } = await start(t);
  const { revision } = await read(admin);
  await changed(admin, { changes: { access: 'verified-only' } });
  const late = await put(admin, { changes: { preset: 'hilal' }, revision });
  assert.deepEqual([late.status, (late.body as { code: string }).code], [409, 'conflict']);
  assert.equal(valueOf(await read(admin), 'access'), 'verified-only');
});

test('a setting of the configuration file wins, and whoever sets it is told so', async (t) => {
  const { admin } = await start(t, { access: 'verified-only' });
  const preview = await changed(admin, { changes: { preset: 'hilal' } }, true);
  assert.match(textsOf(preview), /configuration file sets these, and wins: access/);
  assert.equal(valueOf(preview, 'access'), 'verified-only');
});

test('W10 a change of the policy is audited with who, before and after, without what may be a password in an address', async (t) => {
  const { admin, server, dataDirectory } = await start(t);
  const jwksUrl = 'https://keys.example/jwks?key=hunter2';
  await changed(admin, { changes: { jwksUrl, algorithms: ['HS256', 'RS256'], access: 'verified-only' } });
  await changed(admin, { changes: { access: 'open' } });
  await server.close();
  const store = await openStore({ dataDirectory });
  const entries = await store.audit.list('shop', 10);
  await store.close();
  assert.deepEqual(
    entries.map(({ kind, detail, operator }) => [kind, detail, operator?.name]),
    [
      ['policy-changed', { before: { access: 'verified-only' }, after: { access: 'open' } }, 'Alma Admin'],
      [
        'policy-changed',
        {
          before: {},
          after: { jwksUrl: 'https://keys.example/jwks?…', algorithms: ['HS256', 'RS256'], access: 'verified-only' },
        },
        'Alma Admin',
      ],
    ],
  );
});

test('an operator sees where keys are fetched from, and not what may be a password in that address', async (t) => {
  const harness = await start(t);
  const jwksUrl = 'https://keys.example/jwks?key=hunter2';
  await changed(harness.admin, { changes: { jwksUrl, algorithms: ['HS256', 'RS256'] } });
  assert.equal(valueOf(await read(harness.admin), 'jwksUrl'), jwksUrl);
  assert.equal(valueOf(await read(await harness.deskOf('operator')), 'jwksUrl'), 'https://keys.example/jwks?…');
});

test('W13 the sites that may use an agent can be changed, hold at once, and go back to what the file says', async (t) => {
  const { admin, send } = await start(t);
  const at = '/agents/shop/origins';
  type Origins = { allowedOrigins: string[]; source: string; ownOrigin: string; revision: string | null };
  const shown = async () => (await admin.call(at)).body as Origins;
  const change = (body: object) => admin.call(at, { method: 'PUT', body });
  const mayAsk = async (origin: string) => (await send('', { origin })).status !== 403;
  const before = await shown();
  assert.partialDeepStrictEqual(before, { allowedOrigins: ['https://shop.example'], source: 'configuration' });
  const wrong = await change({ allowedOrigins: ['https://new.example', 'new.example', 'https://*.example'] });
  assert.equal(wrong.status, 422);
  assert.match(fieldsOf(wrong)['allowedOrigins'] ?? '', /new\.example: not an origin.*\n.*\*\.example: /);
  assert.equal(await mayAsk('https://new.example'), false);
  const changed = await change({ allowedOrigins: ['https://new.example', 'https://*.shop.example'], revision: null });
  assert.equal(changed.status, 200, changed.text);
  assert.deepEqual(
    [await mayAsk('https://new.example'), await mayAsk('https://a.shop.example'), await mayAsk('https://shop.example')],
    [true, true, false],
  );
  assert.equal((await change({ allowedOrigins: [], revision: null })).status, 409, 'somebody was faster');
  assert.equal((await change({ allowedOrigins: null })).status, 200);
  assert.partialDeepStrictEqual(await shown(), { allowedOrigins: ['https://shop.example'], source: 'configuration' });
  assert.equal(await mayAsk('https://shop.example'), true);
});

test('the policy and the sites of another agent do not exist for whoever may not see it', async (t) => {
  const harness = await startDashboard(t, { moreAgents: [{ id: 'help', name: 'Help' }] });
  const limited = await harness.deskOf('admin', { agentIds: ['help'] });
  for (const at of ['/agents/shop/policy', '/agents/shop/origins', '/agents/shop/refusals']) {
    assert.equal((await limited.call(at)).status, 404);
    const none = await limited.call(at.replace('shop', 'none'));
    assert.deepEqual((await limited.call(at)).body, none.body);
  }
  assert.equal((await put(limited, { changes: { access: 'verified-only' } })).status, 404);
  const body = { allowedOrigins: ['https://evil.example'] };
  assert.equal((await limited.call('/agents/shop/origins', { method: 'PUT', body })).status, 404);
});

test('plain http on the server’s own machine is not asked for keys because the dashboard says so', async (t) => {
  const { admin } = await start(t);
  for (const jwksUrl of ['http://127.0.0.1:6379/', 'HTTP://localhost/x', 'http://[::1]/']) {
    for (const isPreview of [false, true]) {
      const called = await put(admin, { changes: { jwksUrl, algorithms: ['RS256'] } }, isPreview);
      assert.equal(called.status, 422, called.text);
      assert.deepEqual(Object.keys(fieldsOf(called)), ['jwksUrl']);
    }
  }
  assert.equal(valueOf(await read(admin), 'jwksUrl'), null);
});
