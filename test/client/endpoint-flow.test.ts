import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OtherBackend } from '../../server/test/other-backends/serve.ts';
import { lastBody, setUpEndpoint, sign } from './support/endpoint.ts';
import { code, isIdle } from './support/set-up.ts';
import type { Tab } from './support/world.ts';

const types: readonly OtherBackend['type'][] = ['ai-sdk', 'openai', 'ag-ui'];

/** What the model is told, whatever the protocol: role and text of each message. */
function told({ requests }: OtherBackend): readonly string[] {
  const { messages } = lastBody(requests) as {
    messages: readonly { role: string; content?: string; parts?: readonly { type: string; text?: string }[] }[];
  };
  return messages.map(({ role, content, parts }) => `${role}: ${content ?? parts?.map(({ text }) => text).join('')}`);
}

const bearers = ({ requests }: OtherBackend) => requests.map(({ headers }) => headers.authorization);
const stored = (tab: ReadonlyMap<string, string>) => [...tab.values()].join();

/** Text that is added to an answer makes no snapshot. */
async function reads({ texts }: Tab, text: string): Promise<void> {
  while (texts().at(-1) !== text) await new Promise(setImmediate);
}

const foundBy = async ({ client }: Tab, query: string) =>
  (await client.searchConversations(query)).conversations.map(({ title }) => title);

