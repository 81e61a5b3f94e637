import { resolve } from 'node:path';
import { createAgent, KnowledgeError, type Agent } from '../agents/index.ts';
import { keysFor, SigningKeyError, type IdentityProfile } from '../identity/index.ts';
import { configSchema, type DecodedAgent, type DecodedConfig } from './config-schema.ts';
import { ConfigError, type ModelSettings } from './environment.ts';
import { issuesOf, type Issue } from './issues.ts';
import { parseOriginPattern, type OriginPattern } from './origins.ts';

/** One agent, ready to be called. */
export type AgentEntry = Pick<
  DecodedAgent,
  'id' | 'name' | 'greeting' | 'suggestions' | 'appearance' | 'maxMessageCharacters'
> & {
  readonly profile: IdentityProfile;
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
};

/** What a configuration says, checked and with its defaults. @throws ConfigError that names each mistake's place. */
export function decodeConfig(value: unknown): DecodedConfig {
  const result = configSchema.safeParse(value);
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
  for (const [at, settings] of agents.entries()) {
    const place = `agents[${at}]`;
    if (entries.has(settings.id)) issues.push({ path: `${place}.id`, message: `"${settings.id}" is there twice` });
    const entry = await createEntry(settings, place, sources, issues);
    if (entry !== undefined) entries.set(settings.id, entry);
  }
  if (issues.length > 0) throw configError(issues);
  return { find: (id) => entries.get(id), all: () => [...entries.values()] };
}

async function createEntry(
  settings: DecodedAgent,
  place: string,
  sources: RegistrySources,
  issues: Issue[],
): Promise<AgentEntry | undefined> {
  const profile = createProfile(settings, place, sources, issues);
  const agent = sources.agentFor?.(settings.id) ?? (await buildAgent(settings, place, sources, issues));
  if (profile === undefined || agent === undefined) return undefined;
  const { id, name, greeting, suggestions, appearance, maxMessageCharacters } = settings;
  const origins = settings.allowedOrigins.flatMap((text) => {
    const result = parseOriginPattern(text);
    return result.ok ? [result.pattern] : [];
  });
  return { id, name, greeting, suggestions, appearance, maxMessageCharacters, profile, origins, agent };
}

function createProfile(
  { id, policy, keys }: DecodedAgent,
  place: string,
  { environmentSecret }: RegistrySources,
  issues: Issue[],
): IdentityProfile | undefined {
  try {
    const { maxActiveKeys } = policy;
    return { agentId: id, policy, keys: keysFor({ configured: keys, environmentSecret, maxActiveKeys }) };
  } catch (error) {
    if (!(error instanceof SigningKeyError)) throw error;
    issues.push({ path: `${place}.keys`, message: error.message });
    return undefined;
  }
}

async function buildAgent(
  { answers, instructions, knowledge }: DecodedAgent,
  place: string,
  { baseDirectory, model }: RegistrySources,
  issues: Issue[],
): Promise<Agent | undefined> {
  const usesModel = answers === undefined ? model !== undefined : answers === 'model';
  if (usesModel && model === undefined) {
    issues.push({ path: `${place}.answers`, message: 'no model is set (CHAT_MODEL_URL and CHAT_MODEL)' });
  } else if (!usesModel && knowledge === undefined) {
    issues.push({ path: `${place}.knowledge`, message: 'must name a folder of Markdown articles to answer from' });
  } else {
    const documents = knowledge === undefined ? undefined : resolve(baseDirectory, knowledge);
    const settings = usesModel && model !== undefined ? { ...model, apiKey: model.key, instructions } : undefined;
    return createAgent({ documents, model: settings }).catch((error: unknown) => {
      if (!(error instanceof KnowledgeError)) throw error;
      issues.push({ path: `${place}.knowledge`, message: error.message });
      return undefined;
    });
  }
  return undefined;
}

function configError(issues: readonly Issue[]): ConfigError {
  return new ConfigError(issues.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('\n'));
}
