import { ChatWidgetElement, type ChatWidgetEventMap } from '../shell/index.ts';
import { install, type ChatApi } from './api.ts';

export { ChatWidgetElement, type ChatApi };
export type {
  ChatEventDetails,
  ChatWidgetAttributes,
  ChatWidgetEventMap,
  ChatWidgetProperties,
  StringOverrides,
  WidgetOptions,
  WidgetState,
} from '../shell/index.ts';
export type { ChatError, IdentityState, TokenSource } from '../client/index.ts';

// `import 'chat-widget'` registers the element and `window.chat`; in Node it does nothing.
if (globalThis.document !== undefined) {
  ChatWidgetElement.defaultServer ||= new URL(import.meta.url).origin;
  install();
}

// What `import 'chat-widget'` and the script tag put on every page.
declare global {
  interface HTMLElementTagNameMap {
    'chat-widget': ChatWidgetElement;
  }

  // Of elements, the document and the window alike: the events bubble up to all of them.
  interface GlobalEventHandlersEventMap extends ChatWidgetEventMap {}

  interface Window {
    chat: ChatApi;
  }
}
