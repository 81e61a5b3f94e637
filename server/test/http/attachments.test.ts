import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { eventually } from '../storage/test-stores.ts';
import { fileBody, png, startFileServer, withFiles } from './attachment-harness.ts';
import { allFrames, framesOf, json, newSession, problem, sendBody, startServer, textIn } from './harness.ts';

type Messages = {
  messages: { id: string; role: string; parts: { type: string; url?: string; filename?: string }[] }[];
};

const idOf = (url: string): string => url.split('/').at(-1) ?? '';
const path = (url: string): string => `/attachments/${idOf(url)}`;

test('a file is taken in, and read by its owner alone, as something to be saved', async (t) => {
  const { attach, send, kept } = await startFileServer(t);
  const session = newSession();
  const file = await attach({ session }, { name: '../Bild "ü".png' });
  assert.deepEqual(file, {
    id: idOf(file.url),
    filename: 'Bild _ü_.png',
    mediaType: 'image/png',
    bytes: png.byteLength,
    url: `http://chat.example/v1/agents/shop/attachments/${file.id}`,
  });
  assert.match(file.id, /^[0-9a-f]{8}-[0-9a-f]{4}-4/);
  assert.deepEqual(await kept(), [file.id], 'the folder knows ids alone');
  const response = await send(path(file.url), { session });
  assert.equal(response.status, 200);
  assert.deepEqual(Buffer.from(await response.arrayBuffer()), png);
  const headers = Object.fromEntries(response.headers);
  assert.partialDeepStrictEqual(headers, {
    'content-type': 'image/png',
    'content-length': String(png.byteLength),
    'content-disposition': `attachment; filename="Bild __.png"; filename*=UTF-8''Bild%20_%C3%BC_.png`.replace(
      'Bild __',
      'Bild ___',
    ),
    'content-security-policy': "sandbox; default-src 'none'",
    'x-content-type-options': 'nosniff',
    'cache-control': 'private, no-store',
  });
});

test('somebody else’s file answers what one that does not exist answers', async (t) => {
  const { attach, send, sign } = await startFileServer(t);
  const session = newSession();
  const file = await attach({ session });
  const body = fileBody('mine', [file.url]);
  await allFrames(await send('/chat', { session, body }));
  const asked = async (at: string, who: object, method: string) => {
    const response = await send(at, { ...who, method });
    const { requestId: _, ...said } = (await response.json()) as { requestId: string };
    return { status: response.status, said };
  };
  for (const who of [{ session: newSession() }, { token: sign() }]) {
    for (const method of ['GET', 'DELETE']) {
      const [foreign, missing, nonsense] = [path(file.url), `/attachments/${randomUUID()}`, '/attachments/..%2f..%2fx'];
      const answer = await asked(foreign, who, method);
      assert.partialDeepStrictEqual(answer, { status: 404, said: { code: 'attachment_not_found' } });
      assert.deepEqual(await asked(missing, who, method), answer);
      assert.deepEqual(await asked(nonsense, who, method), answer);
    }
  }
  assert.equal((await send(path(file.url), { session })).status, 200);
  assert.equal((await send(path(file.url), { session, method: 'DELETE' })).status, 404, 'sent is sent');
});

test('a file reaches the agent, and the history, as the server knows it', async (t) => {
  const { attach, send, agent } = await startFileServer(t);
  const session = newSession();
  const file = await attach({ session }, { name: 'real.png' });
  const body = { ...fileBody('', [file.url]), metadata: {} };
  assert.equal(textIn(await allFrames(await send('/chat', { session, body }))), 'You said: ');
  const { url, mediaType } = file;
  const part = { type: 'file', mediaType, filename: 'real.png', url };
  const stored = { ...part, url: new URL(url).pathname };
  assert.deepEqual(agent.turns[0]?.history.at(-1)?.parts, [stored], 'the host of a request is not believed');
  assert.deepEqual(Buffer.from((await agent.turns[0]?.readFile?.(stored.url, 1_000)) ?? []), png);
  const content = await agent.turns[0]?.readFile?.(url, 1_000);
  assert.deepEqual(Buffer.from(content ?? []), png);
  assert.equal(await agent.turns[0]?.readFile?.(url, 10), undefined, 'larger than was asked for');
  const { messages } = await json<Messages>(await send(`/conversations/${body.id}/messages`, { session }));
  assert.deepEqual(messages[0]?.parts, [part]);
  const { conversations } = await json<{ conversations: { title: string }[] }>(
    await send('/conversations', { session }),
  );
  assert.equal(conversations[0]?.title, 'real.png');
});

