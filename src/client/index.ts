export { createChatClient, type ChatClientOptions } from './client.ts';
export { browserEnvironment, type Environment, type KeyValue } from './environment.ts';
export * from './types.ts';
