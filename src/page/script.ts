import { ChatWidgetElement } from '../shell/index.ts';
import { install } from './api.ts';

// The script tag: `<script async src="https://chat.example.com/widget/chat.js" data-agent-id="acme"></script>`
const script = document.currentScript as HTMLScriptElement | null;
const data: DOMStringMap = script?.dataset ?? {};
if (script !== null) ChatWidgetElement.defaultServer = new URL(script.src).origin;
const chat = install(data['global']);

/** Waits for the whole page: a `<chat-widget>` further down makes another one superfluous. */
function begin(): void {
  const { agentId, server, userName, userEmail, mode, position, theme, metadata, open } = data;
  const userToken = data['contactContextToken'] || data['userToken'];
  const present = document.querySelector<ChatWidgetElement>('chat-widget');
  if (present !== null || agentId === undefined || data['manual'] !== undefined) {
    if (userToken) void chat.identify(userToken);
    return;
  }
  const attributes = { server, 'data-user-name': userName, 'data-user-email': userEmail, mode, position, theme, metadata, open };
  const widget = new ChatWidgetElement();
  widget.setAttribute('agent-id', agentId);
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) widget.setAttribute(name, value);
  // A token that chat('identify') has brought meanwhile is newer than the one in the tag.
  document.body.append(widget);
  if (userToken) void widget.identify(userToken);
}

if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', begin);
else begin();
