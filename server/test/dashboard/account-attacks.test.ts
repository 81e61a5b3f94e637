import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashPassword } from '../../src/dashboard/accounts/passwords.ts';
import { createAccounts } from '../../src/dashboard/index.ts';
import { openStore } from '../../src/storage/index.ts';
import { temporaryDirectory } from '../http/harness.ts';
import { operatorIdOf } from './live-harness.ts';
import { password, startDashboard, type Desk } from './harness.ts';

const change = (desk: Desk, id: string, body: object) => desk.call(`/operators/${id}`, { method: 'PATCH', body });

test('the last administrator of all agents cannot be limited, demoted, disabled or removed, though one of some agents is there', async (t) => {
  const { admin, deskOf } = await startDashboard(t);
  await deskOf('admin', { agentIds: ['shop'] });
  const id = await operatorIdOf(admin);
  for (const body of [{ agentIds: ['shop'] }, { agentIds: [] }, { role: 'viewer' }, { state: 'disabled' }]) {
    const { status, text } = await change(admin, id, body);
    assert.equal(status, 409, `${JSON.stringify(body)}: ${text}`);
  }
  assert.equal((await admin.call(`/operators/${id}`, { method: 'DELETE' })).status, 409);
  assert.equal((await admin.call('/operators')).status, 200);
  await deskOf('admin');
  assert.equal((await change(admin, id, { agentIds: ['shop'] })).status, 200, 'another one is left');
});

test('of two administrators who take each other’s rights at the same moment one keeps theirs', async (t) => {
  const { admin, deskOf } = await startDashboard(t);
  const other = await deskOf('admin');
  const [mine, theirs] = [await operatorIdOf(admin), await operatorIdOf(other)];
  const answers = await Promise.all([
    change(admin, theirs, { role: 'viewer' }),
    change(other, mine, { agentIds: ['shop'] }),
    admin.call(`/operators/${theirs}`, { method: 'DELETE' }),
    other.call(`/operators/${mine}`, { method: 'DELETE' }),
  ]);
  assert.ok(
    answers.some(({ status }) => status === 409),
    answers.map(({ status }) => status).join(),
  );
  const whole = await Promise.all([admin, other].map(async (desk) => (await desk.call('/operators')).status));
  assert.ok(whole.includes(200), whole.join());
});

test('tries from one IPv6 network count together, however many addresses it has', async (t) => {
  const { server } = await startDashboard(t);
  const statuses = new Set<number>();
  for (let n = 1; n <= 25; n++) {
    const request = new Request('https://chat.example/dashboard/api/session', {
      method: 'POST',
      headers: { origin: 'https://chat.example', 'x-chat-dashboard': '1' },
      body: '{}',
    });
    statuses.add((await server.fetch(request, { remoteAddress: `2001:db8:1:2:${n}::1` })).status);
  }
  assert.deepEqual([...statuses], [422, 429]);
});

async function openAccounts(t: { after: (work: () => Promise<void>) => void }, directory: string) {
  const store = await openStore({ dataDirectory: directory });
  t.after(() => store.close());
  return { store: store.operators, now: Date.now() };
}

const bert = { name: 'Bert', email: 'bert@example.com', role: 'admin', agentIds: null } as const;

test('who is disabled while they use their link stays disabled', async (t) => {
  const { store, now } = await openAccounts(t, await temporaryDirectory(t));
  const plain = createAccounts(store, () => now);
  const operator = await plain.invite({ ...bert, role: 'viewer' });
  assert.ok(operator !== 'exists');
  for (const kind of ['invitation', 'reset'] as const) {
    await store.change(operator.id, { state: kind === 'reset' ? 'active' : 'invited' });
    const { token } = await plain.createLink(operator.id, kind);
    // An administrator is faster, at the one moment at which the link no longer holds them up.
    const slow = createAccounts(
      {
        ...store,
        takeLink: async (...link) => {
          const taken = await store.takeLink(...link);
          await store.change(operator.id, { state: 'disabled' });
          return taken;
        },
      },
      () => now,
    );
    await slow.accept(token, { password });
    assert.equal((await store.find(operator.id))?.state, 'disabled', kind);
  }
});

test('an invitation ends once the invited person signs in by their organisation', async (t) => {
  const { store, now } = await openAccounts(t, await temporaryDirectory(t));
  const accounts = createAccounts(store, () => now);
  const operator = await accounts.invite(bert);
  assert.ok(operator !== 'exists');
  const { token } = await accounts.createLink(operator.id, 'invitation');
  assert.equal(await store.linkOidc(operator.id, 'https://issuer.example sub'), 'linked');
  assert.equal(await accounts.accept(token, { password }), undefined);
  assert.equal(await accounts.signIn(bert.email, password), undefined);
});

test('an e-mail address that somebody has already does not use up the first administrator’s link', async (t) => {
  const { store, now } = await openAccounts(t, await temporaryDirectory(t));
  const accounts = createAccounts(store, () => now);
  await accounts.invite({ ...bert, role: 'viewer' });
  const token = await accounts.createSetupLink();
  assert.equal(await accounts.setUp(token, { name: 'Alma', email: 'BERT@example.com', password }), 'exists');
  const made = await accounts.setUp(token, { name: 'Alma', email: 'alma@example.com', password });
  assert.partialDeepStrictEqual(made, {
    operator: { email: 'alma@example.com', role: 'admin', state: 'active' },
  });
});

/** Each a moment after the last: as much later as it takes to hash a password. */
async function signInMeanwhile(newDesk: () => Desk, body: object): Promise<readonly Desk[]> {
  const desks = Array.from({ length: 8 }, newDesk);
  await Promise.all(
    desks.map(async (desk, n) => {
      for (let hashed = 0; hashed < n; hashed += 1) await hashPassword(password);
      await desk.call('/session', { body });
    }),
  );
  return desks;
}

async function countSignedIn(desks: readonly Desk[]): Promise<number> {
  const answers = await Promise.all(desks.map((desk) => desk.call('/account/sessions')));
  return answers.filter(({ status }) => status === 200).length;
}

test('the old password leaves nobody signed in, also who begins while it is changed', async (t) => {
  const { admin, newDesk } = await startDashboard(t);
  const changed = admin.call('/account', {
    method: 'PATCH',
    body: { password: `${password} 2`, currentPassword: password },
  });
  const desks = await signInMeanwhile(newDesk, { email: 'admin@example.com', password });
  assert.equal((await changed).status, 200);
  assert.equal(await countSignedIn(desks), 0);
  assert.equal(await countSignedIn([admin]), 1);
});
