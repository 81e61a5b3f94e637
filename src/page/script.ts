import { ChatWidgetElement } from '../shell/index.ts';
import { install } from './api.ts';

// The script tag: `<script async src="https://chat.example.com/widget/chat.js" data-agent-id="acme"></script>`
const script = document.currentScript as HTMLScriptElement;
const { global, manual, userToken, ...options } = { ...script.dataset };
ChatWidgetElement.defaultServer = new URL(script.src).origin;
// Whatever the page has said, or says from here on, is later than its markup.
const chat = install(global, userToken ? [['identify', userToken]] : []);

/** Waits for the whole page: a `<chat-widget>` further down makes another one superfluous. */
function begin(): void {
  const isMissing = document.querySelector('chat-widget') === null;
  if (isMissing && manual === undefined && options['agentId']) void chat.init(options);
}

if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', begin);
else begin();
