import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { problemStatus } from '../../../src/protocol/index.ts';
import { newSession, problem, startServer, type Sent } from './harness.ts';

const paths = [
  '',
  '/identity',
  '/chat',
  '/chat/c/stream',
  '/chat/c/stop',
  '/conversations',
  '/conversations/c/messages',
  '/conversations/c/read',
  '/events',
  '/logout',
  'http://chat.example/api/widget/verify-jwt',
  'http://chat.example/widget/chat.js',
] as const;

/** What a header may hold at all (RFC 9110, section 5.5). */
const headerValue = fc.string({ unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)) });

const message = fc.record(
  {
    id: fc.oneof(fc.string(), fc.constant('m')),
    role: fc.constantFrom('user', 'assistant', 'system'),
    parts: fc.oneof(fc.jsonValue(), fc.array(fc.record({ type: fc.constantFrom('text', 'file'), text: fc.string() }))),
  },
  { requiredKeys: [] },
);
const shaped = fc.record(
  {
    id: fc.oneof(fc.constant('c'), fc.string()),
    trigger: fc.constantFrom('submit-message', 'regenerate-message', 'other'),
    messages: fc.oneof(fc.array(message), fc.jsonValue()),
    messageId: fc.oneof(fc.string(), fc.jsonValue()),
    metadata: fc.oneof(fc.jsonValue(), fc.dictionary(fc.string(), fc.jsonValue())),
    token: fc.oneof(fc.string(), fc.jsonValue()),
    botId: fc.oneof(fc.constant('shop'), fc.string()),
  },
  { requiredKeys: [] },
);
const body = fc.oneof(
  shaped.map((value) => JSON.stringify(value)),
  fc.json(),
  fc.string({ unit: 'binary' }),
);

const sent: fc.Arbitrary<Sent> = fc.record(
  {
    method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH'),
    session: fc.oneof(fc.constant(newSession()), headerValue),
    headers: fc.dictionary(
      fc.constantFrom(
        'authorization',
        'last-event-id',
        'origin',
        'x-chat-identity-source',
        'x-forwarded-for',
        'if-none-match',
        'accept-encoding',
      ),
      fc.oneof(headerValue, fc.constant('Bearer a.b.c'), fc.constant('https://shop.example')),
    ),
    body,
  },
  { requiredKeys: ['method'] },
);

test('whatever is sent to whichever call, the answer is one that the protocol names, and never 500', async (t) => {
  const { send, logged } = await startServer(t, {
    config: { rateLimits: { chatPerVisitor: 1_000_000, chatPerAddress: 1_000_000, otherPerAddress: 1_000_000 } },
  });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...paths), sent, async (path, { body: text, ...rest }) => {
      const hasBody = rest.method !== 'GET' && rest.method !== 'HEAD' && text !== undefined;
      const response = await send(path, hasBody ? { ...rest, body: text } : rest);
      if (response.status < 400 || rest.method === 'HEAD') {
        assert.ok([200, 204, 304, 401, 403, 404, 405, 422].includes(response.status));
        await response.body?.cancel();
        return;
      }
      const { code, status, type } = await problem(response);
      assert.equal(type, 'application/problem+json');
      assert.equal(problemStatus[code as keyof typeof problemStatus], status);
      assert.ok(status < 500, code);
    }),
    { numRuns: 400 },
  );
  assert.doesNotMatch(logged(), /"level":"error"/);
});
