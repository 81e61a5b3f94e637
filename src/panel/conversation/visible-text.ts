import { html, type TemplateResult } from 'lit/html.js';

/**
 * What a font draws nothing for, or what moves the letters around it: a person who approves a text has to see it. Control and
 * format characters but for line break and tab, separators of lines and paragraphs, halves of a pair, and all else that
 * Unicode has drawn as nothing (UAX #44, Default_Ignorable_Code_Point), such as variation selectors and fillers.
 */
const unseen = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;

/** A text of whoever wrote it, whole, with a box such as "U+202E" in the place of each character that would not be seen. */
export function visibleText(text: string): TemplateResult {
  const boxes = [...text.matchAll(unseen)];
  const ends = boxes.map(({ index, 0: character }) => index + character.length);
  const pieces = boxes.map(({ index, 0: character }, at) => {
    return html`${text.slice(ends[at - 1] ?? 0, index)}<code class="unseen">${codeOf(character)}</code>`;
  });
  return html`<bdi dir="auto">${pieces}${text.slice(ends.at(-1) ?? 0)}</bdi>`;
}

function codeOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
