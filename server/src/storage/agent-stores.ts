// What the stores promise that agents are changed by and watched by. Times are milliseconds since the epoch.

/** What operators have set for an agent, over what the configuration file says or without it. */
export type StoredAgent = {
  readonly id: string;
  /** JSON, as it was saved. */
  readonly settings: string;
  /** Another one after each change. */
  readonly revision: string;
  readonly createdAt: number;
  readonly updatedAt: number;
};

export type AgentSettingsStore = {
  /** All of them, with the one thing that tells whether one has changed. At most 1,000. */
  revisions(): Promise<readonly Pick<StoredAgent, 'id' | 'revision'>[]>;
  find(id: string): Promise<StoredAgent | undefined>;
  /**
   * Replaces what stands there under `before` (null: nothing), and answers with the new revision. `conflict`: something else
   * stands there by now. `too_many`: there are 1,000.
   */
  save(change: {
    readonly id: string;
    readonly settings: string;
    readonly before: string | null;
    readonly now: number;
  }): Promise<{ readonly revision: string } | 'conflict' | 'too_many'>;
  /** False where something else stands there by now. */
  remove(id: string, revision: string): Promise<boolean>;
};

/** `reached`: a page has asked for what the chat shows at first, which goes without saying who asks. */
export type VisitIdentity = 'verified' | 'anonymous' | 'self-reported' | 'refused' | 'reached';

/** The last request of one kind that reached an agent from one site. */
export type AgentVisit = {
  readonly agentId: string;
  /** Empty where the request named none. Hostile. */
  readonly origin: string;
  readonly identity: VisitIdentity;
  /** Why a token, or the page itself, was refused; empty where nothing was. */
  readonly reason: string;
  readonly firstAt: number;
  readonly lastAt: number;
};

export type AgentVisitStore = {
  /**
   * Keeps the newest 100 of each agent, and apart from those the newest 50 whose `reason` is `origin_not_allowed`: anybody can
   * make up origins.
   */
  note(visit: Omit<AgentVisit, 'firstAt' | 'lastAt'> & { readonly at: number }): Promise<void>;
  /** The last first. */
  list(agentId: string): Promise<readonly AgentVisit[]>;
};
