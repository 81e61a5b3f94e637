// `import type {} from 'chat-widget/preact'`: <chat-widget> in the JSX of Preact 10 and newer.
import type { HTMLAttributes } from 'preact';
import type { ChatWidgetAttributes, ChatWidgetElement, ChatWidgetListeners, ChatWidgetProperties } from './markup.js';

declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      'chat-widget': HTMLAttributes<ChatWidgetElement> &
        ChatWidgetAttributes &
        ChatWidgetProperties &
        ChatWidgetListeners<'on'>;
    }
  }
}
