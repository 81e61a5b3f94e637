// `import type {} from 'chat-widget/react'`: <chat-widget> in the JSX of React 19.
import type { DetailedHTMLProps, HTMLAttributes } from 'react';
import type { ChatWidgetAttributes, ChatWidgetElement, ChatWidgetListeners, ChatWidgetProperties } from './markup.js';

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'chat-widget': DetailedHTMLProps<HTMLAttributes<ChatWidgetElement>, ChatWidgetElement> &
        ChatWidgetAttributes &
        ChatWidgetProperties &
        ChatWidgetListeners<'on'>;
    }
  }
}
