import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { createTool, jsonOf } from '../../server/test/cli/tool.ts';
import type { TokenSource } from '../../src/client/index.ts';
import { bearerOf, isIdle, setUp } from './support/set-up.ts';

/** A client with one exchange, signed in by a key that the command line can take away. */
async function signedIn(t: TestContext, sourceOf: (sign: (secret: string) => string, first: string) => TokenSource) {
  const setting = await setUp(t, { agent: { keys: undefined } });
  const { tab, world, sign, dataDirectory } = setting;
  const tool = createTool({ dataDirectory });
  const create = async (id: string) => {
    const made = tool(['keys', 'create', '--agent', 'shop', '--json', '--id', id]);
    return (await jsonOf<{ readonly secret: string }>(made)).secret;
  };
  const secret = await create('first');
  tab.client.load();
  await tab.client.identify(sourceOf((key) => sign({}, { secret: key }), secret));
  await tab.client.send('a question');
  await tab.until(isIdle);
  const retire = async () => assert.equal((await tool(['keys', 'retire', '--agent', 'shop', 'first'])).error, '');
  return { ...setting, tab, world, create, retire };
}

const texts = ['a question', 'You said: a question'];

test('A14 whose key is retired reads so without asking, and keeps the conversation for a token of the new one', async (t) => {
  const { tab, create, retire, sign } = await signedIn(t, (signWith, first) => signWith(first));
  const newer = await create('second');
  await retire();
  const { identity } = await tab.until(({ identity: { state } }) => state !== 'verified');
  assert.deepEqual(identity, { state: 'rejected', reason: 'invalid_signature' });
  assert.deepEqual(tab.texts(), texts);
  assert.equal((await tab.client.identify(sign({}, { secret: newer }))).state, 'verified');
  assert.deepEqual(tab.texts(), texts);
});

test('A14 whose page has a function for tokens goes on with a token of the new one, and loses nothing', async (t) => {
  const using: { secret?: string } = {};
  const source = (signWith: (secret: string) => string, first: string): TokenSource => {
    return () => Promise.resolve(signWith(using.secret ?? first));
  };
  const { tab, world, create, retire } = await signedIn(t, source);
  const { length } = tab.snapshots;
  using.secret = await create('second');
  const old = world.requests.map(bearerOf).at(-1);
  const listening = Promise.withResolvers<void>();
  world.intercept(
    (request) => request.url.endsWith('/events') && bearerOf(request) !== old,
    (_request, pass) => pass().finally(listening.resolve),
  );
  await retire();
  await listening.promise;
  const states = new Set(tab.snapshots.slice(length).map(({ identity }) => identity.state));
  assert.deepEqual([...states].toSorted(), ['verified', 'verifying']);
  assert.equal(tab.client.snapshot.identity.state, 'verified');
  assert.deepEqual(tab.texts(), texts);
});
