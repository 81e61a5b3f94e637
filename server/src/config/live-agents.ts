import { resolve } from 'node:path';
import type { Agent } from '../agents/index.ts';
import type { AgentIdentity, KeyVault } from '../identity/index.ts';
import type { Store, StoredAgent } from '../storage/index.ts';
import {
  buildAgent,
  entryOf,
  readIdentities,
  type AgentEntry,
  type AgentRegistry,
  type EntrySources,
} from './agent-registry.ts';
import { sealActions, type ActionChange } from './change-actions.ts';
import type { AgentInput, DecodedAgent } from './config-schema.ts';
import type { IndexCache } from './index-cache.ts';
import type { Issue } from './issues.ts';
import { isFolderAllowed, listKnowledgeFolders, withoutPlace } from './knowledge-folder.ts';
import {
  decodeAgent,
  nothingStored,
  parseStored,
  storedActions,
  type AgentField,
  type FieldValues,
  type StoredSettings,
} from './stored-agent.ts';

/** One agent as it stands: what the file says, what is stored over it, and what of that cannot be used. */
export type AgentStanding = {
  readonly id: string;
  /** Undefined where nothing of it can be used. */
  readonly entry: AgentEntry | undefined;
  /** What the configuration file says of it; undefined for an agent that is in the database alone. */
  readonly file: AgentInput | undefined;
  readonly stored: StoredSettings;
  /** Null where nothing is stored. */
  readonly revision: string | null;
  /** What is wrong with it; until that is mended the last good one goes on. Paths as in a configuration file. */
  readonly problems: readonly Issue[];
};

export type AgentChange = {
  readonly id: string;
  /** `create`: fails where there is one. Else the revision that the change is meant for; undefined for whatever stands there. */
  readonly base: 'create' | { readonly revision: string | null | undefined };
  readonly set?: FieldValues;
  /** Fields that go back to what the file says, or to the default. */
  readonly reset?: readonly AgentField[];
  /** All actions that operators have made, those that stay as they are included. */
  readonly actions?: readonly ActionChange[] | undefined;
};

export type ChangeOutcome =
  | { readonly state: 'changed'; readonly before: AgentStanding | undefined; readonly after: AgentStanding }
  | { readonly state: 'refused'; readonly issues: readonly Issue[] }
  | { readonly state: 'conflict' | 'not_found' | 'exists' | 'too_many' };

/** The agents of the configuration file and of the database, as they are at the moment. */
export type LiveAgents = AgentRegistry & {
  /** Whether a model can answer. */
  readonly hasModel: boolean;
  /** Whether the configuration lets knowledge folders be named in the dashboard. */
  readonly mayNameFolders: boolean;
  /** Those that may be named, as the configuration file would write them. */
  knowledgeFolders(): Promise<readonly string[]>;
  /** Also of agents that cannot be used. By name of their ids. */
  standings(): readonly AgentStanding[];
  standing(id: string): AgentStanding | undefined;
  /** Checks all of it, and saves all of it or nothing. Holds for the next request of this process, and tells the others. */
  change(change: AgentChange): Promise<ChangeOutcome>;
  /** `in_file`: that is where it has to be removed. What belongs to the agent stays. */
  remove(id: string, revision?: string): Promise<'removed' | 'not_found' | 'conflict' | 'in_file'>;
  /** Looks at what is stored now. */
  refresh(): Promise<void>;
  /** Told of agents that were changed, made or removed, by whichever process. */
  onChange(listener: (agentId: string) => void): () => void;
  close(): void;
};

export type LiveAgentsOptions = {
  readonly files: readonly AgentInput[];
  /** The agents that the file alone makes. */
  readonly base: AgentRegistry;
  readonly sources: EntrySources;
  readonly indexes: IndexCache;
  /** Folders that the dashboard may name knowledge folders in. */
  readonly folderRoots: readonly string[];
  /** Where actions that are made in the dashboard may call; undefined: any https address. */
  readonly actionOrigins: readonly string[] | undefined;
  readonly store: Pick<Store, 'agentSettings' | 'keys' | 'notifier' | 'dialect'>;
  readonly vault: KeyVault;
  readonly clock: () => number;
  /** How often to look, in milliseconds. A tenth as often on Postgres, where notifications are the first to tell. */
  readonly intervalMs: number;
};

