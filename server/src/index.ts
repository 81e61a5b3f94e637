/** The server as a library: see docs/server.md. */
export { ConfigError, type AgentInput, type ConfigInput, type ModelSettings } from './config/index.ts';
export {
  defineAction,
  type Action,
  type ActionAccess,
  type ActionCall,
  type ActionSettings,
  type ActionUser,
  type Agent,
  type AgentUser,
  type AllowRule,
  type Turn,
  type UnverifiedUser,
  type VerifiedUser,
} from './agents/index.ts';
export {
  createChatServer,
  listen,
  type ChatServer,
  type ChatServerOptions,
  type Connection,
  type Listener,
  type ListenOptions,
  type LogDestination,
  type LogLevel,
} from './http/index.ts';
export { DataDirectoryInUseError, type StoreLocation } from './storage/index.ts';
