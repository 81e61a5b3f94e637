import type { ChatMessage, MessagePage } from '../protocol/index.ts';
import { upTo, type Conversation } from './conversation.ts';

/** The newest page of history, as the server has it now; older pages that are on the screen stay. */
export function withNewestPage(conversation: Conversation, page: MessagePage): Conversation {
  const { stored } = conversation;
  const joint = stored.findIndex(({ id }) => id === page.messages[0]?.id);
  const fresh = { ...conversation, history: 'ready' } as const;
  if (joint < 1) return { ...fresh, stored: page.messages, nextBefore: page.nextBefore };
  return { ...fresh, stored: [...stored.slice(0, joint), ...page.messages] };
}

export function withOlderPage(conversation: Conversation, page: MessagePage): Conversation {
  const known = new Set(conversation.stored.map(({ id }) => id));
  const older = page.messages.filter(({ id }) => !known.has(id));
  return { ...conversation, stored: [...older, ...conversation.stored], nextBefore: page.nextBefore };
}

/** A stored message added, or put in the place of the one with its id, or of the one that it replaces and what followed. */
export function withMessage(conversation: Conversation, message: ChatMessage): Conversation {
  const known = upTo(conversation.stored, message.metadata?.editedFrom);
  const at = known.findIndex(({ id }) => id === message.id);
  const stored = at < 0 ? [...known, message] : known.with(at, message);
  return { ...conversation, stored, typing: message.role === 'user' ? conversation.typing : undefined };
}

export function withoutMessage(conversation: Conversation, messageId: string): Conversation {
  return { ...conversation, stored: conversation.stored.filter(({ id }) => id !== messageId) };
}