for (const type of types) {
  test(`${type}: a message is answered as it streams, and the next one takes the whole conversation along`, async (t) => {
    const { tab, backend, ask, world } = await setUpEndpoint(t, type);
    tab.client.load();
    await tab.until(({ agent }) => agent !== undefined);
    assert.equal(tab.client.snapshot.agent?.name, 'Fern');
    assert.equal(tab.client.snapshot.agent?.greeting, 'Hi!');
    const sent = tab.client.send('Where is my order?');
    const pen = await backend.next();
    pen.say('It is ');
    await sent;
    await tab.until(({ reply }) => reply === 'streaming');
    pen.say('on its way.');
    pen.finish();
    await tab.until(isIdle);
    assert.deepEqual(tab.texts(), ['Where is my order?', 'It is on its way.']);
    await ask('When does it come?', 'Tomorrow.');
    assert.deepEqual(tab.texts(), ['Where is my order?', 'It is on its way.', 'When does it come?', 'Tomorrow.']);
    assert.deepEqual(told(backend), [
      'user: Where is my order?',
      'assistant: It is on its way.',
      'user: When does it come?',
    ]);
    // Both have a time, by the browser's clock, and the backend is not told of it.
    for (const { metadata } of tab.client.snapshot.messages) {
      const at = Date.parse(metadata?.createdAt ?? metadata?.begunHereAt ?? '');
      assert.ok(Math.abs(at - world.clock.now) < 60_000, `${at} of ${world.clock.now}`);
    }
    assert.ok(!JSON.stringify(lastBody(backend.requests)).includes('begunHereAt'));
    assert.deepEqual(
      tab.events.map(({ name }) => name).filter((name) => name.startsWith('message')),
      ['message-sending', 'message-sent', 'message-received', 'message-sending', 'message-sent', 'message-received'],
    );
  });

  test(`${type}: requests have no header of ours, and go nowhere else`, async (t) => {
    const { tab, backend, world, ask } = await setUpEndpoint(t, type);
    tab.client.load();
    await tab.client.identify(sign('ada'));
    await ask('Hi', 'Hello');
    await tab.client.logout();
    assert.deepEqual(
      world.requests.map(({ method, url }) => [method, url]),
      [['POST', backend.url]],
    );
    const [request] = world.requests;
    assert.deepEqual([...(request?.headers.keys() ?? [])].toSorted(), ['authorization', 'content-type']);
    assert.equal(request?.credentials, 'omit');
    assert.equal(request?.redirect, 'error');
  });

  test(`${type}: H1 a token goes along with every message, and is never said to be verified`, async (t) => {
    const { tab, backend, ask } = await setUpEndpoint(t, type);
    const token = sign('ada');
    assert.deepEqual(await tab.client.identify(token), { state: 'forwarded' });
    await ask('One', 'Yes');
    const sent = tab.client.send('Two');
    const pen = await backend.next();
    assert.equal(pen.subject, 'ada');
    pen.finish();
    await sent;
    await tab.until(isIdle);
    assert.deepEqual(bearers(backend), [`Bearer ${token}`, `Bearer ${token}`]);
    assert.deepEqual(
      tab.snapshots.filter(({ identity }) => identity.state === 'verified'),
      [],
    );
    assert.ok(!stored(tab.tab).includes(token));
  });

  test(`${type}: "Stop" hangs up, and what was said stays`, async (t) => {
    const { tab, backend } = await setUpEndpoint(t, type);
    const sent = tab.client.send('Tell me a story');
    const pen = await backend.next();
    pen.say('Once upon');
    await sent;
    await reads(tab, 'Once upon');
    tab.client.stop();
    await tab.until(isIdle);
    await pen.hungUp;
    assert.equal(tab.client.snapshot.messages.at(-1)?.status, 'stopped');
    assert.deepEqual(tab.texts(), ['Tell me a story', 'Once upon']);
    assert.equal(backend.requests.length, 1);
  });

  test(`${type}: an answer that fails says so, and nothing of why`, async (t) => {
    const { tab, backend } = await setUpEndpoint(t, type);
    const sent = tab.client.send('Tell me a story');
    const pen = await backend.next();
    pen.say('Once upon');
    await sent;
    pen.fail();
    await tab.until(isIdle);
    const reply = tab.client.snapshot.messages.at(-1);
    assert.equal(reply?.status, 'failed');
    assert.ok(!JSON.stringify(tab.snapshots).includes('sk-123'));
    tab.client.regenerate(reply?.id ?? '');
    const again = await backend.next();
    again.say('There was a fern.');
    again.finish();
    await tab.until(isIdle);
    assert.deepEqual(tab.texts(), ['Tell me a story', 'There was a fern.']);
    assert.equal(tab.client.snapshot.messages.at(-1)?.status, 'complete');
    assert.deepEqual(told(backend), ['user: Tell me a story']);
  });

  test(`${type}: an error of the backend is not tried again by itself, and the message is kept`, async (t) => {
    const { tab, backend } = await setUpEndpoint(t, type);
    backend.refuse(500);
    await assert.rejects(tab.client.send('Hello?'), code('internal'));
    assert.equal(backend.requests.length, 1);
    const [message] = tab.client.snapshot.messages;
    assert.equal(message?.delivery, 'failed');
    assert.equal(message?.failure?.retryable, true);
    tab.client.retry(message?.id ?? '');
    (await backend.next()).finish();
    await tab.until(isIdle);
    assert.equal(tab.client.snapshot.messages[0]?.delivery, 'sent');
  });

  test(`${type}: a backend that is away for a moment is asked again`, async (t) => {
    const { tab, backend, ask } = await setUpEndpoint(t, type);
    backend.refuse(503, 2);
    await ask('Hello?', 'Hi');
    assert.equal(backend.requests.length, 3);
    assert.equal(tab.client.snapshot.connection, 'online');
  });

  test(`${type}: Wo18 a token that the backend refuses is renewed once, and the message is sent once`, async (t) => {
    const { tab, backend } = await setUpEndpoint(t, type);
    const tokens = [sign('ada'), sign('ada')];
    let asked = 0;
    await tab.client.identify(async () => tokens[asked++] ?? sign('ada'));
    backend.refuse(401);
    const sent = tab.client.send('My order?');
    const pen = await backend.next();
    pen.say('Sent.');
    pen.finish();
    await sent;
    await tab.until(isIdle);
    assert.deepEqual(
      bearers(backend),
      tokens.map((token) => `Bearer ${token}`),
    );
    assert.equal(asked, 2);
    assert.deepEqual(tab.texts(), ['My order?', 'Sent.']);
    assert.equal(tab.client.snapshot.identity.state, 'forwarded');
    // One that was taken may be renewed again, once its own time is over.
    backend.refuse(401);
    const later = tab.client.send('And now?');
    (await backend.next()).finish();
    await later;
    assert.equal(asked, 3);
  });

  test(`${type}: Wo18 a renewed token that is refused too ends the sign-in; the message waits for the next one`, async (t) => {
    const { tab, backend } = await setUpEndpoint(t, type);
    let asked = 0;
    await tab.client.identify(async () => {
      asked += 1;
      return sign('ada');
    });
    backend.refuse(401, 2);
    await assert.rejects(tab.client.send('My order?'), code('invalid_token'));
    assert.equal(tab.client.snapshot.identity.state, 'expired');
    assert.equal(asked, 2);
    assert.equal(backend.requests.length, 2);
    assert.deepEqual(tab.texts(), ['My order?']);
    await tab.client.identify(sign('ada'));
    const pen = await backend.next();
    pen.say('Sent.');
    pen.finish();
    await tab.until(isIdle);
    assert.deepEqual(tab.texts(), ['My order?', 'Sent.']);
  });

  test(`${type}: a backend for signed-in visitors only asks for a sign-in`, async (t) => {
    const { tab, backend } = await setUpEndpoint(t, type);
    backend.refuse(401);
    await assert.rejects(tab.client.send('My order?'), code('no_permission'));
    assert.equal(tab.client.snapshot.access, 'denied');
    assert.equal(tab.client.snapshot.identity.state, 'anonymous');
    await tab.client.identify(sign('ada'));
    await tab.until(({ access }) => access === 'allowed');
  });

  test(`${type}: A8 another visitor sees and sends nothing of the one before`, async (t) => {
    const { tab, backend, ask } = await setUpEndpoint(t, type);
    await tab.client.identify(sign('ada'));
    await ask('a secret of Ada', 'noted for Ada');
    const sent = tab.client.send('still running for Ada');
    sent.catch(() => undefined);
    const pen = await backend.next();
    pen.say('half of it');
    await tab.until(({ reply }) => reply === 'streaming');
    const switched = tab.client.identify(sign('grace'));
    assert.deepEqual(tab.texts(), [], 'gone in the same task');
    assert.ok(!/Ada|half/.test(stored(tab.tab)));
    await switched;
    await pen.hungUp;
    tab.client.load();
    await ask('of Grace', 'Hello Grace');
    assert.deepEqual(told(backend), ['user: of Grace']);
    assert.deepEqual(tab.texts(), ['of Grace', 'Hello Grace']);
    assert.ok(!JSON.stringify(backend.requests.at(-1)).includes('Ada'));
  });

  test(`${type}: A9 a logout leaves nothing, here and in the other tabs`, async (t) => {
    const { tab, open, ask } = await setUpEndpoint(t, type);
    await tab.client.identify(sign('ada'));
    await ask('a secret of Ada', 'noted for Ada');
    const other = open();
    t.after(() => other.client.close());
    await other.client.identify(sign('ada'));
    await ask('another secret of Ada', 'noted for Ada as well', other);
    const out = tab.client.logout();
    assert.deepEqual(tab.texts(), []);
    await out;
    await other.until(({ messages }) => messages.length === 0);
    for (const { tab: storage, client } of [tab, other]) {
      assert.ok(!/secret|noted/.test(stored(storage)));
      assert.equal(client.snapshot.identity.state, 'anonymous');
      client.load();
    }
    await tab.until(({ history }) => history === 'ready');
    assert.deepEqual(tab.client.snapshot.conversations, []);
  });

  test(`${type}: A10 the conversation of an anonymous visitor survives a reload of its tab, and no other`, async (t) => {
    const { tab, world, open, backend, ask } = await setUpEndpoint(t, type);
    await ask('before the reload', 'and its answer');
    world.leave();
    tab.client.close();
    const reloaded = open({ tab: tab.tab });
    const elsewhere = open();
    t.after(() => [reloaded, elsewhere].forEach(({ client }) => client.close()));
    for (const { client } of [reloaded, elsewhere]) client.load();
    await reloaded.until(({ messages }) => messages.length === 2);
    await elsewhere.until(({ history }) => history === 'ready');
    assert.deepEqual(reloaded.texts(), ['before the reload', 'and its answer']);
    assert.deepEqual(elsewhere.texts(), []);
    await ask('and after it', 'still here', reloaded);
    assert.deepEqual(told(backend), ['user: before the reload', 'assistant: and its answer', 'user: and after it']);
  });

  test(`${type}: A10 what a signed-in visitor said comes back for the same one, and nobody else`, async (t) => {
    const { tab, open, ask } = await setUpEndpoint(t, type);
    await tab.client.identify(sign('ada'));
    await ask('a secret of Ada', 'noted for Ada');
    tab.client.close();
    const storage = new Map(tab.tab);
    const visit = async (sub?: string) => {
      const visit = open({ tab: new Map(storage) });
      t.after(() => visit.client.close());
      if (sub !== undefined) await visit.client.identify(sign(sub));
      visit.client.load();
      await visit.until(({ agent, history }) => agent !== undefined && history === 'ready');
      return visit;
    };
    assert.deepEqual((await visit('ada')).texts(), ['a secret of Ada', 'noted for Ada']);
    assert.deepEqual((await visit()).texts(), []);
    const grace = await visit('grace');
    assert.deepEqual(grace.texts(), []);
    assert.ok(!/secret|noted/.test(stored(grace.tab)));
  });

  test(`${type}: a visitor who signs in goes on with the conversation, which is theirs from then on`, async (t) => {
    const { tab, backend, ask } = await setUpEndpoint(t, type);
    await ask('before the sign-in', 'yes');
    await tab.client.identify(sign('ada'));
    await tab.until(({ history }) => history === 'ready');
    await ask('and after it', 'yes, Ada');
    assert.equal(told(backend).length, 3);
    assert.deepEqual(bearers(backend).map(Boolean), [false, true]);
    await tab.client.identify(sign('grace'));
    assert.deepEqual(tab.texts(), []);
    assert.ok(!stored(tab.tab).includes('before the sign-in'));
  });

  test(`${type}: earlier conversations of the tab can be gone back to`, async (t) => {
    const { tab, ask } = await setUpEndpoint(t, type);
    await ask('first', 'one');
    const { conversationId } = tab.client.snapshot;
    tab.client.newConversation();
    await ask('second', 'two');
    tab.client.openConversation(conversationId);
    await tab.until(({ messages }) => messages.length === 2);
    assert.deepEqual(tab.texts(), ['first', 'one']);
    assert.deepEqual(await foundBy(tab, 'ONE first'), ['first']);
    assert.deepEqual(await foundBy(tab, 'one second'), []);
    await tab.client.renameConversation(conversationId, 'My own title');
    assert.deepEqual(await foundBy(tab, 'own'), ['My own title']);
    await ask('third', 'three');
    assert.deepEqual(await foundBy(tab, ''), ['My own title', 'second']);
  });

  test(`${type}: the list of conversations shows an answer's words without Markdown's signs, and the visitor's as typed`, async (t) => {
    const { tab, ask } = await setUpEndpoint(t, type);
    await ask('**is** it?', '**It** is [here](/help)');
    await tab.client.searchConversations('');
    const [row] = tab.client.snapshot.conversations;
    assert.deepEqual([row?.title, row?.lastMessage], ['**is** it?', 'It is here']);
  });

  test(`${type}: an edited message takes the place of the last one, and of its answer`, async (t) => {
    const { tab, backend, ask } = await setUpEndpoint(t, type);
    tab.client.load();
    await tab.until(({ agent }) => agent?.features['edit'] === true);
    await ask('first', 'one');
    await ask('secnod', 'pardon?');
    const edited = tab.client.editLast(tab.client.snapshot.messages[2]?.id ?? '', 'second');
    const pen = await backend.next();
    pen.say('two');
    pen.finish();
    await edited;
    await tab.until(isIdle);
    assert.deepEqual(told(backend), ['user: first', 'assistant: one', 'user: second']);
    assert.deepEqual(tab.texts(), ['first', 'one', 'second', 'two']);
  });
}

