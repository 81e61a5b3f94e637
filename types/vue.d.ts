// `import type {} from 'chat-widget/vue'`: <chat-widget> in the templates of Vue 3.
import type { HTMLAttributes, PublicProps } from 'vue';
import type { ChatWidgetAttributes, ChatWidgetElement, ChatWidgetEventMap, ChatWidgetProperties } from './markup.js';

type Camel<Name extends string> = Name extends `${infer First}-${infer Rest}`
  ? `${First}${Capitalize<Camel<Rest>>}`
  : Name;

/** `@chat-ready` is the property `onChatReady`. */
type Listeners = {
  [Name in keyof ChatWidgetEventMap as `on${Capitalize<Camel<Name>>}`]?:
    | ((event: ChatWidgetEventMap[Name]) => void)
    | undefined;
};

type Props = PublicProps & HTMLAttributes & ChatWidgetAttributes & ChatWidgetProperties & Listeners;

declare module 'vue' {
  interface GlobalComponents {
    'chat-widget': new () => ChatWidgetElement & { $props: Props };
  }
}