const channel = 'agents';
/** What could not be used is tried again: somebody may have put the folder there. */
const retryMs = 10_000;

/** Resolves when what is stored has been read once. */
export async function createLiveAgents(options: LiveAgentsOptions): Promise<LiveAgents> {
  const { store } = options;
  const live = new Live(options);
  await live.refresh();
  const look = (): void => void live.refresh().catch(() => undefined);
  const unsubscribe = store.notifier.subscribe(channel, look);
  const timer = setInterval(look, options.intervalMs * (store.dialect === 'sqlite' ? 1 : 10)).unref();
  return {
    hasModel: options.sources.model !== undefined,
    mayNameFolders: options.folderRoots.length > 0,
    knowledgeFolders: () => listKnowledgeFolders(options.folderRoots, options.sources.baseDirectory),
    find: (id) => live.find(id),
    all: () => live.all(),
    standings: () => live.standings(),
    standing: (id) => live.standing(id),
    change: (change) => live.change(change),
    remove: (id, revision) => live.remove(id, revision),
    refresh: () => live.refresh(),
    onChange: (listener) => live.onChange(listener),
    close() {
      clearInterval(timer);
      unsubscribe();
      options.indexes.keepOnly(new Set());
    },
  };
}

type Held = AgentStanding & {
  /** The last one that could be made. */
  readonly agent: Agent | undefined;
  readonly triedAt: number;
};

type Built = {
  readonly decoded: DecodedAgent | undefined;
  readonly agent: Agent | undefined;
  readonly issues: Issue[];
};

