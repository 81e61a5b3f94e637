import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { z } from 'zod';
import { emptyReply, reduceReply, type ContentPart } from '../../../../src/protocol/index.ts';
import { createModelAgent, defineAction, type Action, type ActionCall, type Agent } from '../../../src/agents/index.ts';
import { readContentPart } from '../../../src/conversations/content-part.ts';
import { begin, callTools, finish, startModelServer, type ModelServer, type Script } from '../model-server.ts';
import { textIn } from '../turns.ts';
import { actingTurn, nobody, partsOf, person } from './action-turns.ts';

let running: ModelServer | undefined;

afterEach(async () => {
  await running?.close();
  running = undefined;
});

type Start = { readonly agent: Agent; readonly server: ModelServer; readonly calls: ActionCall[] };

async function start(script: Script, change: { run?: (call: ActionCall) => unknown } = {}): Promise<Start> {
  const server = await startModelServer(script);
  running = server;
  const calls: ActionCall[] = [];
  const run = (call: ActionCall): unknown => {
    calls.push(call);
    return change.run === undefined ? { message: 'Two orders.' } : change.run(call);
  };
  const actions: readonly Action[] = [
    defineAction({
      name: 'orders',
      description: 'Lists orders',
      inputSchema: z.strictObject({ state: z.string().default('any') }),
      access: 'verified',
      run,
    }),
    defineAction({
      name: 'cancel',
      description: 'Cancels',
      inputSchema: z.strictObject({ order: z.string() }),
      access: 'verified',
      approval: true,
      run,
    }),
    defineAction({ name: 'ticket', description: 'Ticket', inputSchema: z.object({}), access: 'public', run }),
  ];
  const agent = createModelAgent({ url: server.url, model: 'm', maxRetries: 0, actions });
  return { agent, server, calls };
}

/** Uses tools in the first step, and speaks in the second. */
const toolsThen =
  (calls: Parameters<typeof callTools>[1], ...words: readonly string[]): Script =>
  (response, count) => {
    if (count === 1) return callTools(response, calls);
    begin(response, ...words);
    finish(response);
  };

const typesOf = (parts: readonly ContentPart[]): readonly string[] => parts.map(({ type }) => type);
const withoutText = (parts: readonly ContentPart[]): readonly string[] =>
  typesOf(parts).filter((type) => !type.startsWith('text-'));

