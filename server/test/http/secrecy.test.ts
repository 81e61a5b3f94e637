import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { allFrames, newSession, secret, sendBody, startServer } from './harness.ts';

const text = 'a-very-private-question-about-my-order';

for (const id of ['H16', 'Wo13']) {
  test(`${id} no token, secret, session or message stands in any log line, and none but the message in the database`, async (t) => {
    const { send, sign, logged, server, agent, dataDirectory } = await startServer(t);
    const good = sign({ name: 'Ada' });
    const tokens = [
      good,
      sign({ sub: 'bob' }, { lifetimeSeconds: -900 }),
      sign({}, { secret: 'y'.repeat(32) }),
      'eyJub3QiOiJhIn0.dG9rZW4tYXQtYWxs.x',
    ];
    const session = newSession();
    for (const token of tokens) {
      await send('/identity', { method: 'POST', token, session });
      await allFrames(await send('/chat', { token, session, body: sendBody(text, { metadata: { note: text } }) }));
      await send(`/conversations?limit=${token}&token=${token}`, { token, session });
      await send(`/${token}/${session}`, { method: 'POST', body: `{"token":"${token}"` });
      await send('http://chat.example/api/widget/verify-jwt', { body: { token, botId: token } });
      await send('http://chat.example/api/widget/verify-jwt', { body: `{"token":${token}` });
    }
    await allFrames(await send('/chat', { session, body: sendBody(text) }));
    const holding = agent.hold();
    const broken = await send('/chat', { token: good, body: sendBody(text) });
    (await holding).fail(new Error(`could not use ${good}`));
    await allFrames(broken);
    await send('/logout', { method: 'POST', token: good, session });
    await server.close();
    const log = logged();
    const hidden = [
      ...tokens,
      ...tokens.map((token) => token.split('.')[2] ?? token).filter((part) => part.length > 8),
      secret,
      session,
    ];
    for (const word of [...hidden, text]) assert.ok(!log.includes(word), `the log holds ${word}`);
    assert.match(log, /could not use \[token\]/);
    const files = await readdir(dataDirectory);
    const stored = Buffer.concat(await Promise.all(files.map((file) => readFile(join(dataDirectory, file)))));
    assert.ok(stored.includes(text));
    for (const word of hidden) assert.ok(!stored.includes(word), `the database holds ${word}`);
  });
}

test('a log line says what was asked, by whom in kind, and how it went', async (t) => {
  const { send, sign, logged } = await startServer(t);
  const response = await send('/conversations?limit=5', { token: sign() });
  const line = JSON.parse(logged().trim().split('\n').at(-1) ?? '') as { durationMs: unknown };
  assert.partialDeepStrictEqual(line, {
    level: 'info',
    msg: 'request',
    requestId: response.headers.get('x-request-id'),
    method: 'GET',
    route: '/v1/agents/:agentId/conversations',
    status: 200,
    agentId: 'shop',
    source: 'verified',
    // The first twelve hexadecimal digits of SHA-256 of "ada".
    subjectHash: 'fdee430d40bd',
  });
  assert.equal(typeof line.durationMs, 'number');
});
