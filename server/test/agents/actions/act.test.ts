import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { z } from 'zod';
import { createAgent, defineAction, type Action, type ActionCall, type Turn } from '../../../src/agents/index.ts';
import { articles, said, textIn, turnOf } from '../turns.ts';
import { actingTurn, nobody, partsOf, person } from './action-turns.ts';

function actionThat(run: (call: ActionCall) => unknown, change: object = {}): Action {
  return defineAction({
    name: 'do_it',
    description: 'Does it',
    inputSchema: z.object({}),
    access: 'public',
    phrases: ['do it now'],
    run,
    ...change,
  });
}

async function say(action: Action, turn: Turn) {
  const agent = await createAgent({ documents: articles, actions: [action] });
  const parts = await partsOf(agent, turn);
  return { parts, types: parts.map(({ type }) => type), text: textIn(parts) };
}

describe('an agent without a model', () => {
  test('says the message of a result, in which nothing becomes a link', async () => {
    const message = 'Your orders:\n- F-1 [free money](https://evil.example)\n- F-2 <img src=x> **bold**\nThat is all.';
    const { text } = await say(
      actionThat(() => ({ message })),
      actingTurn('Do it now', nobody).turn,
    );
    assert.match(
      text,
      /^Your orders\\:\n- F\\-1 \\\[free money\\\]\\\(https\\:\\\/\\\/evil\\\.example\\\)\n- F\\-2 \\<img/,
    );
    assert.match(text, /\n\nThat is all\\\.$/);
  });

  test('says that it is done where a result has no words', async () => {
    for (const result of [undefined, null, 7, {}, { message: '' }, { message: 7 }, ['x']]) {
      const { text } = await say(
        actionThat(() => result),
        actingTurn('Do it now', nobody).turn,
      );
      assert.equal(text, 'Done: do it.');
    }
  });

  test('a result that is no JSON, or too large, is a failure', async () => {
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    for (const result of [cycle, 1n, 'x'.repeat(65 * 1024)]) {
      const { types, text } = await say(
        actionThat(() => result),
        actingTurn('Do it now', nobody).turn,
      );
      assert.ok(types.includes('tool-output-error'));
      assert.match(text, /did not work/);
    }
  });

  test('an action that takes too long is given up', async () => {
    const action = actionThat(() => new Promise(() => undefined), { timeoutMs: 100 });
    const { turn, runs } = actingTurn('Do it now', nobody);
    assert.match((await say(action, turn)).text, /did not work/);
    assert.equal(runs[0]?.outcome, 'failed');
  });

  describe('whose action lacks something', () => {
    const cancelling = (): { action: Action; inputs: unknown[] } => {
      const inputs: unknown[] = [];
      const action = actionThat(({ input }) => void inputs.push(input), {
        inputSchema: z.object({
          order: z
            .string()
            .regex(/^F-\d+$/)
            .describe('its number, *such* as F-1'),
        }),
        inputFrom: (message: string) => ({ order: /F-\d+/.exec(message)?.[0] }),
      });
      return { action, inputs };
    };
    const after = (question: string) => ({
      history: [said('user', 'Do it now'), said('assistant', '?'), said('user', question)],
    });

    test('asks for it in the words of its description', async () => {
      const { action } = cancelling();
      const { text } = await say(action, actingTurn('Do it now', nobody).turn);
      assert.equal(
        text,
        'For this I need one more thing: order \\(its number\\, \\*such\\* as F\\-1\\)\n\nJust write it here, or all at once, such as “do it now …”.',
      );
    });

    test('takes it from the next message alone', async () => {
      const { action, inputs } = cancelling();
      const { text } = await say(action, actingTurn('F-7, please', nobody, after('F-7, please')).turn);
      assert.equal(text, 'Done: do it.');
      assert.deepEqual(inputs, [{ order: 'F-7' }]);
    });

    for (const next of [
      'What is F-7?',
      'No, F-7 stays',
      'Never mind F-7',
      'How do I see F-7?',
      `About F-7: ${'so '.repeat(40)}`,
    ]) {
      test(`does nothing on "${next.slice(0, 30)}"`, async () => {
        const { action, inputs } = cancelling();
        await say(action, actingTurn(next, nobody, after(next)).turn);
        assert.deepEqual(inputs, []);
      });
    }

    test('does nothing again that was asked for in full before', async () => {
      const { action, inputs } = cancelling();
      const history = [said('user', 'Do it now, F-7'), said('assistant', 'Done.'), said('user', 'F-8')];
      await say(action, actingTurn('F-8', nobody, { history }).turn);
      assert.deepEqual(inputs, []);
    });
  });

  test('asks for several things in a list, each in the words that say what it is', async () => {
    const inputSchema = z.object({
      order_number: z.string().describe('the order number, such as F-1'),
      reason: z.string(),
    });
    const { text } = await say(
      actionThat(() => 'x', { inputSchema }),
      actingTurn('Do it now', nobody).turn,
    );
    assert.match(text, /^For this I need some more:\n\n- the order number\\, such as F\\-1\n- reason\n\nJust write/);
  });

  test('asks for what it still needs to know', async () => {
    const calls: ActionCall[] = [];
    const inputSchema = z.object({ order_number: z.string() });
    const action = actionThat((call) => calls.push(call), { inputSchema });
    const { text, types } = await say(action, actingTurn('Do it now', nobody).turn);
    assert.match(text, /^For this I need one more thing: order number\n\nJust write it here/);
    assert.equal(
      types.some((type) => type.startsWith('tool-')),
      false,
    );
    assert.equal(calls.length, 0);
  });

  test('runs nothing in a turn that has nobody to act for', async () => {
    const calls: ActionCall[] = [];
    const { types } = await say(
      actionThat((call) => calls.push(call)),
      turnOf('Do it now'),
    );
    assert.ok(types.includes('tool-output-error'));
    assert.equal(calls.length, 0);
  });

  test('runs nothing that asks first where nobody can be asked', async () => {
    const calls: ActionCall[] = [];
    const { askApproval: _, ...turn } = actingTurn('Do it now', nobody).turn;
    const { text } = await say(
      actionThat((call) => calls.push(call), { approval: true }),
      turn,
    );
    assert.match(text, /cannot ask you/);
    assert.equal(calls.length, 0);
  });

  test('asks by the input where the action says so', async () => {
    const action = actionThat(() => 'ok', {
      inputSchema: z.object({ amount: z.number() }),
      inputFrom: (message: string) => ({ amount: Number(/\d+/.exec(message)?.[0]) }),
      approval: ({ amount }: { amount: number }) => amount > 100,
    });
    const asks = async (text: string) =>
      (await say(action, actingTurn(text, nobody).turn)).types.includes('tool-approval-request');
    assert.equal(await asks('Do it now with 100'), false);
    assert.equal(await asks('Do it now with 101'), true);
  });

  test('B12 a token that lapses before the action runs keeps it from running', async () => {
    for (const lapse of ['expired', 'revoked'] as const) {
      const calls: ActionCall[] = [];
      const { turn, runs } = actingTurn('Do it now', person('ada'), { lapse: () => Promise.resolve(lapse) });
      const { types } = await say(
        actionThat((call) => calls.push(call), { access: 'verified' }),
        turn,
      );
      assert.ok(types.includes('data-sign-in-required'));
      assert.equal(calls.length, 0);
      assert.deepEqual(
        runs.map(({ outcome }) => outcome),
        ['lapsed'],
      );
    }
  });

  test('W11 asks nobody about what they may not do, also when they have approved it elsewhere', async () => {
    const calls: ActionCall[] = [];
    const allow = { claim: 'plan', equals: 'club' };
    const action = actionThat((call) => calls.push(call), { access: 'verified', allow, approval: true });
    const { types, text } = await say(action, actingTurn('Do it now', person('eve', { plan: 'free' })).turn);
    assert.equal(types.includes('tool-approval-request'), false);
    assert.match(text, /may not do this/);
    const answered = { toolCallId: 't', actionName: 'do_it', input: {}, approved: true };
    await say(action, actingTurn('?', person('eve', { plan: 'free' }), { answered }).turn);
    await say(action, actingTurn('?', nobody, { answered }).turn);
    assert.equal(calls.length, 0);
  });

  test('does nothing that it does not know any more', async () => {
    const answered = { toolCallId: 't', actionName: 'gone', input: {}, approved: true };
    const { text } = await say(
      actionThat(() => 'ok'),
      actingTurn('?', nobody, { answered }).turn,
    );
    assert.match(text, /cannot do this any more/);
  });
});

