import { ConversationList, type ListHost } from './list.ts';

export type { ConversationList };

export function createConversationList(host: ListHost): ConversationList {
  return new ConversationList(host);
}
