import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { DefaultChatTransport, readUIMessageStream, type UIMessage } from 'ai';
import { decodeStreamPart } from '../../../src/protocol/index.ts';
import {
  allFrames,
  collect,
  framesOf,
  json,
  newSession,
  problem,
  sendBody,
  startServer,
  textIn,
  userMessage,
} from './harness.ts';

type Messages = { messages: { id: string; role: string; metadata: { status: string }; parts: { text: string }[] }[] };

test('a reply is a stream of the protocol’s parts, numbered from 1 without gaps, and ends with [DONE]', async (t) => {
  const { send } = await startServer(t);
  const response = await send('/chat', { session: newSession(), body: sendBody('hello') });
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('content-type'), 'text/event-stream');
  assert.equal(response.headers.get('cache-control'), 'no-cache');
  assert.equal(response.headers.get('x-vercel-ai-ui-message-stream'), 'v1');
  assert.equal(response.headers.get('x-accel-buffering'), 'no');
  const frames = await allFrames(response);
  assert.equal(frames.at(-1)?.data, '[DONE]');
  const parts = frames.slice(0, -1).map(({ data }) => decodeStreamPart(data));
  assert.ok(parts.every((part) => typeof part === 'object'));
  const start = parts[0];
  assert.ok(typeof start === 'object' && start.type === 'start' && start.messageId !== undefined);
  assert.deepEqual(
    frames.slice(0, -1).map(({ id }) => id),
    parts.map((_, at) => `${start.messageId}:${at + 1}`),
  );
  assert.equal(textIn(frames), 'You said: hello');
});

test('an AI SDK client sends, reads the stream strictly, and resumes', async (t) => {
  const { send, server, agent } = await startServer(t);
  const session = newSession();
  const transport = new DefaultChatTransport<UIMessage>({
    api: 'http://chat.example/v1/agents/shop/chat',
    headers: { 'x-chat-session': session },
    fetch: async (url, init) => server.fetch(new Request(url instanceof Request ? url : String(url), init)),
  });
  const chatId = 'aB3dE6gH9jK2mN5p';
  const question: UIMessage = { id: 'zY8xW7vU6tS5rQ4p', role: 'user', parts: [{ type: 'text', text: 'hello' }] };
  const holding = agent.hold();
  const stream = await transport.sendMessages({
    chatId,
    messages: [question],
    trigger: 'submit-message',
    messageId: undefined,
    abortSignal: undefined,
  });
  const reply = await holding;
  reply.say('From the ');
  const again = await transport.reconnectToStream({ chatId });
  assert.ok(again !== null);
  reply.say('start.');
  reply.finish();
  for (const one of [stream, again]) {
    const messages = await collect(readUIMessageStream({ stream: one, terminateOnError: true }));
    const texts = messages.at(-1)?.parts.filter((part) => part.type === 'text');
    assert.deepEqual(
      texts?.map(({ text, state }) => ({ text, state })),
      [{ text: 'From the start.', state: 'done' }],
    );
  }
  assert.equal(await transport.reconnectToStream({ chatId }), null);
  const regenerated = await transport.sendMessages({
    chatId,
    messages: [question],
    trigger: 'regenerate-message',
    messageId: undefined,
    abortSignal: undefined,
  });
  await collect(readUIMessageStream({ stream: regenerated, terminateOnError: true }));
  const { messages } = await json<Messages>(await send(`/conversations/${chatId}/messages`, { session }));
  assert.deepEqual(
    messages.map(({ parts }) => parts[0]?.text),
    ['hello', 'You said: hello'],
  );
});

test('a message is stored before the first byte of its answer leaves', async (t) => {
  const { send, agent } = await startServer(t);
  const session = newSession();
  const holding = agent.hold();
  const body = sendBody('keep this');
  const response = await send('/chat', { session, body });
  const stored = await json<Messages>(await send(`/conversations/${body.id}/messages`, { session }));
  assert.equal(stored.messages[0]?.parts[0]?.text, 'keep this');
  (await holding).finish();
  await allFrames(response);
});

test('twenty identical sends at once make one message, one reply, and twenty equal streams', async (t) => {
  const { send, agent } = await startServer(t);
  const session = newSession();
  const body = sendBody('only once');
  const responses = await Promise.all(Array.from({ length: 20 }, () => send('/chat', { session, body })));
  const streams = await Promise.all(responses.map(allFrames));
  assert.equal(agent.turns.length, 1);
  for (const frames of streams) assert.deepEqual(frames, streams[0]);
  const { messages } = await json<Messages>(await send(`/conversations/${body.id}/messages`, { session }));
  assert.equal(messages.length, 2);
});

test('the same message again replays its finished reply; the same id with another text is a conflict', async (t) => {
  const { send, agent } = await startServer(t);
  const session = newSession();
  const body = sendBody('first', { messages: [userMessage('first', 'm-1')] });
  const first = await allFrames(await send('/chat', { session, body }));
  const second = await allFrames(await send('/chat', { session, body }));
  assert.deepEqual(second, first);
  assert.equal(agent.turns.length, 1);
  const other = await send('/chat', { session, body: { ...body, messages: [userMessage('other', 'm-1')] } });
  assert.partialDeepStrictEqual(await problem(other), { status: 409, code: 'message_conflict' });
});

