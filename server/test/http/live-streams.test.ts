import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test, type TestContext } from 'node:test';
import { createLiveStreams, type Lifeline, type LiveStanding } from '../../src/http/live-streams.ts';

const good = { state: 'good', expiresAt: null } as const;
const lapsed = { state: 'lapsed', why: 'revoked' } as const;

/** Live streams whose notifications the test sends itself. */
function setUp(t: TestContext) {
  const listeners = new Map<string, (payload: string) => void>();
  const streams = createLiveStreams({
    notifier: {
      publish: async () => {},
      subscribe: (channel, listener) => {
        listeners.set(channel, listener);
        return () => listeners.delete(channel);
      },
    },
    clock: () => 0,
    checkIntervalMs: 60_000,
    maxEventsPerOwner: 3,
  });
  t.after(() => streams.closeAll(0));
  return { streams, notify: (channel: string, payload: string) => listeners.get(channel)?.(payload), listeners };
}

function lifeline(changes: Partial<Lifeline> = {}): Lifeline {
  return {
    kind: 'events',
    agentId: 'a',
    ownerKey: 'a/subject/ada',
    revocationKeys: ['jti:1'],
    review: async () => good,
    ...changes,
  };
}

test('a stream whose token was revoked before anyone listened is ended when it is given out', async (t) => {
  const { streams } = setUp(t);
  const stream = await streams.open(lifeline({ review: async () => lapsed }));
  assert.ok(stream.signal.aborted);
  assert.equal(stream.end(), 'revoked');
  assert.equal(streams.count(), 0);
});

test('a stream is opened only after its revocation can be heard', async (t) => {
  const { streams, listeners } = setUp(t);
  const heard: boolean[] = [];
  await streams.open(
    lifeline({
      review: async () => {
        heard.push(listeners.has('revoked:a'));
        return good;
      },
    }),
  );
  assert.deepEqual(heard, [true]);
});

test('a revocation ends the streams of its key at its agent, and no others', async (t) => {
  const { streams, notify } = setUp(t);
  const mine = await streams.open(lifeline());
  const others = [
    await streams.open(lifeline({ revocationKeys: ['jti:2'] })),
    await streams.open(lifeline({ agentId: 'b' })),
  ];
  notify('revoked:a', 'jti:1');
  assert.equal(mine.end(), 'revoked');
  for (const other of others) assert.equal(other.signal.aborted, false);
});

for (const [cause, tell] of [
  ['an empty notification', ({ notify }: ReturnType<typeof setUp>) => notify('revoked:a', '')],
  ['a change that was noticed', ({ streams }: ReturnType<typeof setUp>) => streams.review('a')],
] as const) {
  test(`${cause} has every stream of the agent judged once more, and ends those that have lapsed with the reason`, async (t) => {
    const world = setUp(t);
    const standing: { now: LiveStanding } = { now: good };
    const reviewed: string[] = [];
    const open = (agentId: string, review: Lifeline['review']) =>
      world.streams.open(
        lifeline({
          agentId,
          review: () => {
            reviewed.push(agentId);
            return review();
          },
        }),
      );
    const lapsing = await open('a', async () => standing.now);
    const staying = await open('a', async () => good);
    await open('b', async () => good);
    reviewed.length = 0;
    standing.now = { state: 'lapsed', why: 'wrong_audience' };
    const ended = once(lapsing.signal, 'abort');
    tell(world);
    await ended;
    assert.equal(lapsing.end(), 'wrong_audience');
    assert.equal(staying.signal.aborted, false);
    assert.deepEqual(reviewed, ['a', 'a']);
  });
}

test('a stream of which nothing can be said any more is closed, and says nothing of its visitor', async (t) => {
  const { streams } = setUp(t);
  const keys: { away?: true } = {};
  const stream = await streams.open(
    lifeline({ review: () => (keys.away ? Promise.reject(new Error('no keys')) : Promise.resolve(good)) }),
  );
  keys.away = true;
  const ended = once(stream.signal, 'abort');
  streams.review('a');
  await ended;
  assert.equal(stream.end(), 'closing');
});

test('a stream of which the store can tell nothing is not given out', async (t) => {
  const { streams } = setUp(t);
  const failing = streams.open(lifeline({ review: () => Promise.reject(new Error('gone')) }));
  await assert.rejects(failing, /gone/);
  assert.equal(streams.count(), 0);
});

test('a server that goes down ends live events first, and replies when their time is over', async (t) => {
  const { streams } = setUp(t);
  const events = await streams.open(lifeline());
  const reply = await streams.open(lifeline({ kind: 'reply' }));
  streams.closeEvents();
  assert.equal(events.end(), 'closing');
  assert.equal(reply.signal.aborted, false);
  assert.equal((await streams.open(lifeline())).end(), 'closing');
  const closed = streams.closeAll(60_000);
  reply.close();
  await closed;
  const late = await streams.open(lifeline({ kind: 'reply' }));
  await streams.closeAll(0);
  assert.equal(late.end(), 'closing');
});

test('one live stream too many of a visitor ends the oldest, so that forgotten tabs never lock a new one out', async (t) => {
  const { streams } = setUp(t);
  const reply = await streams.open(lifeline({ kind: 'reply' }));
  const other = await streams.open(lifeline({ ownerKey: 'a/subject/bob' }));
  const tabs = [];
  for (let tab = 0; tab < 5; tab++) tabs.push(await streams.open(lifeline()));
  assert.deepEqual(
    tabs.map(({ end }) => end()),
    ['replaced', 'replaced', undefined, undefined, undefined],
  );
  assert.equal(reply.end(), undefined);
  assert.equal(other.end(), undefined);
});
