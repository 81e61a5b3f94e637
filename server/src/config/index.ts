export {
  createAgentRegistry,
  decodeConfig,
  readIdentities,
  type AgentEntry,
  type AgentRegistry,
  type RegistrySources,
} from './agent-registry.ts';
export { parseCommandLine, usage, type Command } from './command-line.ts';
export type { AgentInput, ConfigInput, RateLimitSettings } from './config-schema.ts';
export { ConfigError, readEnvironment, type Environment, type ModelSettings } from './environment.ts';
export { createMasterKeySource } from './master-key.ts';
export { formatPath, issuesOf, type Issue } from './issues.ts';
export { originMatches, parseOriginPattern, type OriginPattern } from './origins.ts';
export { defaultConfig, readConfigFile, type ConfigSource } from './config-file.ts';
