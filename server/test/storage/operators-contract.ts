import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import type { OperatorState, SignInProof, Store } from '../../src/storage/index.ts';
import { startOfTime } from './test-stores.ts';

/** Who signs in by a password or by OpenID Connect, and for how long. */
export function describeOperators(store: () => Store): void {
  async function add(state: OperatorState = 'active', passwordHash: string | null = null): Promise<string> {
    const id = randomUUID();
    const who = { email: `${id}@example.com`, name: 'Grace', role: 'viewer', agentIds: null } as const;
    const outcome = await store().operators.add({ ...who, id, state, createdAt: startOfTime, passwordHash });
    assert.equal(outcome, 'added');
    return id;
  }

  const open = (operatorId: string, proof: SignInProof) => {
    const times = { createdAt: startOfTime, lastUsedAt: startOfTime, expiresAt: startOfTime + 60_000 };
    const session = { id: randomUUID(), operatorId, device: 'A browser', ...times };
    return store().operators.openSession({ ...session, tokenHash: randomUUID() }, proof);
  };
  const countSessions = async (id: string) => (await store().operators.sessions(id, startOfTime)).length;

  describe('a session', () => {
    test('begins while what was proved is so still, and not after', async () => {
      const { operators } = store();
      const id = await add('active', 'first');
      const key = `https://id.example \0${randomUUID()}`;
      assert.equal(await open(id, { oidcKey: key }), false);
      assert.equal(await operators.linkOidc(id, key), 'linked');
      assert.deepEqual([await open(id, { passwordHash: 'first' }), await open(id, { oidcKey: key })], [true, true]);
      assert.equal(await countSessions(id), 2);
      assert.equal((await operators.find(id))?.lastSeenAt, startOfTime);
      await operators.change(id, { passwordHash: 'second' });
      assert.equal(await open(id, { passwordHash: 'first' }), false);
      await operators.change(id, { state: 'disabled' });
      for (const proof of [{ passwordHash: 'second' }, { oidcKey: key }]) assert.equal(await open(id, proof), false);
      await operators.change(id, { state: 'active' });
      assert.equal(await countSessions(id), 0);
      assert.equal(await open(id, { passwordHash: 'second' }), true);
      assert.equal(await open('nobody', { passwordHash: 'second' }), false);
    });

    test('does not outlive a change that comes at the same moment', async () => {
      const { operators } = store();
      for (let round = 0; round < 5; round++) {
        const id = await add('active', 'first');
        const open8 = () => Array.from({ length: 8 }, () => open(id, { passwordHash: 'first' }));
        await Promise.all([...open8(), operators.change(id, { passwordHash: 'second' }), ...open8()]);
        assert.equal(await countSessions(id), 0, 'a new password');
        await Promise.all([operators.change(id, { state: 'disabled' }), open(id, { passwordHash: 'second' })]);
        assert.equal(await countSessions(id), 0, 'disabled');
      }
    });

    test('ends with the single sign-on that may have begun it, and with nothing less', async () => {
      const { operators } = store();
      const id = await add('active', 'first');
      const key = `https://id.example ${randomUUID()}`;
      for (const next of [null, `${key}-other`]) {
        await operators.change(id, { oidcKey: key });
        assert.equal(await open(id, { oidcKey: key }), true);
        assert.equal(await open(id, { passwordHash: 'first' }), true);
        await operators.change(id, { name: 'Hopper', role: 'operator', oidcKey: key });
        assert.equal(await countSessions(id), 2);
        await operators.change(id, { oidcKey: next });
        assert.equal(await countSessions(id), 0);
        assert.equal(await open(id, { oidcKey: key }), false);
      }
    });
  });

  test('a password is set once by whoever knew the one before, and not by who did not', async () => {
    const { operators } = store();
    const id = await add('active', 'first');
    const from = { state: 'active', passwordHash: 'first' } as const;
    const outcomes = await Promise.all(['a', 'b'].map((passwordHash) => operators.accept(id, from, { passwordHash })));
    assert.deepEqual(outcomes.toSorted(), ['accepted', 'not_found']);
    assert.equal((await operators.credentials(id))?.passwordHash, outcomes[0] === 'accepted' ? 'a' : 'b');
  });

  describe('the account of somebody who signs in elsewhere', () => {
    test('is connected to one of them, whoever comes at the same moment, until that is ended', async () => {
      const { operators } = store();
      const id = await add('invited');
      const keys = ['\0one', 'two'].map((sub) => `https://id.example ${sub}-${randomUUID()}`);
      const outcomes = await Promise.all(keys.map((key) => operators.linkOidc(id, key)));
      assert.deepEqual(outcomes.toSorted(), ['linked', 'taken']);
      const [winner = '', loser = ''] = outcomes[0] === 'linked' ? keys : keys.toReversed();
      assert.partialDeepStrictEqual(await operators.byOidcKey(winner), { id, isLinked: true, state: 'active' });
      assert.equal(await operators.byOidcKey(loser), undefined);
      assert.equal(await operators.change(id, { oidcKey: null }), 'changed');
      assert.equal((await operators.find(id))?.isLinked, false);
      assert.equal(await operators.linkOidc(id, loser), 'linked');
    });

    test('ends the links of an invitation that it has taken the place of, and no others', async () => {
      const { operators } = store();
      for (const [state, kind] of [
        ['invited', 'invitation'],
        ['invited', 'reset'],
        ['active', 'reset'],
      ] as const) {
        const id = await add(state);
        const link = { tokenHash: randomUUID(), kind, operatorId: id, expiresAt: startOfTime + 60_000 };
        await operators.addLink({ ...link, createdAt: startOfTime });
        assert.equal(await operators.linkOidc(id, `https://id.example ${randomUUID()}`), 'linked');
        const found = await operators.findLink(link.tokenHash, startOfTime);
        assert.equal(found !== undefined, state === 'active', `${kind} of somebody ${state}`);
      }
    });

    test('is the only one that a key opens', async () => {
      const { operators } = store();
      const key = `https://id.example ${randomUUID()}`;
      const accounts = [await add(), await add()];
      const outcomes = await Promise.all(accounts.map((id) => operators.linkOidc(id, key)));
      assert.deepEqual(outcomes.toSorted(), ['linked', 'taken']);
      assert.equal(await operators.linkOidc('nobody', `https://id.example ${randomUUID()}`), 'not_found');
    });
  });
}