class Live {
  readonly #options: LiveAgentsOptions;
  readonly #files: ReadonlyMap<string, AgentInput>;
  readonly #held = new Map<string, Held>();
  readonly #identities = new Map<string, AgentIdentity>();
  readonly #listeners = new Set<(agentId: string) => void>();
  #all: readonly AgentEntry[] = [];
  /** One after the other: what is read must not be older than what was saved. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(options: LiveAgentsOptions) {
    this.#options = options;
    this.#files = new Map(options.files.map((file) => [file.id, file]));
    for (const [id] of this.#files) this.#held.set(id, this.#ofFile(id));
    for (const { id, identity } of options.base.all()) this.#identities.set(id, identity);
    this.#list();
  }

  find(id: string): AgentEntry | undefined {
    return this.#held.get(id)?.entry;
  }

  all(): readonly AgentEntry[] {
    return this.#all;
  }

  standings(): readonly AgentStanding[] {
    return [...this.#held.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
  }

  standing(id: string): AgentStanding | undefined {
    return this.#held.get(id);
  }

  onChange(listener: (agentId: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  refresh(): Promise<void> {
    return this.#inTurn(() => this.#look());
  }

  change(change: AgentChange): Promise<ChangeOutcome> {
    return this.#inTurn(async () => {
      await this.#look();
      return this.#change(change);
    });
  }

  remove(id: string, revision?: string): ReturnType<LiveAgents['remove']> {
    return this.#inTurn(async () => {
      await this.#look();
      const held = this.#held.get(id);
      if (held === undefined || (held.revision === null && !this.#files.has(id))) return 'not_found';
      if (this.#files.has(id)) return 'in_file';
      if (revision !== undefined && revision !== held.revision) return 'conflict';
      if (!(await this.#options.store.agentSettings.remove(id, held.revision ?? ''))) return 'conflict';
      this.#forget(id);
      await this.#tell(id);
      return 'removed';
    });
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.#queue.then(work, work);
    this.#queue = done.catch(() => undefined);
    return done;
  }

  async #look(): Promise<void> {
    const { store, clock } = this.#options;
    const revisions = new Map((await store.agentSettings.revisions()).map(({ id, revision }) => [id, revision]));
    for (const [id, revision] of revisions) {
      const held = this.#held.get(id);
      const isDue = held !== undefined && held.problems.length > 0 && Math.abs(clock() - held.triedAt) >= retryMs;
      if (held?.revision !== revision || isDue) await this.#read(id);
    }
    for (const { id, revision } of [...this.#held.values()]) {
      if (revision !== null && !revisions.has(id)) this.#forget(id);
    }
  }

  async #read(id: string): Promise<void> {
    const found = await this.#options.store.agentSettings.find(id);
    if (found === undefined) return this.#forget(id);
    const stored = parseStored(found.settings);
    if (stored === undefined) return this.#hold(this.#unreadable(found));
    const built = await this.#build(id, stored);
    this.#hold(this.#compose(id, { stored, revision: found.revision }, built));
  }

  async #change(change: AgentChange): Promise<ChangeOutcome> {
    const { store, clock } = this.#options;
    const { id, base } = change;
    const before = this.#held.get(id);
    if (base === 'create' ? before !== undefined : before === undefined) {
      return { state: base === 'create' ? 'exists' : 'not_found' };
    }
    const expected = base === 'create' ? null : base.revision;
    if (expected !== undefined && expected !== (before?.revision ?? null)) return { state: 'conflict' };
    const issues: Issue[] = [];
    const stored = await this.#next(change, before?.stored ?? nothingStored, issues);
    const built = await this.#build(id, stored);
    issues.push(...built.issues);
    if (issues.length > 0) return { state: 'refused', issues };
    const settings = JSON.stringify(stored);
    const saved = await store.agentSettings.save({ id, settings, before: before?.revision ?? null, now: clock() });
    if (typeof saved === 'string') return { state: saved };
    const after = this.#compose(id, { stored, revision: saved.revision }, built);
    this.#hold(after);
    await this.#tell(id);
    return { state: 'changed', before, after };
  }

  async #next(
    { id, set = {}, reset = [], actions }: AgentChange,
    stored: StoredSettings,
    issues: Issue[],
  ): Promise<StoredSettings> {
    const fields: { [Name in AgentField]?: unknown } = { ...stored.fields, ...set };
    for (const name of reset) delete fields[name];
    if (actions === undefined) return { fields, actions: stored.actions };
    const { store, vault, sources, actionOrigins } = this.#options;
    const sealed = [
      ...(await store.keys.sealed()).flatMap(({ sealedSecret }) => sealedSecret ?? []),
      ...[...this.#held.values()].flatMap((held) => held.stored.actions.map(({ sealedSecret }) => sealedSecret)),
    ];
    const { visitorSecrets } = sources;
    const place = { agentId: id, vault, sealed, visitorSecrets, origins: actionOrigins };
    return { fields, actions: sealActions(actions, stored.actions, place, issues) };
  }

  /** What can be made of an agent. Also says what is wrong where something can. */
  async #build(id: string, stored: StoredSettings): Promise<Built> {
    const { sources, vault, folderRoots } = this.#options;
    const issues: Issue[] = [];
    const decoded = decodeAgent(id, this.#files.get(id), stored, issues);
    if (decoded === undefined) return { decoded, agent: undefined, issues };
    const knowledge = stored.fields.knowledge;
    const folder = typeof knowledge === 'string' ? resolve(sources.baseDirectory, knowledge) : undefined;
    if (folder !== undefined && !(await isFolderAllowed(folder, folderRoots))) {
      issues.push({ path: 'knowledge', message: outsideOf(folderRoots.length) });
      return { decoded, agent: undefined, issues };
    }
    const made = storedActions(id, stored, { vault, visitorSecrets: sources.visitorSecrets }, issues);
    const actionsFor = (agentId: string) => [...(sources.actionsFor?.(agentId) ?? []), ...made];
    const place = 'agent';
    const found: Issue[] = [];
    const agent = sources.agentFor?.(id) ?? (await buildAgent(decoded, place, { ...sources, actionsFor }, found));
    const read = resolve(sources.baseDirectory, decoded.knowledge ?? '.');
    for (const { path, message } of found) {
      const isOfFolder = path === `${place}.knowledge` && decoded.knowledge !== undefined;
      const text = isOfFolder ? await withoutPlace(message, read, sources.baseDirectory) : message;
      issues.push({ path: path.slice(place.length + 1), message: text });
    }
    return { decoded, agent, issues };
  }

