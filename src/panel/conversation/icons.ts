import { svg } from 'lit/html.js';
import { icon } from '../icons.ts';

export { checkIcon } from '../icons.ts';
export const downIcon = icon(svg`<path d="M12 4v15m-6.5-6L12 19.5l6.5-6.5"/>`);
export const lockIcon = icon(
  svg`<rect x="4.5" y="10.5" width="15" height="10" rx="2.5"/><path d="M8 10.5V7.5a4 4 0 0 1 8 0v3M12 14.5v2"/>`,
);
export const alertIcon = icon(svg`<circle cx="12" cy="12" r="9"/><path d="M12 7.5v5M12 16v.1"/>`);
export const newIcon = icon(
  svg`<path d="M12 5H6a2 2 0 0 0-2 2v11a2 2 0 0 0 2 2h11a2 2 0 0 0 2-2v-6"/><path d="m10 14 1-4 8-8 3 3-8 8z"/>`,
);
export const historyIcon = icon(svg`<path d="M4 12a8 8 0 1 0 2.5-5.8L4 8.5M4 4v4.5h4.5M12 8v4.5l3 2"/>`);
export const copyIcon = icon(
  svg`<rect x="9" y="9" width="11" height="11" rx="2.5"/><path d="M15 9V6.5A2.5 2.5 0 0 0 12.5 4h-6A2.5 2.5 0 0 0 4 6.5v6A2.5 2.5 0 0 0 6.5 15H9"/>`,
);
export const againIcon = icon(svg`<path d="M20 12a8 8 0 1 1-2.5-5.8L20 8.5M20 4v4.5h-4.5"/>`);
export const thumbUpIcon = icon(
  svg`<path d="M7.5 10.5v9H5A1.5 1.5 0 0 1 3.5 18v-6A1.5 1.5 0 0 1 5 10.5zl3.6-6.3a1.6 1.6 0 0 1 3 .9l-.6 4.4h4.7a2 2 0 0 1 2 2.4l-1.2 6a2 2 0 0 1-2 1.6H7.5"/>`,
);
export const thumbDownIcon = icon(
  svg`<path d="M7.5 13.5v-9H5A1.5 1.5 0 0 0 3.5 6v6A1.5 1.5 0 0 0 5 13.5zl3.6 6.3a1.6 1.6 0 0 0 3-.9l-.6-4.4h4.7a2 2 0 0 0 2-2.4l-1.2-6a2 2 0 0 0-2-1.6H7.5"/>`,
);
export const editIcon = icon(svg`<path d="m4 20 1-4.5L16.5 4 20 7.5 8.5 19zM14 6.5l3.5 3.5"/>`);
export const personIcon = icon(
  svg`<circle cx="12" cy="8.5" r="3.75"/><path d="M4.5 20c.6-4 3.6-6 7.5-6s6.9 2 7.5 6"/>`,
);
export const moreIcon = icon(
  svg`<g stroke-width="2.75"><path d="M5.5 12h.01"/><path d="M12 12h.01"/><path d="M18.5 12h.01"/></g>`,
);
export const downloadIcon = icon(svg`<path d="M12 4v11m-5-4.5 5 5 5-5M5 20h14"/>`);
export const speechIcon = icon(
  svg`<path d="M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM15.5 9a4.5 4.5 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11"/>`,
);
