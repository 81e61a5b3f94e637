import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test, type TestContext } from 'node:test';
import { dashboardRoutes } from '../../src/dashboard/routes/index.ts';
import { fileBody } from '../http/attachment-harness.ts';
import { allFrames, origin } from '../http/harness.ts';
import { startDashboard, type Called, type Desk, type Role } from './harness.ts';

const files = { attachments: { types: ['text/plain', 'image/*'] } };
const canary = 'canary';

/** A shop with something of every kind, all of which holds the word of a canary, and another agent without any. */
async function openShop(t: TestContext) {
  const other = { id: 'other', name: 'Other', allowedOrigins: [origin] };
  const harness = await startDashboard(t, { moreAgents: [other], config: files });
  const { admin, server, send, sign } = harness;
  const token = sign({ sub: `sub-${canary}`, name: `Ada ${canary}` });
  const uploaded = await server.fetch(
    new Request(`http://chat.example/v1/agents/shop/attachments?filename=${canary}.txt`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'text/plain', origin },
      body: canary,
    }),
  );
  const { url } = (await uploaded.json()) as { url: string };
  const body = fileBody(`I say ${canary}`, [url]) as { id: string };
  await allFrames(await send('/chat', { token, body, origin }));
  const note = { id: randomUUID(), text: `A note of ${canary}` };
  await admin.call(`/conversations/${body.id}/notes`, { body: note });
  const made = await admin.call('/canned-replies', { body: { agentId: 'shop', shortcut: canary, text: canary } });
  await admin.call('/operators', {
    body: { name: `Otto ${canary}`, email: `${canary}@example.com`, role: 'operator', agentIds: ['shop'] },
  });
  const reply = (made.body as { cannedReply: { id: string } }).cannedReply.id;
  const ids = { agentId: 'shop', subject: `sub-${canary}`, file: `sub-${canary}.json` };
  return {
    ...harness,
    ids: {
      ...ids,
      conversation: body.id,
      attachmentId: url.split('/').at(-1) ?? '',
      noteId: note.id,
      cannedReply: reply,
      key: 'k1',
    },
  };
}

type Ids = Awaited<ReturnType<typeof openShop>>['ids'];

/** A route's address with the ids of the shop; or with ids that nobody has. */
function addressOf(path: string, ids: Ids | undefined): string {
  return path.replaceAll(/:(\w+)/g, (_, name: string) => {
    if (ids === undefined) return name === 'file' ? 'nobody.json' : 'nobody';
    if (name !== 'id') return encodeURIComponent(ids[name as keyof Ids]);
    return path.startsWith('/conversations/')
      ? ids.conversation
      : path.startsWith('/canned-replies/')
        ? ids.cannedReply
        : ids.key;
  });
}

/** Bodies that would do something, were the id theirs. */
const bodies: { readonly [route: string]: object } = {
  'PATCH /agents/:agentId': { revision: null, name: 'Stolen' },
  'DELETE /agents/:agentId': { confirm: 'Shop', revision: null },
  'POST /agents/:agentId/keys': { name: 'Stolen' },
  'POST /agents/:agentId/keys/import': { kind: 'secret', secret: 'x'.repeat(40) },
  'PATCH /agents/:agentId/keys/:id': { name: 'Stolen' },
  'POST /agents/:agentId/keys/:id/reveal': { password: 'a password for the tests' },
  'DELETE /agents/:agentId/keys/:id': { confirm: 'k1' },
  'PUT /agents/:agentId/policy': { changes: { access: 'open' } },
  'PUT /agents/:agentId/origins': { allowedOrigins: ['https://evil.example'] },
  'POST /agents/:agentId/debugger': { token: 'a.b.c' },
  'POST /conversations/:id/take-over': {},
  'POST /conversations/:id/reply': { id: randomUUID(), text: 'Stolen' },
  'POST /conversations/:id/typing': { typing: true },
  'POST /conversations/:id/read': { messageId: 'x' },
  'POST /conversations/:id/assign': { operatorId: null },
  'POST /conversations/:id/presence': { typing: true },
  'POST /conversations/:id/notes': { id: randomUUID(), text: 'Stolen' },
  'PATCH /canned-replies/:id': { text: 'Stolen' },
  'DELETE /contacts/:agentId/:subject': { confirm: `sub-${canary}` },
};

