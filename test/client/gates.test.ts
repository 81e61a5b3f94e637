import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { HarnessOptions } from '../../server/test/http/harness.ts';
import { png } from '../../server/test/http/attachment-harness.ts';
import { actionOptions, createShop } from '../../server/test/http/action-harness.ts';
import { code, isIdle, setUp } from './support/set-up.ts';
import { isSend, problemResponse, type Tab } from './support/world.ts';

const consent = { version: '1', text: 'We store what you write.' };
const form = {
  fields: [
    { name: 'name' as const, required: false },
    { name: 'email' as const, required: true },
  ],
};
const isInfo = (request: Request) => request.url.endsWith('/agents/shop');
const gate = ({ client }: Tab) => client.snapshot.gate;

async function ask(t: TestContext, agent: NonNullable<HarnessOptions['agent']>) {
  const all = await setUp(t, { agent });
  all.tab.client.load();
  await all.tab.until((snapshot) => snapshot.agent !== undefined);
  return all;
}

const metadataOf = async (request: Request | undefined) =>
  ((await request?.clone().json()) as { metadata: unknown } | undefined)?.metadata;

test('a message waits for the visitor’s consent, then leaves with it; this browser is not asked again', async (t) => {
  const { tab, world } = await ask(t, { consent });
  assert.equal(gate(tab), 'consent');
  const sent = tab.client.send('hello');
  await world.quiet();
  assert.equal(world.requests.filter(isSend).length, 0);
  assert.equal(tab.client.snapshot.messages[0]?.delivery, 'pending');
  tab.client.acceptConsent();
  await sent;
  assert.deepEqual(await metadataOf(world.requests.find(isSend)), { consent: '1' });
  await tab.until(isIdle);
  const later = world.open();
  t.after(() => later.client.close());
  later.client.load();
  await later.until((snapshot) => snapshot.agent !== undefined);
  assert.equal(gate(later), 'none');
});

test('a message that left before the agent was known waits where the server asks for consent, and is not lost', async (t) => {
  const { tab, world } = await setUp(t, { agent: { consent } });
  const sent = tab.client.send('hello');
  await tab.until((snapshot) => snapshot.gate === 'consent');
  assert.equal(world.requests.filter(isSend).length, 1);
  await tab.until(({ messages }) => messages[0]?.delivery === 'pending');
  tab.client.acceptConsent();
  await sent;
  await tab.until(isIdle);
  assert.deepEqual(tab.texts(), ['hello', 'You said: hello']);
});

test('another version of the terms is asked for anew, though the page knows the old one only', async (t) => {
  const { tab, world } = await setUp(t, { agent: { consent } });
  world.intercept(isInfo, async (_, pass) => {
    const info = (await (await pass()).json()) as object;
    return Response.json({ ...info, consent: { ...consent, version: '0' } });
  });
  tab.client.load();
  await tab.until((snapshot) => snapshot.gate === 'consent');
  tab.client.acceptConsent();
  assert.equal(gate(tab), 'none');
  const sent = tab.client.send('hello');
  await tab.until((snapshot) => snapshot.agent?.consent?.version === '1');
  assert.equal(gate(tab), 'consent');
  tab.client.acceptConsent();
  await sent;
});

test('a message that waits in one tab leaves when consent was given in another and this one wakes', async (t) => {
  const { tab, world } = await ask(t, { consent });
  const other = world.open();
  t.after(() => other.client.close());
  other.client.load();
  await other.until((snapshot) => snapshot.gate === 'consent');
  const sent = tab.client.send('hello');
  other.client.acceptConsent();
  await world.quiet();
  world.wake();
  await sent;
});

test('where nobody can answer what the server asks for, the message is kept as not sent', async (t) => {
  const { tab, world } = await setUp(t, { agent: { consent } });
  world.intercept(
    isInfo,
    async (_, pass) => {
      const { consent: _consent, ...info } = (await (await pass()).json()) as { consent: unknown };
      return Response.json(info);
    },
    9,
  );
  await assert.rejects(tab.client.send('hello'), code('consent_required'));
  assert.equal(tab.client.snapshot.messages[0]?.delivery, 'failed');
});

