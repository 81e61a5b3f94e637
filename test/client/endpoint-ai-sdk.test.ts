import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lastBody, setUpEndpoint } from './support/endpoint.ts';
import { isIdle } from './support/set-up.ts';
import type { Tab } from './support/world.ts';

// Against a route of the AI SDK itself: it validates each conversation that it is sent, and would refuse what does not fit.

const toolsOf = ({ client }: Tab) =>
  client.snapshot.messages.flatMap(({ parts }) =>
    parts.flatMap((part) =>
      part.type === 'dynamic-tool' ? [`${part.toolName} ${part.state} ${JSON.stringify(part.output ?? null)}`] : [],
    ),
  );
const approvalsOf = ({ client }: Tab) =>
  client.snapshot.messages
    .flatMap(({ parts }) => parts)
    .flatMap((part) => (part.type === 'dynamic-tool' && part.state === 'approval-requested' ? [part.approval] : []));

test('ai-sdk: answers of a route that gives them no ids stay apart', async (t) => {
  const { tab, ask } = await setUpEndpoint(t, 'ai-sdk');
  await ask('One?', 'One.');
  await ask('Two?', 'Two.');
  await ask('Three?', 'Three.');
  assert.deepEqual(tab.texts(), ['One?', 'One.', 'Two?', 'Two.', 'Three?', 'Three.']);
  assert.equal(new Set(tab.client.snapshot.messages.map(({ id }) => id)).size, 6);
});

test('ai-sdk: ids of a route that gives them are kept, and replaced answers are named by them', async (t) => {
  const { tab, ask, backend } = await setUpEndpoint(t, 'ai-sdk', { hasIds: true });
  await ask('One?', 'One.');
  assert.equal(tab.client.snapshot.messages.at(-1)?.id, 'answer-1');
  tab.client.regenerate('answer-1');
  const pen = await backend.next();
  pen.say('Another one.');
  pen.finish();
  await tab.until(isIdle);
  assert.deepEqual(tab.texts(), ['One?', 'Another one.']);
  const body = lastBody(backend.requests) as { [field: string]: unknown };
  assert.deepEqual(Object.keys(body).toSorted(), ['id', 'messageId', 'messages', 'trigger']);
  assert.equal(body['trigger'], 'regenerate-message');
  assert.equal(body['messageId'], 'answer-1');
});

test('ai-sdk: what a tool did is shown, and goes along in the next turn', async (t) => {
  const calls = (question: number) => (question === 1 ? [{ toolName: 'find_order', input: { id: 7 } } as const] : []);
  const { tab, ask, backend } = await setUpEndpoint(t, 'ai-sdk', { calls });
  await ask('Where is 7?', 'On its way.');
  assert.deepEqual(toolsOf(tab), ['find_order output-available {"id":7,"state":"sent"}']);
  await ask('Thanks', 'Bye.');
  const { messages } = lastBody(backend.requests) as { messages: { parts: { type: string; state?: string }[] }[] };
  assert.deepEqual(
    messages[1]?.parts.map(({ type }) => type),
    ['dynamic-tool', 'step-start', 'text'],
  );
});

test('ai-sdk: a tool that failed is shown as such', async (t) => {
  const { tab, ask } = await setUpEndpoint(t, 'ai-sdk', {
    calls: () => [{ toolName: 'find_order', input: { id: 13 } }],
  });
  await ask('Where is 13?', 'I cannot see it.');
  assert.deepEqual(toolsOf(tab), ['find_order output-error null']);
});

test('ai-sdk: a tool whose input does not fit is shown as failed', async (t) => {
  const { tab, ask } = await setUpEndpoint(t, 'ai-sdk', { calls: () => [{ toolName: 'find_order', input: {} }] });
  await ask('Where is it?', 'Which one?');
  assert.deepEqual(toolsOf(tab), ['find_order output-error null']);
});

for (const [answer, approved] of [
  ['yes', true],
  ['no', false],
] as const) {
  test(`ai-sdk: a tool that asks first goes on after ${answer}, and the conversation after that`, async (t) => {
    const calls = (question: number) =>
      question === 1 ? [{ toolName: 'cancel_order', input: { id: 7 } } as const] : [];
    const { tab, backend, ask } = await setUpEndpoint(t, 'ai-sdk', { calls });
    await tab.client.send('Cancel 7');
    await backend.next();
    await tab.until(isIdle);
    const [approval] = approvalsOf(tab);
    tab.client.answerApproval(approval?.id ?? '', approved);
    const pen = await backend.next();
    pen.say('So be it.');
    pen.finish();
    await tab.until(({ messages, reply }) => reply === 'idle' && messages.length === 3);
    assert.deepEqual(tab.texts(), ['Cancel 7', '', 'So be it.']);
    assert.deepEqual(
      toolsOf(tab),
      approved
        ? ['cancel_order approval-responded null', 'cancel_order output-available "cancelled"']
        : ['cancel_order output-denied null'],
    );
    await ask('Thanks', 'Bye.');
    assert.equal(backend.requests.length, 3);
  });
}

