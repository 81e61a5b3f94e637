import { resolve } from 'node:path';
import {
  ConfigError,
  createMasterKeySource,
  decodeConfig,
  defaultConfig,
  readConfigFile,
  readEnvironment,
  readIdentities,
} from '../config/index.ts';
import {
  createKeyRing,
  createKeyVault,
  createProfileSource,
  createRemoteKeySets,
  type AgentIdentity,
  type KeyRing,
  type KeyVault,
  type ProfileSource,
} from '../identity/index.ts';
import { hasDatabase, openStore, type Store, type StoreLocation } from '../storage/index.ts';
import { textFlag, UsageError, type Invocation, type Surroundings } from './tool.ts';

const agentPattern = /^[A-Za-z0-9][\w-]{0,63}$/;
/** As long as signing secrets are at least: nothing is stored under what may be one. */
const secretForm = /^.{32,}$/;
const uuidForm = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const defaultDataDirectory = '.data';

/** What a command works on: the same database, keys and configuration as the server, which may be running. */
export type Workplace = {
  readonly store: Store;
  readonly vault: KeyVault;
  readonly profiles: ProfileSource;
  readonly ring: KeyRing;
  /** All agents, of the configuration and of the database. */
  readonly agents: readonly AgentIdentity[];
  /** The agent of `--agent`. */
  readonly agent: AgentIdentity;
};

/** Opens the workplace for as long as `work` takes. */
export async function inWorkplace<Result>(
  invocation: Invocation,
  surroundings: Surroundings,
  work: (place: Workplace) => Promise<Result>,
): Promise<Result> {
  const environment = readEnvironment(surroundings.environment);
  const configPath = textFlag(invocation, 'config') ?? environment.configPath;
  const { widgetSecret: environmentSecret } = environment;
  const configured = await readAgents(configPath, environmentSecret);
  const find = (agents: readonly AgentIdentity[]) =>
    findAgent(invocation, { agents, configPath, environmentSecret }, surroundings);
  // Without a database there are no others, and what is mistaken is said before one is made.
  const found = hasDatabase(locationOf(invocation, surroundings)) ? undefined : find(configured);
  const { store, dataDirectory } = await openPlace(invocation, surroundings);
  try {
    const agents = [...configured, ...(await storedAgents(store, configured, environmentSecret))];
    const agent = found ?? find(agents);
    const master = { environmentKey: environment.masterKey, dataDirectory };
    const vault = createKeyVault(createMasterKeySource(master));
    const { clock, note } = surroundings;
    const remoteKeys = createRemoteKeySets({ clock, onError: (message) => note(`${message}\n`) });
    const profiles = createProfileSource({ keys: store.keys, vault, remoteKeys });
    const ring = createKeyRing({ store, vault, profiles, clock });
    return await work({ store, vault, profiles, ring, agents, agent });
  } finally {
    await store.close();
  }
}

