/** Text of a style sheet; the tag is what the build takes white space out of. */
export const css = String.raw;

const sheets = new Map<string, CSSStyleSheet>();

/** One sheet for all elements with the same text: constructed, so that a page's policy needs to allow no style. */
export function sheetOf(text: string): CSSStyleSheet {
  let sheet = sheets.get(text);
  if (sheet === undefined) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    sheets.set(text, sheet);
  }
  return sheet;
}
