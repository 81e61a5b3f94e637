export {
  createAgentRegistry,
  decodeConfig,
  readIdentities,
  type AgentEntry,
  type AgentRegistry,
  type RegistrySources,
} from './agent-registry.ts';
export { createIndexCache } from './index-cache.ts';
export {
  createLiveAgents,
  type AgentChange,
  type AgentStanding,
  type ChangeOutcome,
  type LiveAgents,
} from './live-agents.ts';
export type { ActionChange } from './change-actions.ts';
export { visitorSecretsOf } from './agent-actions.ts';
export { agentFields, fieldValuesSchema, type AgentField, type FieldValues } from './stored-agent.ts';
export { nameWord, readArguments } from './arguments.ts';
export { parseCommandLine, usage, type Command } from './command-line.ts';
export { createAttachmentStorage } from './attachment-place.ts';
export type { AgentInput, AttachmentSettings, ConfigInput, RateLimitSettings } from './config-schema.ts';
export {
  ConfigError,
  readEnvironment,
  type Environment,
  type ModelSettings,
  type StorageCredentials,
} from './environment.ts';
export { createMasterKeySource } from './master-key.ts';
export { formatPath, issuesOf, type Issue } from './issues.ts';
export { readOidc, type OidcSettings } from './oidc-settings.ts';
export { originMatches, parseOriginPattern, type OriginPattern } from './origins.ts';
export { defaultConfig, readConfigFile, type ConfigSource } from './config-file.ts';
