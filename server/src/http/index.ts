export { createChatServer, type ChatServer, type ChatServerOptions, type Connection } from './chat-server.ts';
export { listen, type Listener, type ListenOptions } from './listen.ts';
export { scrub, type LogDestination, type LogLevel } from './request-log.ts';