test('consent ends with a logout, in all tabs: the next person at this browser is somebody else', async (t) => {
  const { tab, world, sign } = await ask(t, { consent });
  await tab.client.identify(sign());
  const other = world.open();
  t.after(() => other.client.close());
  other.client.load();
  await other.until((snapshot) => snapshot.agent !== undefined);
  // Where the storage is blocked each page has its own, which no other can clear.
  const alone = world.open({ shared: new Map() });
  t.after(() => alone.client.close());
  alone.client.load();
  await alone.until((snapshot) => snapshot.agent !== undefined);
  for (const one of [tab, alone]) one.client.acceptConsent();
  world.wake();
  for (const one of [tab, other, alone]) assert.equal(gate(one), 'none');
  await tab.client.logout();
  assert.doesNotMatch([...world.shared.keys()].join('\n'), / consent$/m);
  for (const one of [tab, other, alone]) assert.equal(gate(one), 'consent');
  const sent = tab.client.send('hello');
  await world.quiet();
  assert.equal(world.requests.filter(isSend).length, 0);
  tab.client.acceptConsent();
  await sent;
  assert.equal(gate(tab), 'none');
});

test('what the next person has agreed to is not taken back by a tab that hears of the logout late', async (t) => {
  const { tab, world } = await ask(t, { consent });
  const asleep = world.open();
  t.after(() => asleep.client.close());
  asleep.client.load();
  await asleep.until((snapshot) => snapshot.agent !== undefined);
  tab.client.acceptConsent();
  world.network.hears = false;
  await tab.client.logout();
  tab.client.acceptConsent();
  world.wake();
  await world.quiet();
  for (const one of [tab, asleep]) assert.equal(gate(one), 'none');
});

test('consent ends where the sign-in was ended elsewhere, and stays where a token has only expired', async (t) => {
  const { tab, world, sign } = await ask(t, { consent });
  await tab.client.identify(sign());
  tab.client.acceptConsent();
  const refuse = (reason: 'expired' | 'revoked') =>
    world.intercept(isSend, async () => problemResponse(401, 'invalid_token', { reason }));
  refuse('expired');
  await assert.rejects(tab.client.send('hello'), code('invalid_token'));
  assert.equal(gate(tab), 'none');
  await tab.client.identify(sign());
  refuse('revoked');
  void tab.client.send('hello again').catch(() => undefined);
  await tab.until((snapshot) => snapshot.identity.state === 'rejected');
  assert.equal(gate(tab), 'consent');
});

test('the form is asked for once, goes along with each message, and is in force in this tab until a logout', async (t) => {
  const { tab, world, agent, sign } = await ask(t, { form });
  assert.equal(gate(tab), 'form');
  const sent = tab.client.send('hello');
  await world.quiet();
  assert.equal(world.requests.filter(isSend).length, 0);
  tab.client.submitForm({ name: ' ', email: ' ada@shop.example ' });
  await sent;
  await tab.until(isIdle);
  assert.deepEqual(await metadataOf(world.requests.find(isSend)), { context: { email: 'ada@shop.example' } });
  assert.deepEqual(tab.client.snapshot.identity, { state: 'self-reported', email: 'ada@shop.example' });
  assert.deepEqual(agent.turns[0]?.user, { verified: false, selfReported: { email: 'ada@shop.example' } });
  const later = world.open({ tab: tab.tab });
  t.after(() => later.client.close());
  later.client.load();
  await later.until((snapshot) => snapshot.agent !== undefined);
  assert.equal(gate(later), 'none');
  later.client.update({ userName: '', userEmail: '' });
  assert.equal(later.client.snapshot.identity.state, 'self-reported');
  await later.client.logout();
  assert.equal(gate(later), 'form');
  assert.doesNotMatch([...tab.tab.values()].join(), /ada@/);
  await later.client.identify(sign());
  assert.equal(gate(later), 'none');
});

test('what the page has said already is not asked for; a required field that is missing is', async (t) => {
  const { tab } = await ask(t, { form });
  tab.client.update({ userName: 'Ada', userEmail: '' });
  assert.equal(gate(tab), 'form');
  tab.client.submitForm({});
  assert.equal(gate(tab), 'form');
  tab.client.update({ userName: 'Ada', userEmail: 'ada@shop.example' });
  assert.equal(gate(tab), 'none');
});

test('an answer that the server does not take is asked for again, and the message waits for it', async (t) => {
  const { tab } = await ask(t, { form });
  tab.client.submitForm({ email: 'nonsense' });
  assert.equal(gate(tab), 'none');
  const sent = tab.client.send('hello');
  await tab.until((snapshot) => snapshot.gate === 'form');
  tab.client.submitForm({ email: 'ada@shop.example' });
  await sent;
});

