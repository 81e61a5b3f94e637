import { html, svg } from 'lit/html.js';
import { icon } from '../../icons.ts';

/** Points to where reading begins; the styles turn it. */
export const backIcon = html`<span class="sideways">${icon(svg`<path d="M14.5 5.5 8 12l6.5 6.5"/>`)}</span>`;
export const searchIcon = icon(svg`<circle cx="10.5" cy="10.5" r="6"/><path d="m15 15 5 5"/>`);
