import { ChatWidgetElement } from '../shell/index.ts';
import { install } from './api.ts';

// The script tag: `<script async src="https://chat.example.com/widget/chat.js" data-agent-id="acme"></script>`
const script = document.currentScript as HTMLScriptElement;
const { global, manual, ...options } = { ...script.dataset };
ChatWidgetElement.defaultServer = new URL(script.src).origin;
const chat = install(global);

/** Waits for the whole page: a `<chat-widget>` further down makes another one superfluous. */
function begin(): void {
  const present = document.querySelector<ChatWidgetElement>('chat-widget');
  if (present === null && manual === undefined && options['agentId']) void chat.init(options);
  else if (options['userToken']) void chat.identify(options['userToken']);
}

if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', begin);
else begin();
