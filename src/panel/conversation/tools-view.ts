import { html, nothing, type TemplateResult } from 'lit/html.js';
import { iconButton } from '../header-view.ts';
import type { ConversationView } from './conversation-view.ts';
import { historyIcon, newIcon } from './icons.ts';

/** What the header offers beside closing: what is wanted most, and a menu of the rest. */
export function toolsView(view: ConversationView, menu: TemplateResult): TemplateResult {
  const { strings, snapshot, act, showsConversations } = view;
  const { messages, conversations } = snapshot;
  return html`${
    showsConversations || snapshot.access === 'denied'
      ? nothing
      : messages.length > 0
        ? iconButton(strings.newConversation, newIcon, act.newConversation)
        : conversations.length > 0
          ? iconButton(strings.conversations, historyIcon, act.toggleConversations)
          : nothing
  }
  ${menu}`;
}