test('an agent reads no file of another conversation', async (t) => {
  const { attach, send, agent } = await startFileServer(t);
  const [ada, eve] = [newSession(), newSession()];
  const file = await attach({ session: ada });
  await allFrames(await send('/chat', { session: ada, body: fileBody('mine', [file.url]) }));
  await allFrames(await send('/chat', { session: eve, body: sendBody('theirs') }));
  assert.equal(await agent.turns[1]?.readFile?.(file.url, 1_000), undefined);
});

test('a message with a file that is not its sender’s is refused, and nothing of it is stored', async (t) => {
  const { attach, send, agent } = await startFileServer(t);
  const [ada, eve] = [newSession(), newSession()];
  const [hers, own] = [await attach({ session: ada }), await attach({ session: eve })];
  const forged = [
    hers.url,
    own.url.replace('shop', 'other'),
    own.url.replace('http://chat.example', 'https://evil.example'),
    `${own.url}?x=1`,
    `${own.url}#x`,
    own.url.replace('http://', 'http://user@'),
    own.url.replace('http:', 'ftp:'),
    `http://chat.example/v1/agents/shop/attachments/${randomUUID()}`,
    'http://chat.example/v1/agents/shop/attachments/%2e%2e',
    'data:image/png;base64,AAAA',
    'javascript:alert(1)',
    '',
    `http://chat.example/${'a'.repeat(3_000)}`,
  ];
  for (const url of forged) {
    const body = fileBody('look', [url]);
    const refused = await problem(await send('/chat', { session: eve, body }));
    assert.partialDeepStrictEqual(refused, { status: 422, code: 'invalid_request' }, url);
    assert.match(JSON.stringify(refused), /messages\[0\]\.parts\[1\]\.url/);
    assert.equal((await send(`/conversations/${body.id}/messages`, { session: eve })).status, 404, url);
  }
  assert.equal(agent.turns.length, 0);
  for (const urls of [
    [own.url, own.url],
    [own.url, hers.url, own.url],
  ]) {
    assert.equal((await send('/chat', { session: eve, body: fileBody('look', urls) })).status, 422);
  }
  assert.equal((await send('/chat', { session: eve, body: fileBody('look', [own.url]) })).status, 200);
});

test('a message with its file sent again reads the same reply; another message has no part in the file', async (t) => {
  const { attach, send, agent } = await startFileServer(t);
  const session = newSession();
  const file = await attach({ session });
  const body = fileBody('look', [file.url]);
  const first = textIn(await allFrames(await send('/chat', { session, body })));
  assert.equal(textIn(await allFrames(await send('/chat', { session, body }))), first);
  assert.equal(agent.turns.length, 1);
  const other = fileBody('look', [file.url]);
  assert.partialDeepStrictEqual(await problem(await send('/chat', { session, body: other })), {
    status: 422,
    code: 'invalid_request',
  });
  const sent = body.messages[0] as { id: string };
  const edit = { ...fileBody('look closer', [file.url]), id: body.id, messageId: sent.id };
  assert.equal((await send('/chat', { session, body: edit })).status, 200, 'what replaces the message may keep it');
});

test('files of types that are not taken, too large, empty or too many are refused, and nothing stays of them', async (t) => {
  const { upload, kept, send, sign } = await startFileServer(t);
  const session = newSession();
  const refusals = [
    [{ type: 'text/html', bytes: Buffer.from('<script>alert(1)</script>') }, 415, 'unsupported_type'],
    [{ type: 'image/svg+xml', bytes: Buffer.from('<svg/>') }, 415, 'unsupported_type'],
    [{ type: 'image/png', bytes: Buffer.from('%PDF-1.7\0') }, 415, 'unsupported_type'],
    [{ type: 'text/plain', bytes: Buffer.alloc(100_001, 'a') }, 413, 'too_large'],
    [{ type: 'text/plain', bytes: Buffer.alloc(0) }, 422, 'invalid_request'],
  ] as const;
  for (const [file, status, code] of refusals) {
    assert.partialDeepStrictEqual(await problem(await upload({ session }, file)), { status, code });
  }
  const token = sign({ sub: 'ada' });
  for (let count = 0; count < 8; count++) assert.equal((await upload({ token })).status, 201);
  const full = await upload({ token });
  assert.deepEqual([full.status, full.headers.get('retry-after')], [429, '5']);
  assert.equal((await kept()).length, 8);
  assert.equal((await send('/attachments', { method: 'POST', headers: {} })).status, 422, 'nobody’s');
});

