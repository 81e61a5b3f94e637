import assert from 'node:assert/strict';
import { describe, mock, test } from 'node:test';
import { createAgent } from '../../src/agents/index.ts';
import { withPace } from '../../src/agents/pace.ts';
import { speakingAgent } from '../conversations/scripted-agents.ts';
import { articles, replyOf, textIn, turnOf } from './turns.ts';

/** A pause that lasts until the test, or the signal, ends it. */
function heldPauses() {
  const lasted: number[] = [];
  const held: (() => void)[] = [];
  return {
    lasted,
    end: (): void => held.shift()?.(),
    pause: (durationMs: number, signal: AbortSignal): Promise<void> =>
      new Promise((resolve) => {
        lasted.push(durationMs);
        held.push(resolve);
        signal.addEventListener('abort', () => resolve(), { once: true });
      }),
  };
}

/** How many pauses an agent makes for an answer, and what it says, where each of them is over at once. */
async function pausesOf(words: readonly string[], wordsPerSecond: number) {
  const lasted: number[] = [];
  const pause = async (durationMs: number): Promise<void> => void lasted.push(durationMs);
  const { text } = await replyOf(withPace(speakingAgent(...words), { wordsPerSecond, pause }), turnOf('Well?'));
  return { lasted, text };
}

describe('an agent with a pace', () => {
  test('says the same, each piece as long after the one before as that takes to be read', async () => {
    const { lasted, text } = await pausesOf(['One two three', ' four', ' five six.'], 10);
    assert.equal(text, 'One two three four five six.');
    assert.deepEqual(lasted, [300, 100]);
  });

  test('holds back the next piece, and nothing that has been said', async () => {
    const { lasted, end, pause } = heldPauses();
    const agent = withPace(speakingAgent('One', ' two'), { wordsPerSecond: 1, pause });
    const parts = agent.reply(turnOf('Well?'))[Symbol.asyncIterator]();
    await parts.next();
    assert.partialDeepStrictEqual(await parts.next(), { value: { delta: 'One' } });
    const second = parts.next();
    await turns();
    assert.deepEqual(lasted, [1_000]);
    end();
    assert.partialDeepStrictEqual(await second, { value: { delta: ' two' } });
    assert.partialDeepStrictEqual(await parts.next(), { value: { type: 'text-end' } });
  });

  test('holds no answer back for more than ten seconds altogether', async () => {
    const { lasted, text } = await pausesOf(Array<string>(20).fill('one two three '), 1);
    assert.deepEqual(lasted, [3_000, 3_000, 3_000, 1_000]);
    assert.equal(text.match(/one/g)?.length, 20);
  });

  for (const [what, name] of [
    ['the server begins to go down', 'hurry'],
    ['the reply is stopped', 'signal'],
  ] as const) {
    test(`waits no longer once ${what}`, async () => {
      const { lasted, pause } = heldPauses();
      const abort = new AbortController();
      const agent = withPace(speakingAgent('One', ' two', ' three', ' four'), { wordsPerSecond: 1, pause });
      const parts = agent.reply(turnOf('Well?', { [name]: abort.signal }))[Symbol.asyncIterator]();
      await parts.next();
      await parts.next();
      const second = parts.next();
      await turns();
      assert.equal(lasted.length, 1);
      abort.abort();
      assert.partialDeepStrictEqual(await second, { value: { delta: ' two' } });
      await parts.next();
      await parts.next();
      assert.equal(lasted.length, 1);
    });
  }

  test('answers from the articles with it by the clock, and without it at once', async (context) => {
    const turn = turnOf('How do I return a pot?');
    const { text } = await replyOf(await createAgent({ documents: articles }), turn);
    const agent = await createAgent({ documents: articles, wordsPerSecond: 40 });
    mock.timers.enable({ apis: ['setTimeout'] });
    context.after(() => mock.timers.reset());
    const parts = agent.reply(turn)[Symbol.asyncIterator]();
    const said = [(await parts.next()).value, (await parts.next()).value];
    let isThere = false;
    const third = parts.next().then((step) => {
      isThere = true;
      return step;
    });
    const waitMs = (1000 * (textIn(said).match(/\S+/g)?.length ?? 0)) / 40;
    await turns();
    mock.timers.tick(waitMs - 1);
    await turns();
    assert.equal(isThere, false);
    mock.timers.tick(1);
    said.push((await third).value);
    assert.ok(text.startsWith(textIn(said)) && textIn(said) !== textIn(said.slice(0, 2)));
  });
});

/** Lets all that can go on go on. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => void setImmediate(resolve));
}
