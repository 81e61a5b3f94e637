import { resolve } from 'node:path';
import { createAgent, KnowledgeError, type Action, type Agent, type KnowledgeIndex } from '../agents/index.ts';
import {
  expandSettings,
  keysFor,
  nameUnknownSettings,
  resolvePolicy,
  SigningKeyError,
  type AgentIdentity,
  type PolicySettings,
  type SigningKey,
} from '../identity/index.ts';
import { agentActions, visitorSecretsOf } from './agent-actions.ts';
import { configSchema, type DecodedAgent, type DecodedConfig } from './config-schema.ts';
import { ConfigError, type ModelSettings } from './environment.ts';
import { issuesOf, type Issue } from './issues.ts';
import { parseOriginPattern, type OriginPattern } from './origins.ts';

/** One agent, ready to be called. */
export type AgentEntry = Pick<
  DecodedAgent,
  | 'id'
  | 'name'
  | 'greeting'
  | 'suggestions'
  | 'appearance'
  | 'maxMessageCharacters'
  | 'consent'
  | 'form'
  | 'attachments'
  | 'retentionDays'
> & {
  /** What the configuration says of keys and policy; what holds is asked for with each request. */
  readonly identity: AgentIdentity;
  readonly origins: readonly OriginPattern[];
  readonly agent: Agent;
};

export type AgentRegistry = {
  find(id: string): AgentEntry | undefined;
  all(): readonly AgentEntry[];
};

export type RegistrySources = {
  /** Folder that relative paths of the configuration start from. */
  readonly baseDirectory: string;
  /** Signing key of the agents that have none (`WIDGET_JWT_HMAC_SECRET`). */
  readonly environmentSecret: string | undefined;
  readonly model: ModelSettings | undefined;
  /** An agent that was written elsewhere. Undefined: made from the configuration. */
  readonly agentFor: ((agentId: string) => Agent | undefined) | undefined;
  /** Actions that were written elsewhere, beside those of the configuration. */
  readonly actionsFor?: ((agentId: string) => readonly Action[] | undefined) | undefined;
  /** The index of a folder. Default: made anew each time. */
  readonly indexOf?: ((folder: string) => Promise<KnowledgeIndex>) | undefined;
  /** Told of what can start, and hardly does what was meant. */
  readonly onWarning?: ((agentId: string, message: string) => void) | undefined;
};

/** What a configuration says, checked and with its defaults. @throws ConfigError that names each mistake's place. */
export function decodeConfig(value: unknown): DecodedConfig {
  const result = configSchema.safeParse(value, { error: nameUnknownSettings });
  if (!result.success) throw configError(issuesOf(result.error));
  return result.data;
}

/** All agents of a configuration. @throws ConfigError that names each mistake's place. */
export async function createAgentRegistry(
  agents: readonly DecodedAgent[],
  sources: RegistrySources,
): Promise<AgentRegistry> {
  const issues: Issue[] = [];
  const entries = new Map<string, AgentEntry>();
  const visitorSecrets = visitorSecretsOf(agents, sources.environmentSecret);
  for (const [at, settings] of agents.entries()) {
    const place = `agents[${at}]`;
    if (entries.has(settings.id)) issues.push({ path: `${place}.id`, message: `"${settings.id}" is there twice` });
    const entry = await createEntry(settings, place, { ...sources, visitorSecrets }, issues);
    if (entry !== undefined) entries.set(settings.id, entry);
  }
  if (issues.length > 0) throw configError(issues);
  return { find: (id) => entries.get(id), all: () => [...entries.values()] };
}

export type EntrySources = RegistrySources & {
  /** What tokens of visitors are signed with, at any agent of the configuration. */
  readonly visitorSecrets: ReadonlySet<string>;
};

async function createEntry(
  settings: DecodedAgent,
  place: string,
  sources: EntrySources,
  issues: Issue[],
): Promise<AgentEntry | undefined> {
  const identity = readIdentity(settings, place, sources, issues);
  const agent = sources.agentFor?.(settings.id) ?? (await buildAgent(settings, place, sources, issues));
  if (identity === undefined || agent === undefined) return undefined;
  return entryOf(settings, identity, agent);
}

/** What is known of an agent, put together. */
export function entryOf(settings: DecodedAgent, identity: AgentIdentity, agent: Agent): AgentEntry {
  const { id, name, greeting, suggestions, appearance, maxMessageCharacters } = settings;
  const { consent, form, attachments, retentionDays } = settings;
  const origins = settings.allowedOrigins.flatMap((text) => {
    const result = parseOriginPattern(text);
    return result.ok ? [result.pattern] : [];
  });
  const shown = { id, name, greeting, suggestions, appearance, maxMessageCharacters, consent, form, attachments };
  return { ...shown, retentionDays, identity, origins, agent };
}

