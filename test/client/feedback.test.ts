import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { code, isIdle, setUp } from './support/set-up.ts';
import { problemResponse, type Tab } from './support/world.ts';

const isFeedback = (request: Request) => request.url.endsWith('/feedback');
const feedbackIn = ({ client }: Tab) => client.snapshot.messages.at(-1)?.metadata?.feedback;

async function ask(t: TestContext) {
  const all = await setUp(t);
  await all.tab.client.send('hello');
  await all.tab.until(isIdle);
  const answer = all.tab.client.snapshot.messages.at(-1)?.id ?? '';
  const later = async (): Promise<Tab> => {
    const tab = all.world.open();
    t.after(() => tab.client.close());
    tab.client.load();
    await tab.until(({ messages }) => messages.length === 2);
    return tab;
  };
  return { ...all, answer, later };
}

test('an answer is judged at once, the server keeps it, and the page hears of it without the comment', async (t) => {
  const { tab, answer, later } = await ask(t);
  const given = tab.client.feedback(answer, 'down', 'It is late.');
  await tab.until(() => feedbackIn(tab) !== undefined);
  assert.deepEqual(feedbackIn(tab), { rating: 'down', comment: 'It is late.' });
  await given;
  assert.deepEqual(feedbackIn(await later()), { rating: 'down', comment: 'It is late.' });
  assert.deepEqual(
    tab.events.filter(({ name }) => name === 'feedback-given'),
    [{ name: 'feedback-given', detail: { id: answer, rating: 'down' } }],
  );
  await tab.client.feedback(answer, null);
  assert.equal(feedbackIn(tab), undefined);
  assert.equal(feedbackIn(await later()), undefined);
});

test('what the server does not take is shown as it was before', async (t) => {
  const { tab, answer, world } = await ask(t);
  await tab.client.feedback(answer, 'up');
  world.intercept(isFeedback, async () => problemResponse(404, 'message_not_found'));
  await assert.rejects(tab.client.feedback(answer, 'down'), code('message_not_found'));
  assert.deepEqual(feedbackIn(tab), { rating: 'up' });
});

test('a server that is away for a moment is asked again', async (t) => {
  const { tab, answer, world, later } = await ask(t);
  world.intercept(isFeedback, async () => problemResponse(503, 'unavailable'), 2);
  await tab.client.feedback(answer, 'up');
  assert.deepEqual(feedbackIn(await later()), { rating: 'up' });
});

test('of several words the last one counts, in whatever order the server answers', async (t) => {
  const { tab, answer, world, later } = await ask(t);
  await tab.client.feedback(answer, null);
  const first = Promise.withResolvers<void>();
  world.intercept(isFeedback, async (_, pass) => {
    await first.promise;
    return pass();
  });
  const words = [
    tab.client.feedback(answer, 'up'),
    tab.client.feedback(answer, null),
    tab.client.feedback(answer, 'down'),
  ];
  await tab.until(() => feedbackIn(tab)?.rating === 'down');
  first.resolve();
  await Promise.all(words);
  assert.deepEqual(feedbackIn(tab), { rating: 'down' });
  assert.deepEqual(feedbackIn(await later()), { rating: 'down' });
});

test('A8 what was judged as the visitor changed is neither shown nor said as the next one', async (t) => {
  const { tab, answer, world, sign } = await ask(t);
  await tab.client.identify(sign());
  await tab.until(isIdle);
  world.intercept(isFeedback, () => new Promise<Response>(() => undefined));
  const given = tab.client.feedback(answer, 'up');
  await tab.until(() => feedbackIn(tab) !== undefined);
  while (!world.requests.some(isFeedback)) await new Promise(setImmediate);
  await Promise.all([assert.rejects(given, code('superseded')), tab.client.identify(sign({ sub: 'eve' }))]);
  await tab.until(({ history, identity }) => history === 'ready' && identity.state === 'verified');
  assert.deepEqual(tab.texts(), []);
  assert.equal(world.requests.filter(isFeedback).length, 1);
});
