// `import type {} from 'chat-widget/solid'`: <chat-widget> in the JSX of Solid 1.
import type { JSX } from 'solid-js';
import type { ChatWidgetAttributes, ChatWidgetElement, ChatWidgetListeners, ChatWidgetProperties } from './markup.js';

// What has no prefix Solid sets as a property of a custom element, which most attributes have none of.
type Attributes = {
  [Name in keyof ChatWidgetAttributes as `attr:${Name}`]?: ChatWidgetAttributes[Name];
};
type Properties = {
  [Name in keyof ChatWidgetProperties | 'open' as `prop:${Name}`]?: (ChatWidgetProperties & { open?: boolean })[Name];
};

declare module 'solid-js' {
  namespace JSX {
    interface IntrinsicElements {
      'chat-widget': JSX.HTMLAttributes<ChatWidgetElement> & Attributes & Properties & ChatWidgetListeners<'on:'>;
    }
  }
}
