import { svg } from 'lit/html.js';
import { icon } from '../../icons.ts';

export { fileIcon } from '../files/icons.ts';
export const attachIcon = icon(
  svg`<path d="m19.5 11-7.4 7.6a4.7 4.7 0 0 1-6.7-6.7l7.7-7.8a3.1 3.1 0 0 1 4.5 4.4l-7.7 7.8a1.6 1.6 0 0 1-2.3-2.2l7-7.1"/>`,
);
