import { existsSync } from 'node:fs';
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
import { openStore, type Store, type StoreLocation } from '../storage/index.ts';
import { textFlag, UsageError, type Invocation, type Surroundings } from './tool.ts';

const agentPattern = /^[A-Za-z0-9][\w-]{0,63}$/;
const defaultDataDirectory = '.data';

/** What a command works on: the same database, keys and configuration as the server, which may be running. */
export type Workplace = {
  readonly store: Store;
  readonly vault: KeyVault;
  readonly profiles: ProfileSource;
  readonly ring: KeyRing;
  /** All agents of the configuration. */
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
  const agents = await readAgents(invocation, environment.widgetSecret);
  const agent = findAgent(invocation, agents, surroundings, environment.widgetSecret);
  const dataDirectory = textFlag(invocation, 'data') ?? environment.dataDirectory ?? defaultDataDirectory;
  const { databaseUrl, masterKey: environmentKey } = environment;
  const location: StoreLocation = databaseUrl === undefined ? { dataDirectory } : { databaseUrl };
  if (databaseUrl === undefined && !existsSync(dataDirectory)) {
    surroundings.note(`${dataDirectory} is new: is it the server's data directory (--data)?\n`);
  }
  const store = await openStore(location, { exclusive: false });
  try {
    const master = { environmentKey, dataDirectory: databaseUrl === undefined ? dataDirectory : undefined };
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

async function readAgents(invocation: Invocation, environmentSecret: string | undefined) {
  const path = textFlag(invocation, 'config');
  const { config } = path === undefined ? defaultConfig() : await readConfigFile(path);
  try {
    return readIdentities(decodeConfig(config).agents, environmentSecret);
  } catch (error) {
    if (!(error instanceof ConfigError) || path === undefined) throw error;
    throw new ConfigError(error.message.replaceAll(/^/gm, `${path}: `));
  }
}

/** Without a configuration file agents are not known here; the server may have one. */
function findAgent(
  invocation: Invocation,
  agents: readonly AgentIdentity[],
  { note }: Surroundings,
  environmentSecret: string | undefined,
): AgentIdentity {
  const agentId = textFlag(invocation, 'agent') ?? (agents.length === 1 ? agents[0]?.agentId : undefined);
  if (agentId === undefined) throw new UsageError('Say which agent: --agent <id>.');
  const found = agents.find((agent) => agent.agentId === agentId);
  if (found !== undefined) return found;
  const path = textFlag(invocation, 'config');
  if (path !== undefined) throw new ConfigError(`${path} has no agent "${agentId}".`);
  if (!agentPattern.test(agentId)) throw new UsageError(`"${agentId}" cannot be the id of an agent.`);
  note(`Agent "${agentId}" is not known without its configuration file: give --config as the server has it.\n`);
  const [identity] = readIdentities([{ id: agentId, policy: {}, keys: undefined }], environmentSecret);
  if (identity === undefined) throw new UsageError(`"${agentId}" cannot be the id of an agent.`);
  return identity;
}
