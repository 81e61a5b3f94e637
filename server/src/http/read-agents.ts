import { resolve } from 'node:path';
import type { Logger } from 'pino';
import {
  createAgentRegistry,
  createIndexCache,
  createLiveAgents,
  visitorSecretsOf,
  type decodeConfig,
  type LiveAgents,
} from '../config/index.ts';
import type { KeyVault } from '../identity/index.ts';
import type { Store } from '../storage/index.ts';
import type { ChatServerOptions } from './chat-server.ts';

type Surroundings = {
  readonly config: ReturnType<typeof decodeConfig>;
  readonly log: Logger;
  readonly clock: () => number;
};

/**
 * The agents of the configuration, checked before anything is opened; and what puts those of the store over them.
 *
 * @throws ConfigError
 */
export async function readAgents(
  options: ChatServerOptions,
  { config, log, clock }: Surroundings,
): Promise<(store: Store, vault: KeyVault) => Promise<LiveAgents>> {
  const { baseDirectory = process.cwd(), environmentSecret, model, agentFor, actionsFor } = options;
  const onProblem = ({ message }: Error) => log.warn({ problem: message }, 'changed articles cannot be read');
  const indexes = createIndexCache({ onProblem });
  const common = { baseDirectory, environmentSecret, model, agentFor, actionsFor, indexOf: indexes.of };
  const onWarning = (agentId: string, message: string) => log.warn({ agentId }, message);
  const base = await createAgentRegistry(config.agents, { ...common, onWarning });
  return (store, vault) =>
    createLiveAgents({
      files: options.config.agents,
      base,
      sources: { ...common, visitorSecrets: visitorSecretsOf(config.agents, environmentSecret) },
      indexes,
      folderRoots: config.agentFolders.map((folder) => resolve(baseDirectory, folder)),
      actionOrigins: config.actionOrigins,
      store,
      vault,
      clock,
      intervalMs: options.streamCheckMs ?? 500,
    });
}
