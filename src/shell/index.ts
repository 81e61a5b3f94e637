export { ChatWidgetElement } from './element.ts';
export type { WidgetOptions, WidgetState } from './types.ts';
