export { createConversation, type Conversation } from './conversation.ts';
