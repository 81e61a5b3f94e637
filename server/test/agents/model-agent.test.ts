import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { inspect } from 'node:util';
import type { ContentPart } from '../../../src/protocol/index.ts';
import {
  createKnowledgeIndex,
  createModelAgent,
  ModelError,
  type Agent,
  type ModelAgentOptions,
  type ModelErrorCode,
  type Turn,
} from '../../src/agents/index.ts';
import { begin, finish, refuse, startModelServer, type ModelServer, type Script } from './model-server.ts';
import { documents, replyOf, textIn, turnOf } from './turns.ts';

const apiKey = 'sk-test-4f8a1c-secret';
const knowledge = createKnowledgeIndex(documents);

let running: ModelServer | undefined;

afterEach(async () => {
  await running?.close();
  running = undefined;
});

async function start(
  script: Script,
  options: Partial<ModelAgentOptions> = {},
): Promise<{ agent: Agent; server: ModelServer }> {
  const server = await startModelServer(script);
  running = server;
  return { server, agent: createModelAgent({ url: server.url, model: 'm', apiKey, maxRetries: 0, ...options }) };
}

/** Reads a reply to its failure; what came until then. */
async function failureOf(
  agent: Agent,
  turn: Turn = turnOf('Hi'),
): Promise<{ error: ModelError; parts: readonly ContentPart[] }> {
  const parts: ContentPart[] = [];
  try {
    for await (const part of agent.reply(turn)) parts.push(part);
  } catch (error) {
    assert.ok(error instanceof ModelError, inspect(error));
    return { error, parts };
  }
  return assert.fail(`ended as if complete: ${JSON.stringify(parts)}`);
}

const answerYes: Script = (response) => {
  begin(response, 'Ye', 's.');
  finish(response);
};

describe('the model agent', () => {
  test('streams what the model says, and then its sources', async () => {
    const { agent } = await start(answerYes, { knowledge });
    const { parts, text, urls } = await replyOf(agent, turnOf('Can I pay with Klarna?'));
    assert.equal(text, 'Yes.');
    assert.deepEqual(parts.slice(0, 4), [
      { type: 'text-start', id: 'txt-0' },
      { type: 'text-delta', id: 'txt-0', delta: 'Ye' },
      { type: 'text-delta', id: 'txt-0', delta: 's.' },
      { type: 'text-end', id: 'txt-0' },
    ]);
    assert.equal(urls[0], '/help/payment');
  });

  test('passes each piece on as it comes', async () => {
    const { agent } = await start((response) => begin(response, 'First'));
    const reply = agent.reply(turnOf('Hi'))[Symbol.asyncIterator]();
    assert.equal((await reply.next()).value?.type, 'text-start');
    assert.deepEqual((await reply.next()).value, { type: 'text-delta', id: 'txt-0', delta: 'First' });
    await reply.return?.();
  });

  test('names no source where nothing fits', async () => {
    const { agent, server } = await start(answerYes, { knowledge });
    assert.deepEqual((await replyOf(agent, turnOf('Who won the election?'))).urls, []);
    assert.match(server.requests[0]?.body.messages[0]?.content ?? '', /No passage of the help centre fits/);
  });

  test('an answer that was cut by its own length is an answer', async () => {
    const { agent } = await start((response) => {
      begin(response, 'Long');
      finish(response, 'length');
    });
    assert.equal((await replyOf(agent, turnOf('Hi'))).text, 'Long');
  });
});

