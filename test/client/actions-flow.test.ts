import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { ChatSnapshot } from '../../src/client/index.ts';
import type { ToolPart } from '../../src/protocol/index.ts';
import { actionOptions, createShop } from '../../server/test/http/action-harness.ts';
import { isIdle, setUp } from './support/set-up.ts';
import { problemResponse } from './support/world.ts';

const toolsIn = ({ messages }: ChatSnapshot): readonly ToolPart[] =>
  messages.flatMap(({ parts }) => parts.flatMap((part) => (part.type === 'dynamic-tool' ? [part] : [])));
const statesIn = (snapshot: ChatSnapshot): readonly string[] => toolsIn(snapshot).map(({ state }) => state);
const isApproval = (request: Request): boolean => request.url.includes('/approvals/');

async function askToCancel(t: TestContext) {
  const shop = createShop();
  const all = await setUp(t, actionOptions(shop));
  const { tab } = all;
  await tab.client.identify(all.sign());
  await tab.client.send('cancel my order F-1');
  await tab.until(isIdle);
  const approvalId = toolsIn(tab.client.snapshot)[0]?.approval?.id ?? '';
  return { ...all, shop, approvalId };
}

test('an action that asks first shows its question, and runs once it is approved', async (t) => {
  const { tab, shop, approvalId } = await askToCancel(t);
  assert.deepEqual(statesIn(tab.client.snapshot), ['approval-requested']);
  tab.client.answerApproval(approvalId, true);
  await tab.until((snapshot) => isIdle(snapshot) && snapshot.messages.length === 3);
  assert.deepEqual(statesIn(tab.client.snapshot), ['approval-responded', 'output-available']);
  assert.equal(shop.calls.length, 1);
});

test('one that is declined does not run', async (t) => {
  const { tab, shop, approvalId } = await askToCancel(t);
  tab.client.answerApproval(approvalId, false);
  await tab.until((snapshot) => isIdle(snapshot) && snapshot.messages.length === 3);
  assert.deepEqual(statesIn(tab.client.snapshot), ['output-denied']);
  assert.match(tab.texts()[2] ?? '', /did not do it/);
  assert.equal(shop.calls.length, 0);
});

test('an answer that is lost on its way back is sent again, and the action runs once', async (t) => {
  const { tab, shop, approvalId, world } = await askToCancel(t);
  world.intercept(isApproval, async (_request, pass) => {
    await (await pass()).body?.cancel();
    throw new TypeError('Failed to fetch');
  });
  tab.client.answerApproval(approvalId, true);
  await tab.until((snapshot) => isIdle(snapshot) && snapshot.messages.length === 3);
  assert.equal(world.requests.filter(isApproval).length, 2);
  assert.equal(shop.calls.length, 1);
});

test('pressing twice sends one answer', async (t) => {
  const { tab, approvalId, world } = await askToCancel(t);
  tab.client.answerApproval(approvalId, true);
  tab.client.answerApproval(approvalId, false);
  await tab.until((snapshot) => isIdle(snapshot) && snapshot.messages.length === 3);
  assert.equal(world.requests.filter(isApproval).length, 1);
});

test('what was answered in another tab is shown as it was answered there', async (t) => {
  const { tab, shop, approvalId, world, sign } = await askToCancel(t);
  const other = world.open();
  other.client.load();
  await other.client.identify(sign());
  await other.until(({ messages }) => messages.length === 2);
  world.intercept(
    (request) => request.url.endsWith('/events'),
    () => new Promise<Response>(() => undefined),
    100,
  );
  other.client.answerApproval(approvalId, false);
  await other.until((snapshot) => isIdle(snapshot) && snapshot.messages.length === 3);
  other.client.close();
  tab.client.answerApproval(approvalId, true);
  await tab.until((snapshot) => isIdle(snapshot) && snapshot.messages.length === 3);
  assert.deepEqual(statesIn(tab.client.snapshot), ['output-denied']);
  assert.equal(shop.calls.length, 0);
});

