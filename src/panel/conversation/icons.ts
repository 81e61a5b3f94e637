import { svg } from 'lit';
import { icon } from '../icons.ts';

export { checkIcon } from '../icons.ts';
export const downIcon = icon(svg`<path d="M12 4v15m-6.5-6L12 19.5l6.5-6.5"/>`);
export const lockIcon = icon(
  svg`<rect x="4.5" y="10.5" width="15" height="10" rx="2.5"/><path d="M8 10.5V7.5a4 4 0 0 1 8 0v3M12 14.5v2"/>`,
);
export const alertIcon = icon(svg`<circle cx="12" cy="12" r="9"/><path d="M12 7.5v5M12 16v.1"/>`);