describe('defineAction', () => {
  const wrong: readonly object[] = [
    { name: '' },
    { name: '9lives' },
    { name: 'a b' },
    { description: ' ' },
    { access: 'admin' },
    { timeoutMs: 5 },
    { allow: { claim: 'plan', exists: true } },
    { access: 'verified', allow: { claim: 'plan' } },
    { access: 'verified', allow: {} },
  ];
  for (const change of wrong) {
    test(`refuses ${JSON.stringify(change)}`, () => {
      assert.throws(() => actionThat(() => null, change), TypeError);
    });
  }

  test('two actions of one agent have two names', async () => {
    const action = actionThat(() => null);
    await assert.rejects(createAgent({ documents: articles, actions: [action, action] }), TypeError);
  });

  test('what a schema makes of an input is what is shown and what runs', async () => {
    const calls: ActionCall[] = [];
    const action = actionThat((call) => calls.push(call), {
      inputSchema: z.object({ order: z.string().trim().toUpperCase().default('newest') }),
      inputFrom: () => ({ order: ' f-1 ', extra: 1 }),
    });
    const { parts } = await say(action, actingTurn('Do it now', nobody).turn);
    const shown = parts.find(({ type }) => type === 'tool-input-available');
    assert.deepEqual(shown?.type === 'tool-input-available' && shown.input, { order: 'F-1' });
    assert.deepEqual(calls[0]?.input, { order: 'F-1' });
  });
});
