import { once } from 'node:events';
import type { Lapse, Standing } from '../identity/index.ts';
import type { Notifier } from '../storage/index.ts';

/** What has become of the visitor that a stream was opened by, and of their page. */
export type LiveStanding = Standing | { readonly state: 'lapsed'; readonly why: 'origin_not_allowed' };

/**
 * Why a stream was ended by the server. `replaced`: its visitor has opened more live streams than they may. `closing`: the
 * server goes down, or nothing can be said of the visitor any more.
 */
export type StreamEnd = Lapse | 'origin_not_allowed' | 'closing' | 'replaced';

/** What a stream lives by: when it goes, the stream ends. */
export type Lifeline = {
  /** Event streams end at once when the server goes down; replies that are being sent get time to finish. */
  readonly kind: 'events' | 'reply';
  readonly agentId: string;
  /** Whose stream it is, as the store names owners. */
  readonly ownerKey: string;
  /** Revocation key of the token that opened it, and `session:<hash>` of its session, as the notifier names them. */
  readonly revocationKeys: readonly string[];
  /** Judges its visitor once more, by what holds now. */
  readonly review: () => Promise<LiveStanding>;
};

export type LiveStream = {
  /** Aborted when the stream has to end, or was closed. */
  readonly signal: AbortSignal;
  /** Set once the server has ended it. */
  readonly end: () => StreamEnd | undefined;
  /** To be called when its reader has gone. */
  readonly close: () => void;
};

export type LiveStreams = {
  /** Rejects where the store does. A stream whose lifeline has gone already is ended when it is given out. */
  open(lifeline: Lifeline): Promise<LiveStream>;
  /** The agent's policy or keys were changed: judges the visitor of each of its streams once more. */
  review(agentId: string): void;
  count(): number;
  /** Ends all event streams, and every one that is opened from now on. */
  closeEvents(): void;
  /** Resolves when no stream is left: those that have not ended by themselves within `graceMs` are ended. */
  closeAll(graceMs: number): Promise<void>;
};

export type LiveStreamsOptions = {
  readonly notifier: Notifier;
  readonly clock: () => number;
  /** How often expiry is looked at, in milliseconds. By the clock and not by a timer per stream: machines sleep. */
  readonly checkIntervalMs: number;
  /** Live event streams of one owner. One more ends the oldest: forgotten tabs must not lock a new one out. */
  readonly maxEventsPerOwner: number;
};

type Entry = {
  readonly lifeline: Lifeline;
  readonly ended: Promise<void>;
  readonly finish: (end: StreamEnd | undefined) => void;
  /** As the last review said; milliseconds since the epoch, null where nothing expires. */
  expiresAt: number | null;
};

/** All event streams that this process has open, ended within a second of losing what they live by. */
export function createLiveStreams(options: LiveStreamsOptions): LiveStreams {
  const { notifier, clock, checkIntervalMs, maxEventsPerOwner } = options;
  const entries = new Set<Entry>();
  const subscriptions = new Map<string, () => void>();
  let closing = false;

  const endWhere = (end: StreamEnd, matches: (entry: Entry) => boolean): void => {
    for (const entry of [...entries]) if (matches(entry)) entry.finish(end);
  };
  const reviewAll = (agentId: string): void => {
    for (const entry of entries) if (entry.lifeline.agentId === agentId) void review(entry).catch(() => undefined);
  };
  const listen = (agentId: string): void => {
    if (subscriptions.has(agentId)) return;
    const stop = notifier.subscribe(`revoked:${agentId}`, (key) => {
      // Keys or policy were changed, or some notifications were missed.
      if (key === '') return reviewAll(agentId);
      endWhere('revoked', ({ lifeline }) => lifeline.agentId === agentId && lifeline.revocationKeys.includes(key));
    });
    subscriptions.set(agentId, stop);
  };
  const endOldest = (ownerKey: string): void => {
    const theirs = [...entries].filter(({ lifeline }) => lifeline.kind === 'events' && lifeline.ownerKey === ownerKey);
    for (const entry of theirs.slice(0, -maxEventsPerOwner)) entry.finish('replaced');
  };
  const isOver = ({ expiresAt }: Entry): boolean => expiresAt !== null && clock() >= expiresAt;
  const timer = setInterval(() => endWhere('expired', isOver), checkIntervalMs);
  timer.unref();

  const stopAll = (): void => {
    clearInterval(timer);
    endWhere('closing', () => true);
    for (const stop of subscriptions.values()) stop();
    subscriptions.clear();
  };

  return {
    async open(lifeline) {
      listen(lifeline.agentId);
      const stream = openStream(lifeline, entries);
      if (closing && lifeline.kind === 'events') stream.finish('closing');
      if (lifeline.kind === 'events') endOldest(lifeline.ownerKey);
      // Now that a revocation is heard: one may have come between the judgement of the request and this line.
      await review(stream);
      return stream;
    },
    review: reviewAll,
    count: () => entries.size,
    closeEvents() {
      closing = true;
      endWhere('closing', ({ lifeline }) => lifeline.kind === 'events');
    },
    async closeAll(graceMs) {
      const signal = AbortSignal.timeout(graceMs);
      await Promise.race([Promise.all([...entries].map(({ ended }) => ended)), once(signal, 'abort')]);
      stopAll();
    },
  };
}

/** Ends a stream whose lifeline has gone; one of which nothing can be known is closed. */
async function review(entry: Entry): Promise<void> {
  try {
    const standing = await entry.lifeline.review();
    if (standing.state === 'lapsed') entry.finish(standing.why);
    else entry.expiresAt = standing.expiresAt;
  } catch (error) {
    entry.finish('closing');
    throw error;
  }
}

function openStream(lifeline: Lifeline, entries: Set<Entry>): LiveStream & Entry {
  const controller = new AbortController();
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  let end: StreamEnd | undefined;
  const finish = (why: StreamEnd | undefined): void => {
    if (!entries.delete(entry)) return;
    end = why;
    controller.abort();
    resolve();
  };
  const entry = {
    lifeline,
    ended,
    finish,
    expiresAt: null,
    signal: controller.signal,
    end: () => end,
    close: () => finish(undefined),
  };
  entries.add(entry);
  return entry;
}