test('what a client declares too small is counted as it arrives', async (t) => {
  const { upload, kept } = await startFileServer(t);
  const response = await upload(
    { session: newSession(), headers: { 'content-length': '10' } },
    { type: 'text/plain', bytes: Buffer.alloc(100_001, 'a') },
  );
  assert.equal(response.status, 413);
  assert.deepEqual(await kept(), []);
});

test('an unsent file can be taken back, is swept after a day, and one that was sent stays', async (t) => {
  const { attach, send, kept, clock, sign } = await startFileServer(t);
  const token = sign({}, { lifetimeSeconds: 86_000 });
  const [back, old, sent] = [await attach({ token }), await attach({ token }), await attach({ token })];
  assert.equal((await send(path(back.url), { token, method: 'DELETE' })).status, 204);
  assert.equal((await send(path(back.url), { token })).status, 404);
  await allFrames(await send('/chat', { token, body: fileBody('look', [sent.url]) }));
  assert.deepEqual((await kept()).toSorted(), [old.id, sent.id].toSorted());
  clock.now += 86_400_001;
  await eventually(async () => (await kept()).length === 1);
  const later = sign();
  assert.deepEqual(await kept(), [sent.id]);
  assert.equal((await send(path(sent.url), { token: later })).status, 200);
  assert.equal((await send('/chat', { token: later, body: fileBody('look', [old.url]) })).status, 422);
});

test('a file goes along when a conversation is claimed, and the session reads it no more', async (t) => {
  const { attach, send, sign } = await startFileServer(t);
  const [session, token] = [newSession(), sign()];
  const [sent, unsent] = [await attach({ session }), await attach({ session })];
  await allFrames(await send('/chat', { session, body: fileBody('look', [sent.url]) }));
  assert.equal((await send('/identity', { method: 'POST', session, token })).status, 200);
  for (const { url } of [sent, unsent]) {
    assert.equal((await send(path(url), { token })).status, 200);
    assert.equal((await send(path(url), { session })).status, 404);
    assert.equal((await send(path(url), { token: sign({ sub: 'eve' }) })).status, 404);
  }
});

test('a logout ends the reading of files, by token and by session', async (t) => {
  const { attach, send, sign, upload } = await startFileServer(t);
  const [session, token] = [newSession(), sign({ jti: 'one' })];
  const [mine, hers] = [await attach({ session }), await attach({ token })];
  await send('/logout', { method: 'POST', session, token });
  assert.equal((await send(path(mine.url), { session })).status, 422);
  assert.equal((await send(path(hers.url), { token })).status, 401);
  assert.equal((await upload({ session })).status, 422);
  assert.equal((await upload({ token })).status, 401);
  assert.equal(
    (await send(path(hers.url), { token: sign({ jti: 'two' }) })).status,
    200,
    'a new token of the same person',
  );
});

test('a logout while a file arrives keeps it from being', async (t) => {
  const { server, send, kept, sign } = await startFileServer(t);
  const token = sign({ jti: 'one' });
  const arriving = Promise.withResolvers<void>();
  const body = new ReadableStream({
    async pull(controller) {
      controller.enqueue(Buffer.from('half a '));
      await arriving.promise;
      controller.enqueue(Buffer.from('text'));
      controller.close();
    },
  });
  const request = new Request('http://chat.example/v1/agents/shop/attachments', {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'text/plain' },
    body,
    duplex: 'half',
  } as RequestInit);
  const answer = server.fetch(request);
  await send('/logout', { method: 'POST', token });
  arriving.resolve();
  assert.partialDeepStrictEqual(await problem(await answer), { status: 401, reason: 'revoked' });
  assert.deepEqual(await kept(), []);
});