describe('when the model fails', () => {
  const body = { error: { message: `Incorrect key ${apiKey} for internal-host.example`, type: 'x' } };
  const refusals: readonly (readonly [number, ModelErrorCode])[] = [
    [400, 'model_unavailable'],
    [401, 'model_unauthorized'],
    [403, 'model_unauthorized'],
    [404, 'model_unavailable'],
    [429, 'model_rate_limited'],
    [500, 'model_unavailable'],
    [503, 'model_unavailable'],
  ];
  for (const [status, code] of refusals) {
    test(`status ${status} is ${code}, and neither key nor body is in the error`, async (context) => {
      const printed = context.mock.method(console, 'error', () => undefined);
      const { agent } = await start((response) => refuse(response, status, body));
      const { error, parts } = await failureOf(agent);
      assert.deepEqual([error.code, error.status], [code, status]);
      assert.deepEqual(parts, []);
      const told =
        inspect(error, { depth: 20, showHidden: true, getters: true }) + JSON.stringify(error) + String(error.stack);
      assert.doesNotMatch(told, /secret|internal-host|Bearer|127\.0\.0\.1/);
      assert.equal(error.cause, undefined);
      assert.equal(printed.mock.callCount(), 0);
    });
  }

  test('a server that is not there is model_unavailable', async () => {
    const { agent, server } = await start(answerYes);
    await server.close();
    running = undefined;
    assert.equal((await failureOf(agent)).error.code, 'model_unavailable');
  });

  test('a second attempt answers after a failure that passes', async () => {
    const { agent, server } = await start(
      (response, count) =>
        count === 1 ? refuse(response, 503, body, { 'retry-after-ms': '1' }) : answerYes(response, count),
      { maxRetries: 1 },
    );
    assert.equal((await replyOf(agent, turnOf('Hi'))).text, 'Yes.');
    assert.equal(server.requests.length, 2);
  });

  test('attempts have an end, and a refused key is not tried again', async () => {
    const statuses = [429, 401];
    for (const [at, code] of (['model_rate_limited', 'model_unauthorized'] as const).entries()) {
      const { agent, server } = await start(
        (response) => refuse(response, statuses[at] ?? 500, body, { 'retry-after-ms': '1' }),
        { maxRetries: 1 },
      );
      assert.equal((await failureOf(agent)).error.code, code);
      assert.equal(server.requests.length, at === 0 ? 2 : 1);
      await server.close();
      running = undefined;
    }
  });

  const cuts: readonly (readonly [string, Script])[] = [
    [
      'its socket is destroyed',
      (response) => {
        begin(response, 'Half');
        setImmediate(() => response.destroy());
      },
    ],
    [
      'it ends cleanly without a reason to finish',
      (response) => {
        begin(response, 'Half');
        response.end();
      },
    ],
    [
      'it says [DONE] without a reason to finish',
      (response) => {
        begin(response, 'Half');
        response.end('data: [DONE]\n\n');
      },
    ],
    [
      'a frame is no JSON',
      (response) => {
        begin(response, 'Half');
        response.write('data: {"choices":[{"delta":{"content":"x"\n\n');
        finish(response);
      },
    ],
    [
      'a frame has another shape',
      (response) => {
        begin(response, 'Half');
        response.write('data: {"choices":"none"}\n\n');
        finish(response);
      },
    ],
    [
      'it reports an error in between',
      (response) => {
        begin(response, 'Half');
        response.write(`data: ${JSON.stringify(body)}\n\n`);
        finish(response);
      },
    ],
  ];
  for (const [what, script] of cuts) {
    test(`cut in the middle, ${what}: model_cut after the text so far`, async () => {
      const { agent } = await start(script, { knowledge });
      const { error, parts } = await failureOf(agent, turnOf('Can I pay with Klarna?'));
      assert.equal(error.code, 'model_cut');
      assert.equal(textIn(parts), 'Half');
      assert.ok(!parts.some(({ type }) => type === 'source-url'));
      assert.doesNotMatch(inspect(error, { depth: 20, showHidden: true }), /secret|internal-host/);
    });
  }

  test('a page instead of a stream is no answer', async () => {
    const { agent } = await start((response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Welcome</h1>'),
    );
    assert.equal((await failureOf(agent)).error.code, 'model_cut');
  });

  test('an answer without text is model_empty', async () => {
    const { agent } = await start((response) => {
      begin(response);
      finish(response);
    });
    assert.equal((await failureOf(agent)).error.code, 'model_empty');
  });
});

describe('when the model is slow', () => {
  test('no first piece in time is model_timeout, and the request is closed', async () => {
    const { agent, server } = await start(() => undefined, { firstPieceTimeoutMs: 20 });
    assert.equal((await failureOf(agent)).error.code, 'model_timeout');
    await server.hungUp();
  });

  test('headers alone are no first piece', async () => {
    const { agent } = await start((response) => begin(response), { firstPieceTimeoutMs: 20 });
    assert.equal((await failureOf(agent)).error.code, 'model_timeout');
  });

  test('the time counts over all attempts', async () => {
    const { agent } = await start((response) => refuse(response, 503, {}, { 'retry-after': '30' }), {
      firstPieceTimeoutMs: 20,
      maxRetries: 1,
    });
    assert.equal((await failureOf(agent)).error.code, 'model_timeout');
  });

  test('no next piece in time is model_timeout, with the text so far', async () => {
    const { agent, server } = await start((response) => begin(response, 'Half'), { idleTimeoutMs: 20 });
    const { error, parts } = await failureOf(agent);
    assert.equal(error.code, 'model_timeout');
    assert.equal(textIn(parts), 'Half');
    await server.hungUp();
  });

  test('slow is not too slow: what comes within its time is waited for', async () => {
    const { agent } = await start(
      (response) => {
        begin(response, 'Ye');
        setTimeout(() => {
          response.write('data: {"choices":[{"index":0,"delta":{"content":"s."},"finish_reason":"stop"}]}\n\n');
          response.end();
        }, 30);
      },
      { firstPieceTimeoutMs: 5_000, idleTimeoutMs: 5_000 },
    );
    assert.equal((await replyOf(agent, turnOf('Hi'))).text, 'Yes.');
  });
});

describe('when the turn ends early', () => {
  test('an abort in the middle closes the request to the model and ends the reply without an error', async () => {
    const controller = new AbortController();
    const { agent, server } = await start((response) => begin(response, 'Half'), { knowledge });
    const parts: ContentPart[] = [];
    for await (const part of agent.reply(turnOf('Can I pay with Klarna?', { signal: controller.signal }))) {
      parts.push(part);
      if (part.type === 'text-delta') controller.abort();
    }
    assert.deepEqual(
      parts.map(({ type }) => type),
      ['text-start', 'text-delta'],
    );
    await server.hungUp();
  });

  test('an abort before the first piece closes the request', async () => {
    const controller = new AbortController();
    const { agent, server } = await start(() => controller.abort());
    assert.deepEqual((await replyOf(agent, turnOf('Hi', { signal: controller.signal }))).parts, []);
    await server.hungUp();
  });

  test('a turn that was aborted already asks nobody', async () => {
    const { agent, server } = await start(answerYes);
    assert.deepEqual((await replyOf(agent, turnOf('Hi', { signal: AbortSignal.abort() }))).parts, []);
    assert.equal(server.requests.length, 0);
  });

  test('a reader that goes away closes the request', async () => {
    const { agent, server } = await start((response) => begin(response, 'Half'));
    for await (const part of agent.reply(turnOf('Hi'))) if (part.type === 'text-delta') break;
    await server.hungUp();
  });
});
