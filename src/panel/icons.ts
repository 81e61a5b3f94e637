import { svg, html, type SVGTemplateResult, type TemplateResult } from 'lit';

export function icon(shape: SVGTemplateResult): TemplateResult {
  return html`<svg viewBox="0 0 24 24" aria-hidden="true">${shape}</svg>`;
}

export const closeIcon = icon(svg`<path d="m6 6 12 12M18 6 6 18"/>`);
export const newIcon = icon(
  svg`<path d="M12 5H6a2 2 0 0 0-2 2v11a2 2 0 0 0 2 2h11a2 2 0 0 0 2-2v-6"/><path d="m10 14 1-4 8-8 3 3-8 8z"/>`,
);
export const historyIcon = icon(svg`<path d="M4 12a8 8 0 1 0 2.5-5.8L4 8.5M4 4v4.5h4.5M12 8v4.5l3 2"/>`);
export const sendIcon = icon(svg`<path d="M12 20V5m-6.5 6L12 4.5l6.5 6.5"/>`);
export const stopIcon = icon(svg`<rect x="6.5" y="6.5" width="11" height="11" rx="2" fill="currentColor"/>`);
export const checkIcon = icon(svg`<path d="m5 12.5 4.5 4.5L19 7.5"/>`);
