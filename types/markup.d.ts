import type { ChatWidgetEventMap } from '../package/types/page/index.js';

export type {
  ChatWidgetAttributes,
  ChatWidgetElement,
  ChatWidgetEventMap,
  ChatWidgetProperties,
} from '../package/types/page/index.js';

/** Listeners as a framework names them: its prefix, and the name of the event. */
export type ChatWidgetListeners<Prefix extends string> = {
  [Name in keyof ChatWidgetEventMap as `${Prefix}${Name}`]?: ((event: ChatWidgetEventMap[Name]) => void) | undefined;
};
