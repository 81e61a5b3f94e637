export { checkSource } from './check-source.ts';
export { ChatWidgetElement } from './element.ts';
export type { WidgetOptions, WidgetState } from './types.ts';
