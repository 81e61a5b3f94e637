// `import type {} from 'chat-widget/svelte'`: <chat-widget> in the templates of Svelte 5.
import type { HTMLAttributes } from 'svelte/elements';
import type { ChatWidgetAttributes, ChatWidgetElement, ChatWidgetListeners, ChatWidgetProperties } from './markup.js';

declare module 'svelte/elements' {
  interface SvelteHTMLElements {
    'chat-widget': HTMLAttributes<ChatWidgetElement> &
      ChatWidgetAttributes &
      ChatWidgetProperties &
      ChatWidgetListeners<'on'>;
  }
}