/** Opens the database alone, for what belongs to no agent, for as long as `work` takes. */
export async function inStore<Result>(
  invocation: Invocation,
  surroundings: Surroundings,
  work: (store: Store) => Promise<Result>,
): Promise<Result> {
  const { store } = await openPlace(invocation, surroundings);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

function locationOf(invocation: Invocation, { environment: variables }: Surroundings): StoreLocation {
  const { databaseUrl, dataDirectory } = readEnvironment(variables);
  if (databaseUrl !== undefined) return { databaseUrl };
  return { dataDirectory: textFlag(invocation, 'data') ?? dataDirectory ?? defaultDataDirectory };
}

/** `dataDirectory` is undefined with Postgres. */
async function openPlace(invocation: Invocation, surroundings: Surroundings) {
  const location = locationOf(invocation, surroundings);
  const dataDirectory = 'dataDirectory' in location ? location.dataDirectory : undefined;
  if (dataDirectory !== undefined && !hasDatabase(location)) {
    if (!makesDatabase(invocation)) throw new ConfigError(noDatabase(dataDirectory));
    const folder = resolve(dataDirectory);
    surroundings.note(
      `There was no database in ${folder}, and one is made: is it the server's data folder (--data)?\n`,
    );
  }
  const store = await openStore(location, { exclusive: false });
  return { store, dataDirectory };
}

/** Agents that were made in the dashboard: the configuration says nothing of their keys and policies. */
async function storedAgents(
  store: Store,
  configured: readonly AgentIdentity[],
  environmentSecret: string | undefined,
): Promise<readonly AgentIdentity[]> {
  const ids = (await store.agentSettings.revisions()).map(({ id }) => id);
  const others = ids.filter((id) => !configured.some(({ agentId }) => agentId === id));
  return readIdentities(
    others.map((id) => ({ id, policy: {}, keys: undefined })),
    environmentSecret,
  );
}

/** What others read or change is there already: without a database the command was pointed at the wrong folder. */
const makers: ReadonlySet<string> = new Set(['keys create', 'keys import', 'policy set', 'operators link']);

function makesDatabase({ name, verb }: Invocation): boolean {
  return makers.has(`${name} ${verb}`);
}

function noDatabase(dataDirectory: string): string {
  return (
    `There is no database in ${resolve(dataDirectory)}, so nothing can be said: ` +
    "give the server's data folder (--data or CHAT_DATA_DIR; DATABASE_URL for Postgres), or start the server once."
  );
}

/** Where the configuration says that browsers find the server. */
export async function readPublicUrl(path: string | undefined): Promise<string | undefined> {
  return path === undefined ? undefined : readFrom(path, ({ publicUrl }) => publicUrl);
}

function readAgents(path: string | undefined, environmentSecret: string | undefined) {
  return readFrom(path, ({ agents }) => readIdentities(agents, environmentSecret));
}

async function readFrom<Result>(
  path: string | undefined,
  read: (config: ReturnType<typeof decodeConfig>) => Result,
): Promise<Result> {
  const { config } = path === undefined ? defaultConfig() : await readConfigFile(path);
  try {
    return read(decodeConfig(config));
  } catch (error) {
    if (!(error instanceof ConfigError) || path === undefined) throw error;
    throw new ConfigError(error.message.replaceAll(/^/gm, `${path}: `));
  }
}

/** Without a configuration file agents are not known here; the server may have one. */
function findAgent(
  invocation: Invocation,
  sources: {
    readonly agents: readonly AgentIdentity[];
    readonly configPath: string | undefined;
    readonly environmentSecret: string | undefined;
  },
  { note }: Surroundings,
): AgentIdentity {
  const { agents, configPath, environmentSecret } = sources;
  const agentId = textFlag(invocation, 'agent') ?? (agents.length === 1 ? agents[0]?.agentId : undefined);
  const known = agents.map((each) => `"${each.agentId}"`).join(', ');
  if (agentId === undefined) throw new UsageError(`Say which agent: --agent <id>. There are ${known}.`);
  const found = agents.find((agent) => agent.agentId === agentId);
  if (found !== undefined) return found;
  if (configPath !== undefined) {
    throw new ConfigError(
      `${configPath} has no agent "${agentId}", and none was made in the dashboard. There are ${known}.`,
    );
  }
  if (!agentPattern.test(agentId)) throw new UsageError(`"${agentId}" cannot be the id of an agent.`);
  if (secretForm.test(agentId) && !uuidForm.test(agentId)) {
    throw new UsageError(
      'What --agent names may be a secret. If it is the id of an agent, give --config, which knows it.',
    );
  }
  note(`Agent "${agentId}" is not known without its configuration file: give --config as the server has it.\n`);
  const [identity] = readIdentities([{ id: agentId, policy: {}, keys: undefined }], environmentSecret);
  if (identity === undefined) throw new UsageError(`"${agentId}" cannot be the id of an agent.`);
  return identity;
}
