import type { Logger } from 'pino';
import { header } from '../../../src/protocol/index.ts';
import type { AgentVisitStore, VisitIdentity } from '../storage/index.ts';
import type { RequestRecord } from './request-record.ts';
import { describeError, visibleText } from './request-log.ts';
import { agentRoute } from './routes/agent-route.ts';

/** A kind of visit is written this often, */
const noteEveryMs = 60_000;
/** and this often where the site's last one was of another kind: the newest is what says whether it works now. */
const noteOtherEveryMs = 2_000;
/** Kinds that are new to this process, of one agent in a minute: whoever makes origins up must not keep the database busy. */
const maxNewKinds = 60;
const maxStrangeKinds = 20;
const maxRemembered = 10_000;
const maxOriginCharacters = 200;

export type VisitNotes = {
  /** Notes a request that was answered, beside everything else: the answer does not wait for it. */
  readonly note: (request: Request, record: RequestRecord) => void;
  /** Resolves when all that was noted is written, or could not be. */
  readonly settled: () => Promise<void>;
};

type Options = {
  readonly visits: AgentVisitStore;
  readonly clock: () => number;
  readonly log: Logger;
};

/** From where agents are asked, and as whom, for the check of an installation. */
export function createVisitNotes({ visits, clock, log }: Options): VisitNotes {
  const written = new Map<string, number>();
  const newestOf = new Map<string, string>();
  const pending = new Set<Promise<void>>();
  const onError = (error: unknown) => log.warn({ error: describeError(error) }, 'a visit could not be noted');
  const budgets = createBudgets(clock);

  function begin(request: Request, record: RequestRecord): void {
    const visit = visitOf(request, record);
    if (visit === undefined) return;
    const at = clock();
    const key = JSON.stringify([visit.agentId, visit.origin, visit.identity, visit.reason]);
    const last = written.get(key);
    const site = JSON.stringify([visit.agentId, visit.origin]);
    const isNewest = newestOf.get(site) === key;
    if (last !== undefined && Math.abs(at - last) < (isNewest ? noteEveryMs : noteOtherEveryMs)) return;
    if (!budgets.take(visit.agentId, visit.reason === strange)) return;
    // Anew, so that what was written longest ago is what is forgotten.
    written.delete(key);
    written.set(key, at);
    const [oldest] = written.keys();
    if (written.size > maxRemembered && oldest !== undefined) written.delete(oldest);
    if (newestOf.size > maxRemembered) newestOf.clear();
    newestOf.set(site, key);
    const writing = visits.note({ ...visit, at }).catch(onError);
    pending.add(writing);
    void writing.then(() => pending.delete(writing));
  }

  return {
    note(request, record) {
      try {
        begin(request, record);
      } catch (error) {
        onError(error);
      }
    },
    settled: async () => void (await Promise.all(pending)),
  };
}

const strange = 'origin_not_allowed';

type Visit = {
  readonly agentId: string;
  readonly origin: string;
  readonly identity: VisitIdentity;
  readonly reason: string;
};

function visitOf({ method, headers }: Request, record: RequestRecord): Visit | undefined {
  const { agentId, code, reason, refusedOrigin, route, source } = record;
  if (agentId === undefined) return undefined;
  if (refusedOrigin !== undefined) return { agentId, origin: refusedOrigin, identity: 'refused', reason: strange };
  // A preflight that has passed says nothing of who asks.
  if (method === 'OPTIONS') return undefined;
  const origin = visibleText(headers.get('origin') ?? '', maxOriginCharacters);
  const goesOn = record.headers.has(header.identityReason);
  if (reason !== undefined) return { agentId, origin, identity: goesOn ? 'anonymous' : 'refused', reason };
  if (code === 'no_permission') return { agentId, origin, identity: 'refused', reason: code };
  if (source === undefined) return undefined;
  // It goes without a token, whoever asks.
  const identity = method === 'GET' && route === agentRoute.path ? 'reached' : source;
  return { agentId, origin, identity, reason: '' };
}

/** How many new kinds are still to be written of an agent within this minute. */
function createBudgets(clock: () => number): { take(agentId: string, isStrange: boolean): boolean } {
  let minute = 0;
  const used = new Map<string, number>();
  return {
    take(agentId, isStrange) {
      const now = Math.floor(clock() / 60_000);
      if (now !== minute) used.clear();
      minute = now;
      const key = `${isStrange} ${agentId}`;
      const count = (used.get(key) ?? 0) + 1;
      used.set(key, count);
      return count <= (isStrange ? maxStrangeKinds : maxNewKinds);
    },
  };
}