/** What a configuration says of its agents' keys and policies, without making the agents. @throws ConfigError */
export function readIdentities(
  agents: readonly Pick<DecodedAgent, 'id' | 'policy' | 'keys'>[],
  environmentSecret: string | undefined,
): readonly AgentIdentity[] {
  const issues: Issue[] = [];
  const found = agents.flatMap(
    (agent, at) => readIdentity(agent, `agents[${at}]`, { environmentSecret }, issues) ?? [],
  );
  if (issues.length > 0) throw configError(issues);
  return found;
}

function readIdentity(
  agent: Pick<DecodedAgent, 'id' | 'policy' | 'keys'>,
  place: string,
  { environmentSecret }: Pick<RegistrySources, 'environmentSecret'>,
  issues: Issue[],
): AgentIdentity | undefined {
  const { id: agentId, policy, keys: configured } = agent;
  const { maxActiveKeys } = resolvePolicy(policy);
  try {
    const keys = configured === undefined ? undefined : keysFor({ configured, maxActiveKeys });
    const settings = allowAlgorithms(policy, keys ?? []);
    const { algorithms } = resolvePolicy(settings);
    const barred = keys?.find((key) => !algorithms.includes(key.algorithm));
    if (barred !== undefined) {
      const message = `"${barred.id}" is for ${barred.algorithm}, which policy.algorithms does not name`;
      issues.push({ path: `${place}.keys`, message });
    }
    return { agentId, settings, keys, environmentKeys: keysFor({ configured: [], environmentSecret }) };
  } catch (error) {
    if (!(error instanceof SigningKeyError)) throw error;
    issues.push({ path: `${place}.keys`, message: error.message });
    return undefined;
  }
}

/** Who configures keys of other algorithms, and says nothing of algorithms, wants those and no others. */
function allowAlgorithms(policy: PolicySettings, keys: readonly SigningKey[]): PolicySettings {
  const used = [...new Set(keys.map(({ algorithm }) => algorithm))];
  const isSaid = expandSettings(policy).algorithms !== undefined;
  return isSaid || used.every((algorithm) => algorithm === 'HS256') ? policy : { ...policy, algorithms: used };
}

/** Who answers, as settings have it; undefined where something is in the way, which `issues` then names. */
export async function buildAgent(
  agent: DecodedAgent,
  place: string,
  sources: EntrySources,
  issues: Issue[],
): Promise<Agent | undefined> {
  const { answers, instructions, knowledge, modelFiles: files, wordsPerSecond } = agent;
  const { baseDirectory, model } = sources;
  const actions = agentActions(agent, place, sources, issues);
  const usesModel = answers === undefined ? model !== undefined : answers === 'model';
  if (usesModel && model === undefined) {
    issues.push({ path: `${place}.answers`, message: 'no model is set (CHAT_MODEL_URL and CHAT_MODEL)' });
  } else if (!usesModel && knowledge === undefined) {
    issues.push({ path: `${place}.knowledge`, message: 'must name a folder of Markdown articles to answer from' });
  } else {
    if (!usesModel) warnOfUnreachable(agent.id, actions, sources);
    const folder = knowledge === undefined ? undefined : resolve(baseDirectory, knowledge);
    const settings =
      usesModel && model !== undefined ? { ...model, apiKey: model.key, instructions, files } : undefined;
    try {
      const documents = folder === undefined ? undefined : await (sources.indexOf?.(folder) ?? folder);
      return await createAgent({ documents, model: settings, actions, wordsPerSecond });
    } catch (error) {
      if (!(error instanceof KnowledgeError)) throw error;
      issues.push({ path: `${place}.knowledge`, message: error.message });
    }
  }
  return undefined;
}

/** Without a model an action is found by its phrases alone. */
function warnOfUnreachable(agentId: string, actions: readonly Action[], { onWarning }: RegistrySources): void {
  const silent = actions.filter(({ phrases }) => phrases.length === 0).map(({ name }) => `"${name}"`);
  if (silent.length === 0) return;
  const message = `nobody can reach ${silent.join(', ')}: this agent answers without a model, which finds an action by its "phrases", and there are none`;
  onWarning?.(agentId, message);
}

function configError(issues: readonly Issue[]): ConfigError {
  return new ConfigError(issues.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('\n'));
}