test('a verified visitor is asked for consent, and not for the form', async (t) => {
  const { tab, sign } = await ask(t, { consent, form });
  await tab.client.identify(sign());
  assert.equal(gate(tab), 'consent');
  tab.client.acceptConsent();
  assert.equal(gate(tab), 'none');
  await tab.client.send('hello');
});

const files = { types: ['image/*'], maxBytes: 100_000, maxPerMessage: 2 };
const isUpload = (request: Request) => request.method === 'POST' && request.url.includes('/attachments?');
const picture = new Blob([png], { type: 'image/png' });
const saidBy = (request: Request) =>
  JSON.parse(decodeURIComponent(request.headers.get('x-chat-metadata') ?? 'null')) as unknown;

test('a file that was picked waits for consent and form, and is uploaded with them', async (t) => {
  const { tab, world } = await setUp(t, { agent: { consent, form }, config: { attachments: files } });
  const shares: number[] = [];
  // Nothing is known of the agent yet, so that the server has to say what it asks for.
  const attached = Promise.all(
    ['a.png', 'b.png'].map((name) => tab.client.attach(picture, name, (share) => shares.push(share))),
  );
  await tab.until((snapshot) => snapshot.gate === 'consent');
  await world.quiet();
  assert.equal(shares.at(-1), 0, 'what was refused has to be sent again');
  tab.client.acceptConsent();
  assert.equal(gate(tab), 'form');
  await world.quiet();
  const refused = world.requests.filter(isUpload).length;
  assert.equal(refused, 2);
  tab.client.submitForm({ name: 'Žofia', email: 'ada@shop.example' });
  const attachments = await attached;
  const taken = world.requests.filter(isUpload).slice(refused);
  const said = { consent: '1', context: { name: 'Žofia', email: 'ada@shop.example' } };
  assert.deepEqual(taken.map(saidBy), [said, said]);
  await tab.client.send('look', { attachments });
});

test('a file of an agent that asks for nothing says nothing of its sender', async (t) => {
  const { tab, world } = await setUp(t, { config: { attachments: files } });
  tab.client.update({ userName: 'Ada', userEmail: 'ada@shop.example' });
  await tab.client.attach(picture, 'a.png');
  assert.deepEqual(world.requests.filter(isUpload).map(saidBy), [null]);
});

test('a file that waits for an answer is given up with its visitor, by the visitor, and where nobody can answer', async (t) => {
  const { tab, world } = await ask(t, { consent });
  const stop = new AbortController();
  const stopped = tab.client.attach(picture, 'a.png', undefined, stop.signal);
  const left = tab.client.attach(picture, 'b.png');
  await world.quiet();
  assert.equal(world.requests.filter(isUpload).length, 0, 'it is known that the server would refuse it');
  stop.abort(new Error('enough'));
  await assert.rejects(stopped, /enough/);
  void tab.client.logout();
  await assert.rejects(left, code('superseded'));
  tab.client.acceptConsent();
  world.intercept(isUpload, async () => problemResponse(403, 'form_required'), 9);
  await assert.rejects(tab.client.attach(picture, 'c.png'), code('form_required'));
  assert.equal(world.requests.filter(isUpload).length, 1);
});

test('an answer to an action that asks first carries the consent; refused for want of it, the question stays open', async (t) => {
  const shop = createShop();
  const { tab, world, sign } = await setUp(t, actionOptions(shop, { agent: { consent } }));
  const isApproval = (request: Request) => request.url.includes('/approvals/');
  const tool = () => tab.client.snapshot.messages[1]?.parts.find((part) => part.type === 'dynamic-tool');
  tab.client.load();
  await tab.client.identify(sign());
  await tab.until((snapshot) => snapshot.agent !== undefined);
  tab.client.acceptConsent();
  await tab.client.send('cancel my order F-1');
  await tab.until(isIdle);
  const approvalId = tool()?.approval?.id ?? '';
  world.intercept(isApproval, async () => problemResponse(403, 'consent_required'));
  tab.client.answerApproval(approvalId, true);
  await tab.until((snapshot) => snapshot.gate === 'consent' && isIdle(snapshot));
  assert.equal(tool()?.state, 'approval-requested');
  assert.equal(shop.calls.length, 0);
  tab.client.acceptConsent();
  tab.client.answerApproval(approvalId, true);
  await tab.until((snapshot) => isIdle(snapshot) && snapshot.messages.length === 3);
  assert.equal(shop.calls.length, 1);
  for (const request of world.requests.filter(isApproval))
    assert.deepEqual(await metadataOf(request), { consent: '1' });
});