test('a second message while a reply runs is refused as busy', async (t) => {
  const { send, agent } = await startServer(t);
  const session = newSession();
  const holding = agent.hold();
  const body = sendBody('first');
  const response = await send('/chat', { session, body });
  const busy = await send('/chat', { session, body: { ...body, messages: [userMessage('second')] } });
  assert.partialDeepStrictEqual(await problem(busy), { status: 409, code: 'conversation_busy' });
  (await holding).finish();
  await allFrames(response);
});

test('a reader who leaves stops nothing, and can read the rest from where it was', async (t) => {
  const { send, agent } = await startServer(t);
  const session = newSession();
  const body = sendBody('go on');
  const holding = agent.hold();
  const frames = framesOf(await send('/chat', { session, body }));
  const reply = await holding;
  reply.say('one ');
  const seen = [];
  for await (const frame of frames) {
    seen.push(frame);
    if (frame.data.includes('one ')) break;
  }
  reply.say('two');
  const lastId = seen.at(-1)?.id ?? '';
  const resumed = await send(`/chat/${body.id}/stream`, { session, headers: { 'last-event-id': lastId } });
  reply.finish();
  const rest = await allFrames(resumed);
  assert.equal(textIn(rest), 'two');
  const n = Number(lastId.split(':')[1]);
  assert.ok(rest[0]?.id?.endsWith(`:${n + 1}`));
  const idle = await send(`/chat/${body.id}/stream`, { session });
  assert.equal(idle.status, 204);
});

for (const lastEventId of ['', 'nonsense', 'another-message:3', 'another-message:99999999999', ':', '5']) {
  test(`a Last-Event-ID of "${lastEventId.slice(0, 20)}" reads the running reply from its beginning`, async (t) => {
    const { send, agent } = await startServer(t);
    const session = newSession();
    const body = sendBody('go on');
    const holding = agent.hold();
    const first = await send('/chat', { session, body });
    const reply = await holding;
    reply.say('all of it');
    const resumed = await send(`/chat/${body.id}/stream`, { session, headers: { 'last-event-id': lastEventId } });
    reply.finish();
    const [whole, again] = await Promise.all([allFrames(first), allFrames(resumed)]);
    assert.deepEqual(again, whole);
  });
}

test('stop keeps what there is of the reply and marks it stopped; again it changes nothing', async (t) => {
  const { send, agent } = await startServer(t);
  const session = newSession();
  const body = sendBody('talk');
  const holding = agent.hold();
  const frames = framesOf(await send('/chat', { session, body }));
  (await holding).say('half a');
  for await (const { data } of frames) if (data.includes('half a')) break;
  for (const _ of [1, 2]) {
    const stopped = await send(`/chat/${body.id}/stop`, { method: 'POST', session });
    assert.equal(stopped.status, 204);
  }
  const { messages } = await json<Messages>(await send(`/conversations/${body.id}/messages`, { session }));
  assert.equal(messages[1]?.parts[0]?.text, 'half a');
  assert.equal(messages[1].metadata.status, 'stopped');
});

test('regenerate replaces the reply that it names', async (t) => {
  const { send, agent } = await startServer(t);
  const session = newSession();
  const body = sendBody('again');
  const first = await allFrames(await send('/chat', { session, body }));
  const messageId = first[0]?.id?.split(':')[0];
  const again = await send('/chat', { session, body: { id: body.id, trigger: 'regenerate-message', messageId } });
  await allFrames(again);
  assert.equal(agent.turns.length, 2);
  const { messages } = await json<Messages>(await send(`/conversations/${body.id}/messages`, { session }));
  assert.equal(messages.length, 2);
  assert.notEqual(messages[1]?.id, messageId);
  const unknown = await send('/chat', {
    session,
    body: { id: body.id, trigger: 'regenerate-message', messageId: randomUUID() },
  });
  assert.partialDeepStrictEqual(await problem(unknown), { status: 404, code: 'message_not_found' });
});

test('an agent that throws fails its reply with a fixed sentence; the reason is in the log alone', async (t) => {
  const { send, agent, logged } = await startServer(t);
  const holding = agent.hold();
  const response = await send('/chat', { session: newSession(), body: sendBody('break') });
  (await holding).fail(new Error('the cupboard is bare'));
  const text = JSON.stringify(await allFrames(response));
  assert.match(text, /\\"type\\":\\"error\\"/);
  assert.doesNotMatch(text, /cupboard/);
  assert.match(logged(), /the cupboard is bare/);
});

test('a silent stream is kept awake by comments', async (t) => {
  const { send, agent } = await startServer(t, { server: { keepAliveMs: 5 } });
  const holding = agent.hold();
  const response = await send('/chat', { session: newSession(), body: sendBody('wait') });
  const reply = await holding;
  let text = '';
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    if (text.includes(': keep-alive\n\n')) reply.finish();
  }
  assert.match(text, /: keep-alive\n\n/);
  assert.ok(text.endsWith('data: [DONE]\n\n'));
});
