import { answers } from './answers.ts';
import { markdown } from './markdown.ts';
import { messages } from './messages.ts';
import { order } from './order.ts';
import { shared } from './shared.ts';
import { welcome } from './welcome.ts';

export const styles = [shared, messages, welcome, order, answers, markdown];
