import { ChatWidgetElement } from '../shell/index.ts';
import { install, type ChatApi } from './api.ts';

export { ChatWidgetElement, type ChatApi };

// `import 'chat-widget'` registers the element and `window.chat`; in Node it does nothing.
if (globalThis.document !== undefined) {
  ChatWidgetElement.defaultServer ||= new URL(import.meta.url).origin;
  install();
}
