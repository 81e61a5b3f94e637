import { once } from 'node:events';
import type { Notifier } from '../storage/index.ts';

/** Why a stream was ended by the server. `replaced`: its visitor has opened more live streams than they may. */
export type StreamEnd = 'revoked' | 'expired' | 'closing' | 'replaced';

/** What a stream lives by: when it goes, the stream ends. */
export type Lifeline = {
  /** Event streams end at once when the server goes down; replies that are being sent get time to finish. */
  readonly kind: 'events' | 'reply';
  readonly agentId: string;
  /** Whose stream it is, as the store names owners. */
  readonly ownerKey: string;
  /** Revocation key of the token that opened it, and `session:<hash>` of its session, as the notifier names them. */
  readonly revocationKeys: readonly string[];
  /** Milliseconds since the epoch; null where nothing expires. */
  readonly expiresAt: number | null;
  /** Asks the store whether it has gone. */
  readonly recheck: () => Promise<'revoked' | 'expired' | undefined>;
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
};

/** All event streams that this process has open, ended within a second of losing what they live by. */
export function createLiveStreams(options: LiveStreamsOptions): LiveStreams {
  const { notifier, clock, checkIntervalMs, maxEventsPerOwner } = options;
  const entries = new Set<Entry>();
  const subscriptions = new Map<string, () => void>();
  let closing = false;

  const endWhere = (end: StreamEnd, matches: (lifeline: Lifeline) => boolean): void => {
    for (const entry of [...entries]) if (matches(entry.lifeline)) entry.finish(end);
  };
  /** An empty notification says that some may have been missed. */
  const recheckAll = (agentId: string): void => {
    for (const entry of entries) if (entry.lifeline.agentId === agentId) void recheck(entry).catch(() => undefined);
  };
  const listen = (agentId: string): void => {
    if (subscriptions.has(agentId)) return;
    const stop = notifier.subscribe(`revoked:${agentId}`, (key) => {
      if (key === '') return recheckAll(agentId);
      endWhere('revoked', (lifeline) => lifeline.agentId === agentId && lifeline.revocationKeys.includes(key));
    });
    subscriptions.set(agentId, stop);
  };
  const endOldest = (ownerKey: string): void => {
    const theirs = [...entries].filter(({ lifeline }) => lifeline.kind === 'events' && lifeline.ownerKey === ownerKey);
    for (const entry of theirs.slice(0, -maxEventsPerOwner)) entry.finish('replaced');
  };
  const timer = setInterval(() => {
    const now = clock();
    endWhere('expired', ({ expiresAt }) => expiresAt !== null && now >= expiresAt);
  }, checkIntervalMs);
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
      await recheck(stream);
      return stream;
    },
    count: () => entries.size,
    closeEvents() {
      closing = true;
      endWhere('closing', ({ kind }) => kind === 'events');
    },
    async closeAll(graceMs) {
      const signal = AbortSignal.timeout(graceMs);
      await Promise.race([Promise.all([...entries].map(({ ended }) => ended)), once(signal, 'abort')]);
      stopAll();
    },
  };
}

/** Ends a stream whose lifeline has gone; one of which nothing can be known is closed. */
async function recheck({ lifeline, finish }: Entry): Promise<void> {
  try {
    const lapse = await lifeline.recheck();
    // A reply's message was accepted in time.
    const goesOn = lapse === 'expired' && lifeline.kind === 'reply';
    if (lapse !== undefined && !goesOn) finish(lapse);
  } catch (error) {
    finish('closing');
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
  const entry: Entry = { lifeline, ended, finish };
  entries.add(entry);
  return { ...entry, signal: controller.signal, end: () => end, close: () => finish(undefined) };
}
