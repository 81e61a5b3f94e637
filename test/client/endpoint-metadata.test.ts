import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isIdle } from './support/set-up.ts';
import { createWorld } from './support/world.ts';

const backend = { endpoint: 'https://shop.example/api/chat', endpointType: 'ai-sdk' };

const streamOf = (...parts: readonly object[]) =>
  new Response([...parts.map((part) => `data: ${JSON.stringify(part)}\n\n`), 'data: [DONE]\n\n'].join(''), {
    headers: { 'content-type': 'text/event-stream' },
  });

const answer = (messageMetadata: object) =>
  streamOf(
    { type: 'start', messageId: crypto.randomUUID(), messageMetadata },
    { type: 'text-start', id: 't' },
    { type: 'text-delta', id: 't', delta: 'Hello' },
    { type: 'text-end', id: 't' },
    { type: 'message-metadata', messageMetadata },
    { type: 'finish', messageMetadata },
  );

for (const author of [null, 'GPT-5', 5, ['GPT-5'], { kind: 'operator', name: 'GPT-5' }, { kind: 'operator' }]) {
  test(`ai-sdk: what a backend calls the author is neither a person nor a failure, and goes back to it: ${JSON.stringify(author)}`, async (t) => {
    const { open, requests } = createWorld(async ({ method }) =>
      method === 'POST' ? answer({ author, model: 'small' }) : new Response(null, { status: 204 }),
    );
    const { client, until, texts } = open({ backend });
    t.after(() => client.close());
    await client.send('Hi');
    await until((snapshot) => isIdle(snapshot) && snapshot.messages.length === 2);
    assert.deepEqual(texts(), ['Hi', 'Hello']);
    assert.equal(client.snapshot.handoff, undefined);
    assert.equal(client.snapshot.messages[1]?.metadata?.author, undefined);
    await client.send('Bye');
    await until((snapshot) => isIdle(snapshot) && snapshot.messages.length === 4);
    const { messages } = (await (requests.at(-1) as Request).json()) as {
      readonly messages: readonly { metadata?: object }[];
    };
    assert.deepEqual(messages[1]?.metadata, { author, model: 'small' });
  });
}

const call = { toolCallId: 'c', toolName: 'cancel_order', input: { id: 7 }, dynamic: true };
const callExtras = { title: 'Cancel', providerExecuted: false, toolMetadata: { area: 'orders' } };
const providerMetadata = { google: { thoughtSignature: 'thought' } };
const asked = { type: 'tool-approval-request', approvalId: 'a', toolCallId: 'c' };

for (const approved of [true, false]) {
  test(`ai-sdk: what a backend says of a tool beside what is shown goes back to it, also after ${approved ? 'yes' : 'no'}`, async (t) => {
    const extras = {
      approvalDescriptor: { risk: 2 },
      inputSchemaInput: { id: '7' },
      reason: 'It costs.',
      signature: 's',
    };
    const answers = [
      streamOf(
        { type: 'start' },
        { type: 'tool-input-available', ...call, ...callExtras, providerMetadata },
        { ...asked, ...extras, isAutomatic: false },
        { type: 'finish' },
      ),
      answer({}),
      answer({}),
    ];
    const { open, requests } = createWorld(async ({ method }) =>
      method === 'POST' ? (answers.shift() as Response) : new Response(null, { status: 204 }),
    );
    const { client, until } = open({ backend });
    t.after(() => client.close());
    await client.send('Cancel 7');
    await until(isIdle);
    client.answerApproval('a', approved);
    await until((snapshot) => isIdle(snapshot) && snapshot.messages.length === 3);
    await client.send('Thanks');
    await until((snapshot) => isIdle(snapshot) && snapshot.messages.length === 5);
    for (const request of requests.slice(1)) {
      const { messages } = (await request.json()) as { messages: { parts: { approval?: object }[] }[] };
      const { state: _, ...part } = (messages[1]?.parts[0] ?? {}) as { state?: string };
      const approval = {
        id: 'a',
        descriptor: { risk: 2 },
        inputSchemaInput: { id: '7' },
        requestReason: 'It costs.',
        signature: 's',
        approved,
      };
      const { dynamic: _dynamic, ...shown } = call;
      assert.deepEqual(part, {
        type: 'dynamic-tool',
        ...shown,
        ...callExtras,
        callProviderMetadata: providerMetadata,
        approval,
      });
    }
  });
}

test('ai-sdk: a hand-off of the backend’s own is shown, and holds nothing up: nobody is told who types, all can be asked anew', async (t) => {
  const handoff = (state: string) => ({ type: 'data-handoff', data: { state, name: 'Grace' } });
  const { open, requests } = createWorld(async ({ method }) =>
    method === 'POST'
      ? streamOf({ type: 'start' }, handoff('requested'), handoff('active'), { type: 'finish' })
      : new Response(null, { status: 204 }),
  );
  const { client, until, snapshots } = open({ backend });
  t.after(() => client.close());
  await client.send('A person, please');
  await until((snapshot) => isIdle(snapshot) && snapshot.messages.length === 2);
  const shown = client.snapshot.messages[1]?.parts.map((part) => ('data' in part ? part.data : part.type));
  assert.deepEqual(shown, [
    { state: 'requested', name: 'Grace' },
    { state: 'active', name: 'Grace' },
  ]);
  assert.deepEqual(new Set(snapshots.map((snapshot) => snapshot.handoff)), new Set([undefined]));
  client.typing(true);
  client.regenerate(client.snapshot.messages[1]?.id ?? '');
  await until((snapshot) => snapshot.reply !== 'idle');
  await until(isIdle);
  await client.send('Hello?');
  await until((snapshot) => isIdle(snapshot) && snapshot.messages.length === 4);
  assert.equal(requests.length, 3);
});
