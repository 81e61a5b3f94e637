import { css, sheetOf } from '../../../../src/panel/styles/css.ts';

export { css };

/**
 * Styles of the whole document, once however often it is called: pages and elements have no shadow root, so that labels,
 * descriptions and links inside the page work. Constructed, so that the policy needs to allow no inline style.
 */
export function adoptStyles(text: string): void {
  const sheet = sheetOf(text);
  if (!document.adoptedStyleSheets.includes(sheet)) document.adoptedStyleSheets.push(sheet);
}