const owned = dashboardRoutes().filter(({ path }) =>
  /:(agentId|subject)|^\/(conversations|canned-replies)\/:/.test(path),
);

async function ask(
  desk: Desk,
  { method, path }: { method: string; path: string },
  ids: Ids | undefined,
): Promise<Called> {
  const body = bodies[`${method} ${path}`];
  return desk.call(addressOf(path, ids), { method, ...(body === undefined ? {} : { body }) });
}

test('Wo2 whoever sees another agent alone reads of this one’s ids, at every call, exactly what is read of ids that nobody has', async (t) => {
  const harness = await openShop(t);
  const before = await harness.admin.call(`/conversations/${harness.ids.conversation}`);
  const audited = await harness.admin.call('/audit?agent=shop');
  assert.ok(owned.length > 30, String(owned.length));
  for (const role of ['viewer', 'operator', 'admin'] as const satisfies Role[]) {
    for (const agentIds of [['other'], []]) {
      const desk = await harness.deskOf(role, { agentIds });
      for (const route of owned) {
        const [theirs, nobodys] = [await ask(desk, route, harness.ids), await ask(desk, route, undefined)];
        const what = `${role} ${route.method} ${route.path}: ${theirs.status} ${theirs.text}`;
        assert.ok([403, 404].includes(theirs.status), what);
        assert.equal(theirs.text, nobodys.text, what);
        assert.equal(theirs.status, nobodys.status, what);
      }
    }
  }
  const after = await harness.admin.call(`/conversations/${harness.ids.conversation}`);
  assert.equal(after.text, before.text);
  assert.equal((await harness.admin.call('/audit?agent=shop')).text, audited.text);
});

const lists = dashboardRoutes().filter(
  ({ method, path }) => method === 'GET' && !path.includes(':') && !/events|oidc/.test(path),
);

test('Wo2 no list, search, export or number of another agent’s operators holds anything of this one', async (t) => {
  const harness = await openShop(t);
  for (const path of [
    '/conversations',
    '/contacts',
    '/canned-replies',
    '/audit',
    '/operators',
    '/export/conversations.csv',
  ]) {
    assert.ok((await harness.admin.call(`${path}?agent=shop`)).text.includes(canary), `${path} has nothing to hide`);
  }
  for (const role of ['viewer', 'operator', 'admin'] as const) {
    for (const agentIds of [['other'], []]) {
      const desk = await harness.deskOf(role, { agentIds });
      for (const { path } of lists) {
        for (const query of [
          '',
          `?query=${canary}`,
          '?agent=shop',
          `?subject=sub-${canary}`,
          '?assignee=none&unread=true',
        ]) {
          const { text, status } = await desk.call(path + query);
          assert.ok(!text.includes(canary), `${role} ${path}${query}: ${text}`);
          assert.ok(status < 500, `${role} ${path}${query}: ${status} ${text}`);
        }
      }
    }
  }
});

test('an administrator of some agents sees whom they share one with, and of their agents those', async (t) => {
  const { deskOf } = await startDashboard(t, { moreAgents: [{ id: 'other', name: 'Other' }] });
  for (const agentIds of [['shop'], ['shop', 'other'], ['other'], []]) await deskOf('operator', { agentIds });
  const seenBy = async (agentIds: readonly string[]) => {
    const { body } = await (await deskOf('admin', { agentIds })).call('/operators');
    const { operators } = body as { operators: { email: string; agentIds: readonly string[] | null }[] };
    return Object.fromEntries(operators.map((operator) => [operator.email.split('@')[0], operator.agentIds]));
  };
  const ofShop = { admin: null, 'operator-1': ['shop'], 'operator-2': ['shop'], 'admin-5': ['shop'] };
  assert.deepEqual(await seenBy(['shop']), ofShop);
  assert.deepEqual(await seenBy([]), { 'admin-6': [] });
});
