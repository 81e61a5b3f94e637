export { ChatWidgetElement, type WidgetState, type WidgetUpdate } from './element.ts';