  /** With what is shown and asked as it is stored now, and, where that cannot be made, with whoever answered before. */
  #compose(
    id: string,
    { stored, revision }: Pick<AgentStanding, 'stored' | 'revision'>,
    { decoded, agent, issues }: Built,
  ): Held {
    const before = this.#held.get(id);
    const last = agent ?? before?.agent;
    const entry =
      decoded === undefined
        ? (before?.entry ?? this.#closed(id))
        : entryOf(decoded, this.#identityOf(id), last ?? unavailable);
    const triedAt = this.#options.clock();
    return { id, entry, file: this.#files.get(id), stored, revision, problems: issues, agent: last, triedAt };
  }

  #unreadable({ id, revision }: StoredAgent): Held {
    const before = this.#held.get(id);
    return {
      id,
      entry: before?.revision == null ? this.#closed(id) : before.entry,
      file: this.#files.get(id),
      stored: before?.stored ?? nothingStored,
      revision,
      problems: [{ path: '', message: 'what is stored cannot be read by this version of the server' }],
      agent: before?.agent,
      triedAt: this.#options.clock(),
    };
  }

  /** Of the file, without the sites that it allows: operators may have taken some of them back. */
  #closed(id: string): AgentEntry | undefined {
    const entry = this.#options.base.find(id);
    return entry === undefined ? undefined : { ...entry, origins: [] };
  }

  #ofFile(id: string): Held {
    const entry = this.#options.base.find(id);
    const file = this.#files.get(id);
    return { id, entry, file, stored: nothingStored, revision: null, problems: [], agent: entry?.agent, triedAt: 0 };
  }

  /** The same for as long as the process runs: it depends on the file alone, and what is known of keys goes by it. */
  #identityOf(id: string): AgentIdentity {
    const known = this.#identities.get(id);
    if (known !== undefined) return known;
    const [made] = readIdentities([{ id, policy: {}, keys: undefined }], this.#options.sources.environmentSecret);
    if (made === undefined) throw new TypeError(`"${id}" cannot be the id of an agent.`);
    this.#identities.set(id, made);
    return made;
  }

  #hold(held: Held): void {
    this.#held.set(held.id, held);
    this.#list();
    this.#announce(held.id);
  }

  #forget(id: string): void {
    if (this.#files.has(id)) this.#held.set(id, this.#ofFile(id));
    else this.#held.delete(id);
    this.#list();
    this.#announce(id);
  }

  #list(): void {
    const { base, indexes, sources } = this.#options;
    const held = [...this.#held.values()];
    this.#all = held.flatMap(({ entry }) => entry ?? []);
    const inFiles = base.all().flatMap(({ id }) => this.#files.get(id)?.knowledge ?? []);
    const inStore = held.flatMap(({ stored }) =>
      typeof stored.fields.knowledge === 'string' ? [stored.fields.knowledge] : [],
    );
    indexes.keepOnly(new Set([...inFiles, ...inStore].map((folder) => resolve(sources.baseDirectory, folder))));
  }

  #announce(id: string): void {
    for (const listener of this.#listeners) listener(id);
  }

  /** It is saved: whoever is not told finds it by looking. */
  async #tell(id: string): Promise<void> {
    await this.#options.store.notifier.publish(channel, id).catch(() => undefined);
  }
}

/** Stands in where an agent cannot be made and none was before: visitors read that something went wrong. */
const unavailable: Agent = {
  // oxlint-disable-next-line require-yield -- it has nothing to say
  async *reply() {
    throw new Error('This agent cannot answer: its settings are wrong (see the dashboard).');
  },
};

function outsideOf(rootCount: number): string {
  return rootCount === 0
    ? 'cannot be set here: the configuration file allows no folders (agentFolders)'
    : 'must be in a folder that the configuration file allows (agentFolders; by default its own), and not hidden';
}