test('uploads have a limit a minute, by visitor and by address, and of bytes', async (t) => {
  const perVisitor = await startFileServer(t, { config: { rateLimits: { uploadsPerVisitor: 1 } } });
  const session = newSession();
  await perVisitor.attach({ session });
  assert.equal((await perVisitor.upload({ session })).status, 429);
  assert.equal((await perVisitor.upload({ session: newSession() })).status, 201);
  for (const rateLimits of [{ uploadsPerAddress: 1 }, { uploadMebibytesPerAddress: 1 }]) {
    const { attach, upload } = await startFileServer(t, { config: { rateLimits } });
    await attach({ session: newSession() });
    assert.equal((await upload({ session: newSession() })).status, 429);
  }
});

test('where nothing is configured, or the agent takes none, there are no files', async (t) => {
  const off = { config: { attachments: { types: ['image/*'] } }, agent: { attachments: false } };
  for (const options of [{}, off]) {
    const { send } = await startServer(t, options);
    const session = newSession();
    const info = await json<{ features: { attachments: boolean }; limits: object }>(await send(''));
    assert.equal(info.features.attachments, false);
    assert.deepEqual(info.limits, { maxMessageCharacters: 8_000 });
    for (const method of ['POST', 'GET', 'DELETE']) {
      const at = method === 'POST' ? '/attachments' : `/attachments/${randomUUID()}`;
      assert.equal((await send(at, { method, session })).status, 404);
    }
    const url = `http://chat.example/v1/agents/shop/attachments/${randomUUID()}`;
    assert.equal(
      (await send('/chat', { session, body: sendBody('', { messages: [withFiles('x', [url])] }) })).status,
      422,
    );
  }
});

test('the agent says what may be attached', async (t) => {
  const { send } = await startFileServer(t);
  const info = await json<{ features: object; limits: object }>(await send(''));
  assert.partialDeepStrictEqual(info, {
    features: { attachments: true, feedback: true, edit: true, rename: true, search: true, typing: true },
    limits: { attachments: { maxBytes: 100_000, maxPerMessage: 2, types: ['image/*', 'text/plain'] } },
  });
});

test('refused files are counted in the audit log, many in one entry', async (t) => {
  const { upload, server, dataDirectory } = await startFileServer(t);
  for (let count = 0; count < 3; count++) await upload({ session: newSession() }, { bytes: Buffer.alloc(0) });
  await server.close();
  const { openStore } = await import('../../src/storage/index.ts');
  const store = await openStore({ dataDirectory });
  t.after(() => store.close());
  assert.partialDeepStrictEqual(await store.audit.list('shop', 9), [
    { kind: 'attachment-refused', reason: 'empty', detail: { count: 3 } },
  ]);
});

test('a host that a request names leads nobody else to it', async (t) => {
  const { attach, server, send } = await startFileServer(t);
  const session = newSession();
  const file = await attach({ session });
  const body = fileBody('look', [file.url.replace('chat.example', 'evil.example')]);
  const lie = new Request('http://evil.example/v1/agents/shop/chat', {
    method: 'POST',
    headers: { 'x-chat-session': session, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  await allFrames(await server.fetch(lie));
  const { messages } = await json<Messages>(await send(`/conversations/${body.id}/messages`, { session }));
  assert.equal(messages[0]?.parts.at(-1)?.url, file.url);
  const events = framesOf(await send('/events', { session, headers: { 'last-event-id': '0' } }));
  const first = await events.next();
  await events.return(undefined);
  assert.match(first.value?.data ?? '', /"url":"http:\/\/chat\.example\/v1\/agents\/shop\/attachments\//);
});

test('one address takes up no more than its share of the places for uploads', async (t) => {
  const { server, upload } = await startFileServer(t);
  const finish = Promise.withResolvers<void>();
  const begin = (): Promise<Response> => {
    const body = new ReadableStream({
      async pull(controller) {
        await finish.promise;
        controller.enqueue(Buffer.from('text'));
        controller.close();
      },
    });
    const headers = { 'x-chat-session': newSession(), 'content-type': 'text/plain' };
    const request = { method: 'POST', headers, body, duplex: 'half' } as RequestInit;
    return server.fetch(new Request('http://chat.example/v1/agents/shop/attachments', request), {
      remoteAddress: '192.0.2.1',
    });
  };
  const running = Array.from({ length: 8 }, begin);
  const ninth = await begin();
  assert.equal(ninth.status, 429);
  assert.equal((await upload({ session: newSession() })).status, 201, 'another address has room');
  finish.resolve();
  assert.deepEqual(new Set((await Promise.all(running)).map(({ status }) => status)), new Set([201]));
});