test('ai-sdk: a route that signs what it asks gets its signature back, and acts', async (t) => {
  const calls = (question: number) => (question === 1 ? [{ toolName: 'cancel_order', input: { id: 7 } } as const] : []);
  const { tab, backend, ask } = await setUpEndpoint(t, 'ai-sdk', { calls, signsApprovals: true });
  await tab.client.send('Cancel 7');
  await backend.next();
  await tab.until(isIdle);
  tab.client.answerApproval(approvalsOf(tab)[0]?.id ?? '', true);
  const pen = await backend.next();
  pen.say('Done.');
  pen.finish();
  await tab.until(({ messages, reply }) => reply === 'idle' && messages.length === 3);
  assert.equal(toolsOf(tab).at(-1), 'cancel_order output-available "cancelled"');
  await ask('Thanks', 'Bye.');
});

test('ai-sdk: of two tools that ask first the backend hears when both are answered', async (t) => {
  const calls = (question: number) =>
    question === 1 ? [7, 8].map((id) => ({ toolName: 'cancel_order', input: { id } }) as const) : [];
  const { tab, backend } = await setUpEndpoint(t, 'ai-sdk', { calls });
  await tab.client.send('Cancel both');
  await backend.next();
  await tab.until(isIdle);
  tab.client.answerApproval(approvalsOf(tab)[0]?.id ?? '', false);
  await tab.until((snapshot) => isIdle(snapshot) && approvalsOf(tab).length === 1);
  assert.equal(backend.requests.length, 1);
  tab.client.answerApproval(approvalsOf(tab)[0]?.id ?? '', true);
  const pen = await backend.next();
  pen.say('One of them.');
  pen.finish();
  await tab.until(({ messages, reply }) => reply === 'idle' && messages.length === 3);
  assert.deepEqual(toolsOf(tab), [
    'cancel_order output-denied null',
    'cancel_order approval-responded null',
    'cancel_order output-available "cancelled"',
  ]);
});

test('ai-sdk: an answer that is cut off is read on, where the route can', async (t) => {
  const { tab, backend } = await setUpEndpoint(t, 'ai-sdk');
  const sent = tab.client.send('Tell me a story');
  const pen = await backend.next();
  pen.say('Once upon');
  await sent;
  while (tab.texts().at(-1) !== 'Once upon') await new Promise(setImmediate);
  pen.cut();
  pen.say(' a time.');
  pen.finish();
  await tab.until(isIdle);
  assert.deepEqual(tab.texts(), ['Tell me a story', 'Once upon a time.']);
  assert.equal(tab.client.snapshot.messages.at(-1)?.status, 'complete');
  const [, resumed] = backend.requests;
  assert.equal(resumed?.method, 'GET');
  assert.equal(resumed?.path, `/api/chat/${tab.client.snapshot.conversationId}/stream`);
});

test('ai-sdk: an answer that a reload left is read on by the next page', async (t) => {
  const { tab, backend, open, world } = await setUpEndpoint(t, 'ai-sdk', { hasIds: true });
  const sent = tab.client.send('Tell me a story');
  const pen = await backend.next();
  pen.say('Once upon');
  await sent;
  while (tab.texts().at(-1) !== 'Once upon') await new Promise(setImmediate);
  world.leave();
  tab.client.close();
  const reloaded = open({ tab: tab.tab });
  t.after(() => reloaded.client.close());
  reloaded.client.load();
  await reloaded.until(({ reply }) => reply === 'streaming');
  pen.say(' a time.');
  pen.finish();
  await reloaded.until(isIdle);
  assert.deepEqual(reloaded.texts(), ['Tell me a story', 'Once upon a time.']);
});

test('ai-sdk: an answer that a reload left and that cannot be read on stays as far as it came', async (t) => {
  const { tab, backend, open, world } = await setUpEndpoint(t, 'ai-sdk');
  const sent = tab.client.send('Tell me a story');
  const pen = await backend.next();
  pen.say('Once upon');
  await sent;
  while (tab.texts().at(-1) !== 'Once upon') await new Promise(setImmediate);
  world.leave();
  tab.client.close();
  world.intercept(
    ({ method }) => method === 'GET',
    () => Promise.reject(new TypeError('Failed to fetch')),
    10,
  );
  const reloaded = open({ tab: tab.tab });
  t.after(() => reloaded.client.close());
  reloaded.client.load();
  await reloaded.until(({ messages, reply }) => reply === 'idle' && messages.at(-1)?.status === 'interrupted');
  assert.deepEqual(reloaded.texts(), ['Tell me a story', 'Once upon']);
});
