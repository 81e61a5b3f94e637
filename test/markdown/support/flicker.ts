import { renderWhole, renderSteps } from './render.ts';

/** `step`: how many characters had come. `shown` was on the screen then, and is not how the finished text begins. */
export type Flicker = {
  readonly step: number;
  readonly kind: 'text' | 'block';
  readonly shown: string;
  readonly final: string;
};

export type Watched = {
  readonly flickers: readonly Flicker[];
  /** The most characters of text that a finished text of so much would have shown and the stream had not yet. */
  readonly mostWithheld: number;
};

/**
 * Streams a text character by character and looks at each step: what is shown has to be how the finished text begins (spaces
 * aside), and all blocks but the last have to be of the kind that they are in the end. Whatever was shown as syntax and is
 * not any more, or was a paragraph and turns into a table, is a flicker.
 */
export function watch(text: string): Watched {
  const final = look(renderWhole(text).innerHTML);
  const flickers: Flicker[] = [];
  let mostWithheld = 0;
  const characters = [...text];
  renderSteps(characters).forEach((html, index) => {
    const step = index + 1;
    const shown = look(html);
    if (!final.text.startsWith(shown.text))
      flickers.push({ step, kind: 'text', ...difference(shown.text, final.text) });
    if (!final.blocks.startsWith(shown.blocks))
      flickers.push({ step, kind: 'block', shown: shown.blocks, final: final.blocks });
    const whole = look(renderWhole(characters.slice(0, step).join('')).innerHTML);
    mostWithheld = Math.max(mostWithheld, whole.text.length - shown.text.length);
  });
  return { flickers, mostWithheld };
}

function look(html: string): { text: string; blocks: string } {
  const { body } = new DOMParser().parseFromString(html, 'text/html');
  return {
    text: body.textContent.replaceAll(/\s+/g, ''),
    blocks: [...body.children].map((block) => `${block.localName}${block.className}`).join(' '),
  };
}

function difference(shown: string, final: string): { shown: string; final: string } {
  let at = 0;
  while (at < shown.length && shown[at] === final[at]) at += 1;
  return { shown: shown.slice(Math.max(0, at - 20)), final: final.slice(Math.max(0, at - 20), at + 20) };
}
