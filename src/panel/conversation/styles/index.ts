import { markdown } from './markdown.ts';
import { messages } from './messages.ts';

export const styles = [messages, markdown];