for (const type of ['openai', 'ag-ui'] as const) {
  test(`${type}: an answer that is cut off keeps what was said, and can be asked for again`, async (t) => {
    const { tab, backend } = await setUpEndpoint(t, type);
    const sent = tab.client.send('Tell me a story');
    const pen = await backend.next();
    pen.say('Once upon');
    await sent;
    await reads(tab, 'Once upon');
    pen.cut();
    await tab.until(isIdle);
    assert.equal(tab.client.snapshot.messages.at(-1)?.status, 'interrupted');
    assert.deepEqual(tab.texts(), ['Tell me a story', 'Once upon']);
    assert.equal(tab.client.snapshot.connection, 'online');
    assert.equal(backend.requests.length, 1);
  });

  test(`${type}: an answer that a reload interrupts keeps what was said`, async (t) => {
    const { tab, backend, open, world } = await setUpEndpoint(t, type);
    const sent = tab.client.send('Tell me a story');
    const pen = await backend.next();
    pen.say('Once upon');
    await sent;
    await reads(tab, 'Once upon');
    world.leave();
    tab.client.close();
    const reloaded = open({ tab: tab.tab });
    t.after(() => reloaded.client.close());
    reloaded.client.load();
    await reloaded.until(({ messages }) => messages.at(-1)?.status === 'interrupted');
    assert.deepEqual(reloaded.texts(), ['Tell me a story', 'Once upon']);
  });
}