test('of two tabs that answer at the same moment one counts, and both show that answer', async (t) => {
  const { tab, shop, approvalId, world, sign } = await askToCancel(t);
  const other = world.open();
  t.after(() => other.client.close());
  other.client.load();
  await other.client.identify(sign());
  await other.until(({ messages }) => messages.length === 2);
  tab.client.answerApproval(approvalId, true);
  other.client.answerApproval(approvalId, false);
  const isOver = (snapshot: ChatSnapshot) =>
    isIdle(snapshot) &&
    statesIn(snapshot)[0] !== 'approval-requested' &&
    snapshot.messages.length === 3 &&
    snapshot.messages[2]?.status === 'complete';
  await Promise.all([tab.until(isOver), other.until(isOver)]);
  assert.deepEqual(statesIn(tab.client.snapshot), statesIn(other.client.snapshot));
  assert.equal(shop.calls.length, statesIn(tab.client.snapshot)[0] === 'output-denied' ? 0 : 1);
});

test('an answer after the token was refreshed for the same person carries the fresh one', async (t) => {
  const { tab, shop, approvalId, world, sign } = await askToCancel(t);
  const fresh = sign({ jti: 'fresh' });
  await tab.client.identify(fresh);
  assert.deepEqual(statesIn(tab.client.snapshot), ['approval-requested']);
  tab.client.answerApproval(approvalId, true);
  await tab.until((snapshot) => isIdle(snapshot) && snapshot.messages.length === 3);
  assert.deepEqual(
    world.requests.filter(isApproval).map((request) => request.headers.get('authorization')),
    [`Bearer ${fresh}`],
  );
  assert.equal(shop.calls.length, 1);
});

test('an answer that somebody presses as the person changes is not given in the name of the next', async (t) => {
  const { tab, shop, approvalId, world, sign } = await askToCancel(t);
  const eve = sign({ sub: 'eve' });
  const { conversationId } = tab.client.snapshot;
  tab.client.answerApproval(approvalId, true);
  await tab.client.identify(eve);
  tab.client.answerApproval(approvalId, true);
  await tab.until(({ reply, identity }) => reply === 'idle' && identity.state === 'verified');
  assert.deepEqual(toolsIn(tab.client.snapshot), []);
  for (const request of world.requests.filter(isApproval)) {
    const isHers = request.headers.get('authorization') === `Bearer ${eve}`;
    assert.equal(request.url.includes(conversationId), !isHers);
  }
  for (const { user } of shop.calls) assert.equal(user.verified && user.sub, 'ada');
});

test('one that came too late says so, and cannot be answered any more', async (t) => {
  const { tab, shop, approvalId, clock } = await askToCancel(t);
  clock.now += 600_000;
  tab.client.answerApproval(approvalId, true);
  await tab.until((snapshot) => statesIn(snapshot)[0] === 'output-denied');
  assert.equal(toolsIn(tab.client.snapshot)[0]?.approval?.reason, 'expired');
  assert.equal(shop.calls.length, 0);
});

test('an answer that cannot be given now can be given again', async (t) => {
  const { tab, shop, approvalId, world } = await askToCancel(t);
  world.intercept(isApproval, async () => problemResponse(503, 'unavailable'), 100);
  tab.client.answerApproval(approvalId, true);
  await tab.until(({ failure, reply }) => failure?.code === 'unavailable' && reply === 'idle');
  assert.deepEqual(statesIn(tab.client.snapshot), ['approval-requested']);
  assert.equal(shop.calls.length, 0);
});

test('after a logout nothing of the question is left, and no answer to it leaves', async (t) => {
  const { tab, shop, approvalId, world } = await askToCancel(t);
  await tab.client.logout();
  assert.deepEqual(toolsIn(tab.client.snapshot), []);
  tab.client.answerApproval(approvalId, true);
  await tab.until(({ reply }) => reply === 'idle');
  await tab.client.send('hello');
  await tab.until(isIdle);
  assert.equal(shop.calls.length, 0);
  for (const request of world.requests.filter(isApproval)) assert.equal(request.headers.get('authorization'), null);
});
