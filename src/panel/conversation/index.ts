export { createConversation, type Conversation } from './conversation.ts';
export { parts } from './parts.ts';
