import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { Problem } from '../../../src/protocol/index.ts';
import { createShop, startActionServer, talker } from './action-harness.ts';
import { startFileServer } from './attachment-harness.ts';
import { allFrames, json, newSession, problem, sendBody, startServer, type Harness } from './harness.ts';

const consent = (version: string) => ({ version, text: 'We keep what you write.' });
const form = { fields: [{ name: 'name' as const }, { name: 'email' as const }] };

test('a form that is filled in with what nobody sees is not filled in', async (t) => {
  const { send, agent } = await startServer(t, { agent: { form } });
  const say = (name: string, email: string) =>
    send('/chat', { session: newSession(), body: sendBody('hi', { metadata: { context: { name, email } } }) });
  for (const unseen of ['\u200B', '\u3164', '\u034F\u115F', '\u2800', '\u00AD \uFE0F', '\u0007', '\u{E0041}']) {
    for (const [name, email] of [
      [unseen, 'ada@shop.example'],
      ['Ada', `${unseen.trim()}@${unseen.trim()}`],
    ] as const) {
      const answer = await problem(await say(name, email));
      assert.partialDeepStrictEqual(answer, { status: 403, code: 'form_required' }, JSON.stringify([name, email]));
    }
  }
  assert.equal(agent.turns.length, 0);
  const answered = await say('Žofia \u2764\uFE0F', 'ada@shop.example');
  assert.equal(answered.status, 200);
  await allFrames(answered);
});

/** Somebody is asked whether an order shall be cancelled, by an agent that asks for other things when it comes back. */
async function askThenChange(t: TestContext, before: object, metadata: object, now: object) {
  const shop = createShop();
  const first = await startActionServer(t, shop, { agent: before });
  const token = first.sign();
  const body = sendBody('cancel my order F-1', { metadata });
  const frames = await allFrames(await first.send('/chat', { token, body }));
  const asked = frames.find(({ data }) => data.includes('tool-approval-request'));
  const { approvalId } = JSON.parse(asked?.data ?? '{}') as { approvalId?: string };
  assert.ok(approvalId);
  await first.server.close();
  const server: Harness = await startActionServer(t, shop, { agent: now, dataDirectory: first.dataDirectory });
  const answer = (sent: object) =>
    server.send(`/chat/${body.id}/approvals/${approvalId}`, { token, body: { approved: true, ...sent } });
  return { shop, server, answer };
}

test('an approval is answered under the terms that hold now, as a message is', async (t) => {
  const agreed = { consent: '1' };
  const { shop, answer } = await askThenChange(t, { consent: consent('1') }, agreed, { consent: consent('2') });
  for (const sent of [{}, { metadata: {} }, { metadata: agreed }, { metadata: { consent: ['2'] } }]) {
    const refused = await problem(await answer(sent));
    assert.partialDeepStrictEqual(refused, { status: 403, code: 'consent_required' }, JSON.stringify(sent));
  }
  assert.equal(shop.calls.length, 0);
  const approved = await answer({ metadata: { consent: '2' } });
  assert.equal(approved.status, 200);
  await allFrames(approved);
  assert.equal(shop.calls.length, 1);
});

test('metadata of an approval is bounded like that of a message', async (t) => {
  const { answer, shop } = await askThenChange(t, {}, {}, {});
  assert.equal((await answer({ metadata: 'x' })).status, 422);
  const large = await problem(await answer({ metadata: { data: 'x'.repeat(17_000) } }));
  assert.partialDeepStrictEqual(large, { status: 413, code: 'too_large' });
  assert.equal(shop.calls.length, 0);
});

test('an approval of a visitor whom nobody knows wants the form of them', async (t) => {
  const shop = createShop();
  const actions = shop.actions.map((action) => ({ ...action, access: 'public' as const }));
  const server = await startActionServer(t, { ...shop, actions }, { agent: { form } });
  const session = newSession();
  const metadata = { context: { name: 'Ada', email: 'ada@shop.example' } };
  const body = sendBody('cancel my order F-1', { metadata });
  const asked = await allFrames(await server.send('/chat', { session, body }));
  const approvalId = /"approvalId":"([^"]+)"/.exec(asked.map(({ data }) => data).join())?.[1] ?? '';
  const refused = await talker(server, { session }, body.id).answer(approvalId, true);
  assert.partialDeepStrictEqual(await problem(refused.response), { status: 403, code: 'form_required' });
  assert.equal(shop.calls.length, 0);
  const path = `/chat/${body.id}/approvals/${approvalId}`;
  await allFrames(await server.send(path, { session, body: { approved: true, metadata } }));
  assert.equal(shop.calls.length, 1);
});

/** As the header of an upload says what a message says in its metadata. */
const saying = (metadata: unknown) => ({ 'x-chat-metadata': encodeURIComponent(JSON.stringify(metadata)) });

test('a file is taken in once the agent’s terms are agreed to, by everybody', async (t) => {
  const { upload, kept, sign, attach } = await startFileServer(t, { agent: { consent: consent('2') } });
  for (const who of [{ session: newSession() }, { token: sign() }]) {
    for (const said of [undefined, {}, { consent: '1' }, { consent: ['2'] }]) {
      const headers = said === undefined ? {} : saying(said);
      const refused = await problem(await upload({ ...who, headers }));
      assert.partialDeepStrictEqual(refused, { status: 403, code: 'consent_required' }, JSON.stringify(said));
    }
  }
  assert.deepEqual(await kept(), []);
  for (const who of [{ session: newSession() }, { token: sign() }])
    await attach({ ...who, headers: saying({ consent: '2' }) });
  assert.equal((await kept()).length, 2);
});

test('a file of somebody who is not verified is taken in once they have filled in the form', async (t) => {
  const { upload, kept, sign, attach } = await startFileServer(t, { agent: { form } });
  const session = newSession();
  for (const context of [undefined, { name: 'Ada' }, { name: 'Ada', email: 'nonsense' }]) {
    const refused = await problem(await upload({ session, headers: saying({ context }) }));
    assert.partialDeepStrictEqual(refused, { status: 403, code: 'form_required' }, JSON.stringify(context));
  }
  assert.deepEqual(await kept(), []);
  await attach({ session, headers: saying({ context: { name: 'Žofia', email: 'ada@shop.example' } }) });
  await attach({ token: sign() });
});

test('what an upload says of its sender is read where it is asked for, and bounded as the metadata of a message', async (t) => {
  const asking = await startFileServer(t, { agent: { consent: consent('2') } });
  const session = newSession();
  for (const nonsense of ['{', '%', '%00', '[]', '"2"', 'null', encodeURIComponent('{"consent": "2"')]) {
    const refused = await asking.upload({ session, headers: { 'x-chat-metadata': nonsense } });
    const { status, errors } = await json<Problem>(refused);
    assert.equal(status, 422, nonsense);
    assert.equal(errors?.[0]?.path, 'X-Chat-Metadata', nonsense);
  }
  const large = await problem(
    await asking.upload({ session, headers: saying({ consent: '2', x: 'x'.repeat(17_000) }) }),
  );
  assert.partialDeepStrictEqual(large, { status: 413, code: 'too_large' });
  assert.deepEqual(await asking.kept(), []);
  const easy = await startFileServer(t);
  await easy.attach({ session, headers: { 'x-chat-metadata': '{' } });
});
