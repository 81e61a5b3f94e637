import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { dashboardRoutes } from '../../src/dashboard/routes/index.ts';
import { allFrames, sendBody } from '../http/harness.ts';
import { haveConversation } from './live-harness.ts';
import { password, startDashboard, type Called, type Desk } from './harness.ts';

/** What changes nothing that an operator is accountable for, or is said where it happened. */
const unaudited: { readonly [route: string]: string } = {
  'POST /links/check': 'looks at a link and changes nothing',
  'POST /agents/:agentId/debugger': 'looks at a token and keeps nothing',
  'POST /conversations/:id/reply': 'is a message of the conversation',
  'POST /conversations/:id/typing': 'is seen for some seconds',
  'POST /conversations/:id/read': 'has no effect on anybody but colleagues',
  'POST /conversations/:id/presence': 'is seen for some seconds',
};

type Entry = { readonly id: string; readonly kind: string; readonly operator: { readonly name: string } | null };

/** Makes one call after the other, and notes which kinds of entries each has made. */
function follow(reader: Desk) {
  const done = new Map<string, readonly string[]>();
  const seen = new Set<string>();
  const fresh = async (): Promise<readonly Entry[]> => {
    const { body } = await reader.call('/audit?limit=100');
    const entries = (body as { entries: readonly Entry[] }).entries.filter(({ id }) => !seen.has(id));
    for (const { id } of entries) seen.add(id);
    return entries;
  };
  return {
    done,
    /** `route` as it is listed, with what its parameters stand for here. */
    async make(desk: Desk, route: string, parameters: object = {}, body?: object): Promise<Called> {
      await fresh();
      const [method = '', path = ''] = route.split(' ');
      const filled = path.replaceAll(/:(\w+)/g, (_, name: string) =>
        encodeURIComponent(String((parameters as { [name: string]: unknown })[name])),
      );
      const called = await desk.call(filled, { method, ...(body === undefined ? {} : { body }) });
      assert.ok(called.status < 300, `${route}: ${called.status} ${called.text}`);
      const entries = await fresh();
      for (const { operator, kind } of entries) assert.ok(operator !== null, `${route}: who did ${kind}?`);
      done.set(route, entries.map(({ kind }) => kind).toSorted());
      return called;
    },
  };
}

test('each call that changes something is an entry of what was done, and by whom', async (t) => {
  const server = { masterKey: randomBytes(32) };
  const harness = await startDashboard(t, { moreAgents: [{ id: 'other', name: 'Other' }], server });
  const { admin } = harness;
  const { make, done } = follow(admin);
  const field = (called: Called, path: string): string =>
    String(path.split('.').reduce<unknown>((value, name) => (value as { [name: string]: unknown })[name], called.body));

  const made = await make(admin, 'POST /agents', {}, { id: 'new', name: 'New' });
  const revision = field(made, 'agent.revision');
  const changed = await make(admin, 'PATCH /agents/:agentId', { agentId: 'new' }, { revision, greeting: 'Hi' });
  await make(
    admin,
    'DELETE /agents/:agentId',
    { agentId: 'new' },
    { confirm: 'New', revision: field(changed, 'agent.revision') },
  );
  const origins = { allowedOrigins: ['https://other.example'] };
  await make(admin, 'PUT /agents/:agentId/origins', { agentId: 'other' }, origins);
  await make(admin, 'PUT /agents/:agentId/policy', { agentId: 'other' }, { changes: { revealableKeys: true } });

  const key = {
    agentId: 'other',
    id: field(await make(admin, 'POST /agents/:agentId/keys', { agentId: 'other' }, { name: 'A' }), 'key.id'),
  };
  const secret = { kind: 'secret', name: 'B', secret: 'a secret of the other shop, long enough to be one' };
  await make(admin, 'POST /agents/:agentId/keys/import', key, secret);
  await make(admin, 'PATCH /agents/:agentId/keys/:id', key, { name: 'C' });
  await make(admin, 'POST /agents/:agentId/keys/:id/reveal', key, { password });
  await make(admin, 'POST /agents/:agentId/keys/:id/retire', key, {});
  await make(admin, 'DELETE /agents/:agentId/keys/:id', key, { confirm: 'C' });

  const person = { name: 'Otto', email: 'otto@example.com', role: 'operator', agentIds: null };
  const id = field(await make(admin, 'POST /operators', {}, person), 'operator.id');
  await make(admin, 'PATCH /operators/:id', { id }, { role: 'viewer' });
  const link = field(await make(admin, 'POST /operators/:id/reset', { id }), 'link');
  const otto = harness.newDesk();
  await make(otto, 'POST /invitations/accept', {}, { token: link.split('#')[1], password });
  await make(otto, 'DELETE /session');
  await make(otto, 'POST /session', {}, { email: person.email, password });
  await make(otto, 'PATCH /account', {}, { name: 'Otto O.' });
  const { body } = await otto.call('/account/sessions');
  const [session] = (body as { sessions: { id: string }[] }).sessions;
  await make(otto, 'DELETE /account/sessions/:id', { id: session?.id });
  await make(admin, 'DELETE /operators/:id', { id });

  const conversation = { id: (await haveConversation(harness)).id };
  await make(admin, 'POST /conversations/:id/take-over', conversation, {});
  await make(admin, 'POST /conversations/:id/hand-back', conversation);
  await make(admin, 'POST /conversations/:id/assign', conversation, { operatorId: null });
  await make(admin, 'POST /conversations/:id/close', conversation);
  await make(admin, 'POST /conversations/:id/reopen', conversation);
  const noteId = randomUUID();
  await make(admin, 'POST /conversations/:id/notes', conversation, { id: noteId, text: 'Kind' });
  await make(admin, 'DELETE /conversations/:id/notes/:noteId', { ...conversation, noteId });
  await make(admin, 'DELETE /conversations/:id', conversation);

  const canned = await make(admin, 'POST /canned-replies', {}, { shortcut: 'thanks', text: 'Thank you!' });
  const reply = { id: field(canned, 'cannedReply.id') };
  await make(admin, 'PATCH /canned-replies/:id', reply, { text: 'Thanks!' });
  await make(admin, 'DELETE /canned-replies/:id', reply);
  await allFrames(await harness.send('/chat', { token: harness.sign({ sub: 'ada' }), body: sendBody('Hello') }));
  await make(admin, 'DELETE /contacts/:agentId/:subject', { agentId: 'shop', subject: 'ada' }, { confirm: 'ada' });

  const routes = dashboardRoutes().map(({ method, path }) => `${method} ${path}`);
  const changes = routes.filter(
    (route) => !route.startsWith('GET ') && !(route in unaudited) && route !== 'POST /setup',
  );
  assert.deepEqual([...done.keys()].toSorted(), changes.toSorted(), 'a call is missing here');
  for (const [route, kinds] of done) assert.notDeepEqual(kinds, [], `${route} is not in the log`);
  for (const route of Object.keys(unaudited)) assert.ok(routes.includes(route), route);
});
