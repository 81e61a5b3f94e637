export { checkSource } from './check-source.ts';
export { ChatWidgetElement, quiet } from './element.ts';
export type { StringOverrides, WidgetOptions, WidgetState } from './types.ts';
export type { ChatEventDetails, ChatWidgetAttributes, ChatWidgetEventMap, ChatWidgetProperties } from './markup.ts';
