import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createActionPhrases } from '../../../src/agents/actions/phrases.ts';
import { createKnowledgeAgent, createModelAgent, handoffAction } from '../../../src/agents/index.ts';
import { begin, callTools, finish, startModelServer } from '../model-server.ts';
import { answerable, unanswerable } from '../questions.ts';
import { articles, textIn } from '../turns.ts';
import { actingTurn, nobody, partsOf } from './action-turns.ts';

const book = createActionPhrases([handoffAction]);

describe('asking for a person', () => {
  for (const [message, asks] of [
    ['I want to talk to a human', true],
    ['Can I talk to a real person?', true],
    ['could I please speak to someone', true],
    ['How do I talk to a human being?', true],
    ['Let me speak with an agent!', true],
    ['get me a human', true],
    ['connect me to support', true],
    ['human please', true],
    ['I do not want to talk to a human', false],
    ['Are you a human?', false],
    ['What do people say about the fern?', false],
    ['Is there a person in the picture?', false],
  ] as const) {
    test(`${JSON.stringify(message)}: ${asks ? 'asks' : 'does not'}`, () => {
      assert.equal(book.find(message) === handoffAction, asks);
    });
  }

  test('leaves the questions to the help centre alone', () => {
    const asked = [...answerable.map(([question]) => question), ...unanswerable];
    assert.deepEqual(
      asked.filter((question) => book.find(question) !== undefined),
      ['can I speak to a human'],
    );
  });

  for (const [outcome, words] of [
    ['ok', /I have asked a person/],
    ['wrong_state', /has been asked already/],
    [undefined, /cannot reach anybody/],
  ] as const) {
    test(`is done by the agent without a model for everybody, who is told how it went: ${outcome}`, async () => {
      const agent = await createKnowledgeAgent({ documents: articles, actions: [handoffAction] });
      let count = 0;
      const askForPerson = async () => {
        count++;
        return outcome ?? 'ok';
      };
      const more = outcome === undefined ? {} : { askForPerson };
      const { turn, runs } = actingTurn('Can I talk to a human?', nobody, more);
      const parts = await partsOf(agent, turn);
      assert.match(textIn(parts), words);
      assert.equal(count, outcome === undefined ? 0 : 1);
      assert.deepEqual(
        runs.map(({ action, outcome: ended }) => [action, ended]),
        [['handoff', 'done']],
      );
    });
  }

  test('is a tool of the model', async (t) => {
    const server = await startModelServer((response, count) => {
      if (count === 1) return callTools(response, [{ name: 'handoff', input: {} }]);
      begin(response, 'Somebody will come.');
      finish(response);
    });
    t.after(() => server.close());
    const agent = createModelAgent({ url: server.url, model: 'm', maxRetries: 0, actions: [handoffAction] });
    let count = 0;
    const askForPerson = async () => {
      count++;
      return 'ok' as const;
    };
    const parts = await partsOf(agent, actingTurn('I am lost', nobody, { askForPerson }).turn);
    assert.equal(count, 1);
    assert.match(textIn(parts), /Somebody will come/);
  });
});
