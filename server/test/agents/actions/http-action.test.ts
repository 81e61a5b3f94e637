import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { describe, test, type TestContext } from 'node:test';
import jwt from 'jsonwebtoken';
import { actionSettingsSchema, createHttpAction, type Action } from '../../../src/agents/index.ts';
import { callAction, parseInput, type ActionResult } from '../../../src/agents/actions/call-action.ts';
import { actingTurn, nobody, person } from './action-turns.ts';
import { sendJson, startHost, type Host } from './host.ts';

const secret = 'a secret of the actions that is long enough';

function settings(url: string, changes: object = {}) {
  return { name: 'orders', description: 'Orders', access: 'verified', url: `${url}/orders`, ...changes };
}

function actionAt(url: string, changes: object = {}): Action {
  return createHttpAction(actionSettingsSchema.parse(settings(url, changes)), secret);
}

async function run(action: Action, raw: unknown = {}, user = person('ada')) {
  const parsed = parseInput(action, raw);
  assert.ok(parsed.ok);
  const { turn, runs } = actingTurn('?', user);
  return { result: await callAction(action, parsed.input, 'call-1', turn), runs, turn };
}

async function outcomeFor(
  test: TestContext,
  answer: (response: ServerResponse) => void,
  changes: object = {},
): Promise<{ readonly result: ActionResult; readonly host: Host; readonly error: unknown }> {
  const host = await startHost(test, answer);
  const { result, runs } = await run(actionAt(host.url, changes));
  return { result, host, error: runs[0]?.error };
}

