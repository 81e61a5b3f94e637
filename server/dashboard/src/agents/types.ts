/** One for all languages, or one for each. */
export type Localized<Value> = Value | Readonly<Record<string, Value>>;

/** What may be set for an agent, as the server's configuration file has it too. */
export type AgentSettings = {
  readonly name: string;
  readonly greeting: Localized<string>;
  readonly suggestions: Localized<readonly string[]>;
  readonly appearance: Readonly<Record<string, string>>;
  readonly instructions: string | null;
  readonly knowledge: string | null;
  readonly answers: 'knowledge' | 'model' | null;
  readonly attachments: boolean;
  readonly handoff: boolean;
  readonly consent: { readonly version: string; readonly text: string; readonly url?: string } | null;
  readonly form: {
    readonly intro?: string;
    readonly fields: readonly { readonly name: 'name' | 'email'; readonly required?: boolean }[];
  } | null;
  readonly maxMessageCharacters: number;
  readonly allowedOrigins: readonly string[];
  readonly retentionDays: number | null;
};

export type SettingName = keyof AgentSettings;

export type AgentAction = {
  /** Null for one of the configuration file, which is changed there. */
  readonly id: string | null;
  readonly origin: 'file' | 'dashboard';
  readonly settings: {
    readonly name: string;
    readonly description: string;
    readonly access: 'public' | 'verified';
    readonly approval: boolean;
    readonly allow?: object;
    readonly phrases: readonly string[];
    readonly input: object;
    readonly url: string;
    readonly method: 'GET' | 'POST';
    readonly timeoutMs: number;
  };
};

export type AgentSummary = {
  readonly id: string;
  readonly name: string;
  readonly isInFile: boolean;
  readonly isUsable: boolean;
  readonly hasProblems: boolean;
};

export type Agent = AgentSummary & {
  readonly revision: string | null;
  readonly settings: AgentSettings;
  readonly origins: Readonly<Record<SettingName, 'dashboard' | 'file' | 'default'>>;
  readonly actions: readonly AgentAction[];
  readonly problems: readonly { readonly path: string; readonly message: string }[];
};

export type Surroundings = {
  readonly hasModel: boolean;
  readonly mayNameFolders: boolean;
  /** Those that may be chosen. */
  readonly knowledgeFolders: readonly string[];
};
export type AgentAnswer = { readonly agent: Agent } & Surroundings;
export type AgentList = { readonly agents: readonly AgentSummary[]; readonly mayCreate: boolean } & Surroundings;
