import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startDashboard, type DashboardHarness, type Role } from './harness.ts';

type Row = readonly [method: string, path: string, least: Role | 'public', body?: unknown];

/**
 * Each call of the API, with the least role that may make it; a HEAD stands for the GET of a stream without an end. The paths name things that do not exist, so that those who may are
 * told `not_found` or what is wrong with their input, and nothing is changed.
 */
const rows: readonly Row[] = [
  ['GET', '/session', 'public'],
  ['POST', '/session', 'public', {}],
  ['POST', '/setup', 'public', {}],
  ['POST', '/links/check', 'public', {}],
  ['POST', '/invitations/accept', 'public', {}],
  ['PATCH', '/account', 'viewer', { name: '' }],
  ['GET', '/account/sessions', 'viewer'],
  ['DELETE', '/account/sessions/none', 'viewer'],
  ['GET', '/agents', 'viewer'],
  ['POST', '/agents', 'admin', {}],
  ['GET', '/agents/none', 'admin'],
  ['PATCH', '/agents/none', 'admin', {}],
  ['DELETE', '/agents/none', 'admin', {}],
  ['GET', '/agents/none/install', 'operator'],
  ['GET', '/agents/none/install/check', 'operator'],
  ['GET', '/agents/none/keys', 'admin'],
  ['POST', '/agents/none/keys', 'admin', {}],
  ['POST', '/agents/none/keys/import', 'admin', {}],
  ['PATCH', '/agents/none/keys/none', 'admin', {}],
  ['POST', '/agents/none/keys/none/reveal', 'admin', {}],
  ['POST', '/agents/none/keys/none/retire', 'admin'],
  ['DELETE', '/agents/none/keys/none', 'admin', {}],
  ['GET', '/agents/none/policy', 'operator'],
  ['PUT', '/agents/none/policy', 'admin', {}],
  ['GET', '/agents/none/origins', 'operator'],
  ['PUT', '/agents/none/origins', 'admin', {}],
  ['POST', '/agents/none/debugger', 'operator', {}],
  ['GET', '/agents/none/refusals', 'operator'],
  ['GET', '/overview', 'viewer'],
  ['GET', '/oidc/start', 'public'],
  ['GET', '/oidc/callback', 'public'],
  ['GET', '/operators', 'admin'],
  ['POST', '/operators', 'admin', {}],
  ['PATCH', '/operators/none', 'admin', {}],
  ['DELETE', '/operators/none', 'admin'],
  ['POST', '/operators/none/reset', 'admin'],
  ['GET', '/conversations', 'viewer'],
  ['GET', '/conversations/none', 'viewer'],
  ['GET', '/conversations/none/messages', 'viewer'],
  ['GET', '/conversations/none/attachments/none', 'viewer'],
  ['GET', '/contacts', 'viewer'],
  ['GET', '/contacts/none/none', 'viewer'],
  ['GET', '/export/conversations.csv', 'viewer'],
  ['GET', '/export/conversations.jsonl', 'viewer'],
  ['HEAD', '/events', 'viewer'],
  ['GET', '/conversations/none/live', 'viewer'],
  ['POST', '/conversations/none/presence', 'viewer', {}],
  ['GET', '/conversations/none/notes', 'viewer'],
  ['GET', '/canned-replies', 'viewer'],
  ['POST', '/conversations/none/take-over', 'operator', {}],
  ['POST', '/conversations/none/hand-back', 'operator'],
  ['POST', '/conversations/none/reply', 'operator', {}],
  ['POST', '/conversations/none/typing', 'operator', {}],
  ['POST', '/conversations/none/read', 'operator', {}],
  ['POST', '/conversations/none/assign', 'operator', {}],
  ['POST', '/conversations/none/close', 'operator'],
  ['POST', '/conversations/none/reopen', 'operator'],
  ['POST', '/conversations/none/notes', 'operator', {}],
  ['DELETE', '/conversations/none/notes/none', 'operator'],
  ['POST', '/canned-replies', 'operator', {}],
  ['PATCH', '/canned-replies/none', 'operator', {}],
  ['DELETE', '/canned-replies/none', 'operator'],
  ['GET', '/audit', 'operator'],
  ['GET', '/export/audit.csv', 'operator'],
  ['GET', '/export/audit.jsonl', 'operator'],
  ['GET', '/export/contacts/none/none.json', 'admin'],
  ['DELETE', '/contacts/none/none', 'admin', { confirm: 'none' }],
  ['DELETE', '/conversations/none', 'admin'],
];

const rank = { public: 0, viewer: 1, operator: 2, admin: 3 } as const;

describe('Wo2 roles', () => {
  for (const asker of ['nobody', 'viewer', 'operator', 'admin'] as const) {
    test(`${asker} may make the calls that the table says, and no others`, async (t) => {
      const harness = await startDashboard(t);
      const desk = await deskOf(harness, asker);
      for (const [method, path, least, body] of rows) {
        const { status, text } = await desk.call(path, { method, ...(body === undefined ? {} : { body }) });
        const mine = asker === 'nobody' ? 0 : rank[asker];
        const what = `${asker}: ${method} ${path}: ${status} ${text}`;
        if (mine >= rank[least]) assert.ok(![401, 403].includes(status) || path === '/session', what);
        else assert.equal(status, asker === 'nobody' ? 401 : 403, what);
        assert.notEqual(status, 500, what);
        assert.notEqual(status, 405, what);
      }
    });
  }

  test('the table has every call that there is', async () => {
    const { dashboardRoutes } = await import('../../src/dashboard/routes/index.ts');
    const isRow = (method: string, path: string) =>
      rows.some(
        ([of, at]) =>
          (of === 'HEAD' ? 'GET' : of) === method && new RegExp(`^${path.replaceAll(/:\w+/g, '[^/]+')}$`).test(at),
      );
    // It ends the session that the others are tried with.
    const own = dashboardRoutes().filter(({ method, path }) => !(method === 'DELETE' && path === '/session'));
    const missing = own
      .filter(({ method, path }) => !isRow(method, path))
      .map(({ method, path }) => `${method} ${path}`);
    assert.deepEqual(missing, []);
  });
});

function deskOf(harness: DashboardHarness, asker: Role | 'nobody') {
  return asker === 'nobody' ? harness.newDesk() : asker === 'admin' ? harness.admin : harness.deskOf(asker);
}