describe('an action that calls the host', () => {
  test('B13 W5 W9 names the user, the action and the input in a token that the host can check', async (t) => {
    const host = await startHost(t, (response) => sendJson(response, { message: 'ok' }));
    const action = actionAt(host.url, { input: { properties: { order: { type: 'string' } } } });
    const user = person('ada', { metadata: { plan: 'club' } });
    const withMetadata = { ...user, metadata: { plan: 'club' } } as typeof user;
    const { result, turn } = await run(action, { order: 'F-1' }, withMetadata);
    assert.deepEqual(result, { kind: 'done', output: { message: 'ok' } });

    const [request] = host.requests;
    assert.equal(request?.method, 'POST');
    assert.equal(request?.body, '{"order":"F-1"}');
    assert.equal(request.headers['idempotency-key'], 'call-1');
    const { header, payload } = jwt.verify((request.headers.authorization ?? '').slice('Bearer '.length), secret, {
      algorithms: ['HS256'],
      audience: host.url,
      issuer: 'chat-widget',
      complete: true,
    });
    assert.equal(header.typ, 'chat-action+jwt');
    assert.ok(typeof payload === 'object');
    const { iat = 0, exp = 0, jti, ...claims } = payload;
    assert.equal(exp - iat, 60);
    assert.ok(jti);
    assert.deepEqual(claims, {
      iss: 'chat-widget',
      aud: host.url,
      sub: 'ada',
      email: 'ada@shop.example',
      name: 'ada',
      metadata: { plan: 'club' },
      verified: true,
      action: 'orders',
      agent: 'demo',
      conversation: turn.conversationId,
      tool_call: 'call-1',
      input_sha256: createHash('sha256').update('{"order":"F-1"}').digest('hex'),
    });
  });

  test('B1 says of an unknown visitor that nobody is verified', async (t) => {
    const host = await startHost(t, (response) => sendJson(response, {}));
    await run(actionAt(host.url, { access: 'public' }), {}, nobody);
    const payload = jwt.decode((host.requests[0]?.headers.authorization ?? '').slice('Bearer '.length));
    assert.ok(typeof payload === 'object' && payload !== null);
    assert.equal(payload['verified'], false);
    assert.equal(payload.sub, undefined);
  });

  test('sends the input of a GET in the query, and its hash in the token', async (t) => {
    const host = await startHost(t, (response) => sendJson(response, []));
    const input = { properties: { b: { type: 'string' }, a: { type: 'integer' } } };
    await run(actionAt(host.url, { method: 'GET', input }), { b: 'x&y=1#?', a: 2 });
    const query = 'a=2&b=x%26y%3D1%23%3F';
    assert.equal(host.requests[0]?.url, `/orders?${query}`);
    const payload = jwt.decode((host.requests[0]?.headers.authorization ?? '').slice('Bearer '.length));
    assert.ok(typeof payload === 'object' && payload !== null);
    assert.equal(payload['input_sha256'], createHash('sha256').update(query).digest('hex'));
  });

  test('takes plain text, an empty answer and JSON', async (t) => {
    const text = await outcomeFor(t, (response) => {
      response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' });
      response.end('On its way.');
    });
    assert.deepEqual(text.result, { kind: 'done', output: 'On its way.' });
    const empty = await outcomeFor(t, (response) => response.writeHead(204).end());
    assert.deepEqual(empty.result, { kind: 'done', output: null });
  });

  const faults: readonly (readonly [string, (response: ServerResponse) => void])[] = [
    ['500', (response) => sendJson(response, { message: 'a secret of the shop' }, 500)],
    ['404', (response) => sendJson(response, { message: 'a secret of the shop' }, 404)],
    ['a redirect', (response) => response.writeHead(302, { location: '/elsewhere' }).end()],
    ['JSON that is none', (response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"a":')],
    ['a page', (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>Log in</p>')],
    ['no type', (response) => response.writeHead(200).end('{}')],
    [
      'no UTF-8',
      (response) => response.writeHead(200, { 'content-type': 'text/plain' }).end(Buffer.from([0xff, 0xfe])),
    ],
    [
      'too much',
      (response) => {
        response.writeHead(200, { 'content-type': 'text/plain' });
        response.end('x'.repeat(64 * 1024 + 1));
      },
    ],
    [
      'a broken connection',
      (response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
        response.write('{"a":');
        setImmediate(() => response.destroy());
      },
    ],
  ];
  for (const [name, answer] of faults) {
    test(`fails on ${name}, and says nothing of what the host answered`, async (t) => {
      const { result, host, error } = await outcomeFor(t, answer);
      assert.deepEqual(result, { kind: 'failed' });
      assert.equal(host.requests.length, 1);
      assert.ok(error instanceof Error);
      assert.doesNotMatch(`${error.stack} ${JSON.stringify(error)}`, /a secret of the shop|127\.0\.0\.1|eyJ/);
    });
  }

  test('gives up a host that does not answer, or does not end', async (t) => {
    const slow: readonly ((response: ServerResponse) => void)[] = [
      () => undefined,
      (response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.write('{');
      },
    ];
    for (const answer of slow) {
      const startedMs = performance.now();
      const { result } = await outcomeFor(t, answer, { timeoutMs: 100 });
      assert.deepEqual(result, { kind: 'failed' });
      assert.ok(performance.now() - startedMs < 2_000);
    }
  });

  test('fails where nobody listens', async () => {
    const { result } = await run(actionAt('http://127.0.0.1:1'));
    assert.deepEqual(result, { kind: 'failed' });
  });
});

describe('the settings of an action', () => {
  const accepts = (changes: object): boolean =>
    actionSettingsSchema.safeParse(settings('https://shop.example', changes)).success;

  test('calls go over https, or to this machine, to one plain address', () => {
    for (const url of ['https://shop.example/a', 'http://localhost:3000/a', 'http://127.0.0.1/a', 'http://[::1]:1/a']) {
      assert.ok(accepts({ url }), url);
    }
    const bad = [
      'http://shop.example/a',
      'http://127.0.0.1.evil.example/',
      'http://localhost.evil.example/',
      'ftp://shop.example/',
      'file:///etc/passwd',
      'https://user:password@shop.example/',
      'https://shop.example/?a=1',
      'https://shop.example/#a',
      'shop.example',
      '',
    ];
    for (const url of bad) assert.equal(accepts({ url }), false, url);
  });

  test('what it does not know it refuses', () => {
    for (const changes of [
      { access: 'all' },
      { method: 'DELETE' },
      { allows: {} },
      { timeoutMs: 0 },
      { signingSecret: 'short' },
      { name: '1' },
      { input: { properties: { a: { type: 'object' } } } },
      { input: { properties: { a: { type: 'string', format: 'email' } } } },
      { input: { properties: {}, required: ['a'] } },
      { input: { properties: { a: { type: 'string', pattern: '(' } } } },
      { input: { properties: { a: { type: 'string', enum: ['b'], default: 'c' } } } },
      { input: { properties: { a: { type: 'string' } }, additionalProperties: true } },
    ]) {
      assert.equal(accepts(changes), false, JSON.stringify(changes));
    }
  });

  test('a property is not called as what every object has, which would count as given', () => {
    for (const name of ['constructor', 'toString', 'valueOf', 'hasOwnProperty', '__proto__']) {
      const input: unknown = JSON.parse(`{"properties":{"order":{"type":"string"},"${name}":{"type":"string"}}}`);
      const parsed = actionSettingsSchema.safeParse(settings('https://shop.example', { input }));
      assert.deepEqual(
        parsed.error?.issues.map(({ path, message }) => [path.join('.'), message]),
        [['input.properties', `"${name}" is a name that every object has already: choose another`]],
      );
    }
    assert.ok(accepts({ input: { properties: { prototype: { type: 'string' }, construct: { type: 'string' } } } }));
  });

  test('W11 a rule needs verified visitors', () => {
    const allow = { claim: 'plan', equals: 'club' };
    assert.ok(accepts({ allow }));
    assert.equal(accepts({ allow, access: 'public' }), false);
  });

  test('an input has the properties that it describes, and no others', () => {
    const action = actionAt('https://shop.example', {
      input: {
        properties: {
          order: { type: 'string', pattern: '^F-\\d+$' },
          count: { type: 'integer', minimum: 1, maximum: 3 },
          reason: { type: 'string', enum: ['late', 'broken'] },
          gift: { type: 'boolean', default: false },
        },
        required: ['order'],
      },
    });
    assert.deepEqual(parseInput(action, { order: 'F-1' }), { ok: true, input: { order: 'F-1', gift: false } });
    for (const raw of [
      {},
      { order: 'G-1' },
      { order: 1 },
      { order: 'F-1', count: 4 },
      { order: 'F-1', count: 1.5 },
      { order: 'F-1', reason: 'bored' },
      { order: 'F-1', user: { sub: 'eve' } },
      [],
      null,
      'F-1',
    ]) {
      assert.equal(parseInput(action, raw).ok, false, JSON.stringify(raw));
    }
    assert.deepEqual(parseInput(action, {}), { ok: false, missing: ['order'] });
  });

  test('finds the input in a message where the properties say how', () => {
    const action = actionAt('https://shop.example', {
      input: {
        properties: {
          about: { type: 'string', fromMessage: true },
          order: { type: 'string', fromMessage: 'F-\\d{5}' },
          count: { type: 'integer', fromMessage: '\\d+(?= pots)' },
          other: { type: 'string' },
        },
      },
    });
    const message = 'Cancel f-12345 and 3 pots';
    assert.deepEqual(action.inputFrom(message), { about: message, order: 'f-12345', count: 3 });
    assert.deepEqual(action.inputFrom('Hello'), { about: 'Hello' });
  });
});
