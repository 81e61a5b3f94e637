import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { allFrames, json, newSession, sendBody, startServer, textIn, userMessage } from './harness.ts';

const knowledge = fileURLToPath(new URL('../../../demo/articles', import.meta.url));
const fromConfiguration = { agentFor: () => undefined };

test('a visitor who asks for a human is told, and so is everybody who reads the conversation', async (t) => {
  const { send } = await startServer(t, { agent: { knowledge }, server: fromConfiguration });
  const session = newSession();
  const body = sendBody('Can I talk to a human?');
  assert.match(textIn(await allFrames(await send('/chat', { session, body }))), /I have asked a person/);
  type Messages = { messages: { parts: { type: string; data?: unknown }[] }[] };
  const { messages } = await json<Messages>(await send(`/conversations/${body.id}/messages`, { session }));
  assert.deepEqual(messages.at(-1)?.parts, [{ type: 'data-handoff', data: { state: 'requested' } }]);
  const again = { id: body.id, messages: [userMessage('talk to a human')], trigger: 'submit-message' };
  assert.match(textIn(await allFrames(await send('/chat', { session, body: again }))), /asked already/);
});

test('where the configuration turns it off, nobody is asked', async (t) => {
  const { send } = await startServer(t, { agent: { knowledge, handoff: false }, server: fromConfiguration });
  const session = newSession();
  const body = sendBody('Can I talk to a human?');
  const frames = await allFrames(await send('/chat', { session, body }));
  assert.ok(!frames.some(({ data }) => data.includes('"tool-')), JSON.stringify(frames));
  const { messages } = await json<{ messages: object[] }>(
    await send(`/conversations/${body.id}/messages`, { session }),
  );
  assert.ok(!JSON.stringify(messages).includes('data-handoff'));
});