describe('a model with actions', () => {
  test('B13 W9 runs what the model asks for, for the user of the turn, and gives it the result', async () => {
    const { agent, server, calls } = await start(
      toolsThen([{ name: 'orders', input: {} }], 'You have ', 'two orders.'),
    );
    const { turn, runs } = actingTurn('Where are my orders?', person('ada'));
    const parts = await partsOf(agent, turn);
    assert.deepEqual(withoutText(parts), ['tool-input-available', 'tool-output-available']);
    assert.equal(textIn(parts), 'You have two orders.');
    assert.deepEqual(calls[0]?.input, { state: 'any' });
    assert.ok(calls[0].user.verified);
    assert.equal(calls[0].user.sub, 'ada');
    assert.deepEqual(
      runs.map(({ outcome }) => outcome),
      ['done'],
    );
    const told = JSON.stringify(server.requests[1]?.body.messages.at(-1));
    assert.match(told, /Two orders\./);
    const tools = (server.requests[0]?.body as { tools?: { function: { name: string } }[] } | undefined)?.tools ?? [];
    assert.deepEqual(
      tools.map((tool) => tool.function.name),
      ['orders', 'cancel', 'ticket'],
    );
  });

  test('all its parts reach the visitor’s stream, however the model numbers its calls', async () => {
    const { agent } = await start((response, count) => {
      if (count < 3)
        return callTools(response, [
          { name: 'orders', input: {} },
          { name: 'ticket', input: {} },
        ]);
      begin(response, 'Done.');
      finish(response);
    });
    const parts = await partsOf(agent, actingTurn('?', person('ada')).turn);
    let reply = emptyReply('m');
    for (const part of parts) {
      const read = readContentPart(part, reply);
      assert.deepEqual(read, part);
      reply = reduceReply(reply, part);
    }
    const ids = reply.message.parts.flatMap((part) => (part.type === 'dynamic-tool' ? [part.toolCallId] : []));
    assert.equal(ids.length, 4);
    assert.equal(new Set(ids).size, 4);
  });

  test('B12 does not run a personal action for an unknown visitor, and offers the sign-in once', async () => {
    const { agent, server, calls } = await start(
      toolsThen(
        [
          { name: 'orders', input: {} },
          { name: 'cancel', input: { order: 'F-1' } },
        ],
        'Please sign in.',
      ),
    );
    const parts = await partsOf(agent, actingTurn('?', nobody).turn);
    assert.deepEqual(withoutText(parts), ['data-sign-in-required']);
    assert.equal(calls.length, 0);
    assert.match(JSON.stringify(server.requests[1]?.body.messages), /sign_in_required/);
  });

  test('asks the visitor first, and asks the model nothing more', async () => {
    const { agent, server, calls } = await start(
      toolsThen([{ name: 'cancel', input: { order: 'F-1' } }], 'never said'),
    );
    const { turn, held } = actingTurn('Cancel F-1', person('ada'));
    const parts = await partsOf(agent, turn);
    assert.deepEqual(withoutText(parts), ['tool-input-available', 'tool-approval-request']);
    assert.match(textIn(parts), /only if you approve/);
    assert.deepEqual(held[0]?.input, { order: 'F-1' });
    assert.equal(server.requests.length, 1);
    assert.equal(calls.length, 0);
  });

  test('an input that does not fit runs nothing; the model may try again', async () => {
    const { agent, calls } = await start((response, count) => {
      const inputs: readonly unknown[] = [{ order: 1 }, { order: 'F-1', user: 'eve' }, '{"order":'];
      const input = inputs[count - 1];
      if (input !== undefined) return callTools(response, [{ name: 'cancel', input }]);
      begin(response, 'I give up.');
      finish(response);
    });
    const { turn, held } = actingTurn('?', person('ada'));
    assert.equal(textIn(await partsOf(agent, turn)), 'I give up.');
    assert.equal(held.length + calls.length, 0);
  });

  test('tells a failure in fixed words, to the visitor and to the model', async () => {
    const { agent, server } = await start(toolsThen([{ name: 'orders', input: {} }], 'Sorry.'), {
      run: () => {
        throw new Error('password of the database: hunter2');
      },
    });
    const parts = await partsOf(agent, actingTurn('?', person('ada')).turn);
    const failed = parts.find(({ type }) => type === 'tool-output-error');
    assert.deepEqual(failed?.type === 'tool-output-error' && failed.errorText, 'This did not work.');
    assert.doesNotMatch(JSON.stringify([parts, server.requests]), /hunter2/);
  });

  test('takes so many steps and calls, then says what there is', async () => {
    const { agent, server, calls } = await start((response) =>
      callTools(response, [
        { name: 'orders', input: {} },
        { name: 'ticket', input: {} },
        { name: 'orders', input: {} },
      ]),
    );
    const parts = await partsOf(agent, actingTurn('?', person('ada')).turn);
    assert.equal(server.requests.length, 5);
    assert.equal(calls.length, 8);
    assert.match(textIn(parts), /Two orders/);
  });

  test('shows an action while it runs, and waits for it longer than for a model', async (t) => {
    const gate = Promise.withResolvers<string>();
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { agent } = await start(toolsThen([{ name: 'orders', input: {} }], 'Done.'), {
      run: () => gate.promise,
    });
    const parts = agent.reply(actingTurn('?', person('ada')).turn)[Symbol.asyncIterator]();
    assert.equal((await parts.next()).value?.type, 'tool-input-available');
    t.mock.timers.tick(60_000);
    gate.resolve('ok');
    assert.equal((await parts.next()).value?.type, 'tool-output-available');
    const rest: ContentPart[] = [];
    for (let step = await parts.next(); step.done !== true; step = await parts.next()) rest.push(step.value);
    assert.equal(textIn(rest), 'Done.');
  });

  test('a stop ends the reply and aborts what runs', async () => {
    const stopping = new AbortController();
    const { agent, calls } = await start(toolsThen([{ name: 'orders', input: {} }], 'never'), {
      run: () => {
        setImmediate(() => stopping.abort());
        return new Promise(() => undefined);
      },
    });
    const { turn, runs } = actingTurn('?', person('ada'), { signal: stopping.signal });
    const parts = await partsOf(agent, turn);
    assert.equal(calls[0]?.signal.aborted, true);
    assert.doesNotMatch(textIn(parts), /never/);
    while (runs.length === 0) await new Promise(setImmediate);
    assert.deepEqual(
      runs.map(({ outcome }) => outcome),
      ['stopped'],
    );
  });

  test('is told what it may do only where there are actions', async () => {
    const { agent, server } = await start((response) => {
      begin(response, 'Hi.');
      finish(response);
    });
    await partsOf(agent, actingTurn('Hi', person('ada')).turn);
    await partsOf(createModelAgent({ url: server.url, model: 'm' }), actingTurn('Hi', person('ada')).turn);
    const [withActions = '', without = ''] = server.requests.map(({ body }) => body.messages[0]?.content);
    assert.match(withActions, /act for the visitor below and for nobody else/);
    assert.match(without, /You cannot see or change orders/);
    assert.equal('tools' in (server.requests[1]?.body ?? {}), false);
  });
});
