import type { Token } from 'marked';
import { buildBlocks } from './build-blocks.ts';
import { closeTail } from './close-tail.ts';
import { copyCode } from './code-block.ts';
import { showImage } from './image.ts';
import { defaultLabels, type MarkdownContext, type MarkdownLabels } from './labels.ts';
import { definitionsIn, lex, type Definitions } from './lex.ts';
import { morphChildren } from './morph.ts';
import { spokenText } from './spoken-text.ts';

export type { MarkdownLabels } from './labels.ts';

export type MarkdownOptions = {
  /** Words on buttons and for assistive technology. Default: English. */
  readonly labels?: Partial<MarkdownLabels>;
  /**
   * The address on whose site paths ("/help/returns") lie; empty: nobody knows, and such a link is text. Default: the
   * document's own.
   */
  readonly base?: string;
  /** Text past this many characters is shown as plain text. Default 100,000. */
  readonly maxCharacters?: number;
  /** When appended text is drawn; one call pends at a time. Default `requestAnimationFrame`. */
  readonly requestFrame?: (draw: () => void) => unknown;
  /** Milliseconds from any start. Default `performance.now`. */
  readonly now?: () => number;
  /** Called when appended text has been drawn: with the next frame, or later, after a draw that took long. Its own time counts. */
  readonly drawn?: () => void;
};

export type MarkdownRenderer = {
  /** More text. Drawn with the next frame. */
  append(delta: string): void;
  /** The whole text so far. Where it only goes on from what was there, this is an `append`. */
  set(text: string): void;
  /** The text is complete: draws it at once, exactly as if it had come in one piece. `append` may follow, and reopens it. */
  finish(): void;
  /** Other words on buttons and for assistive technology, from now on and in what is there. */
  relabel(labels: Partial<MarkdownLabels>): void;
  /** The text as one would read it out: without buttons and what stands beside them, a space between blocks. */
  spoken(): string;
  /** Empties the container and draws nothing more. */
  dispose(): void;
};

/** A draw that took long is followed by a rest of this many times as long, so that a page stays usable. */
const restFactor = 4;
const slowMs = 8;

/**
 * Draws markdown (GFM) that grows, into an element of its own. Safe by construction: elements and text nodes are made
 * from the lexer's tokens, nothing is ever parsed as HTML, nothing is fetched.
 */
export function createMarkdownRenderer(container: HTMLElement, options: MarkdownOptions = {}): MarkdownRenderer {
  return new StreamedMarkdown(container, options);
}

class StreamedMarkdown implements MarkdownRenderer {
  readonly #container: HTMLElement;
  #labels: MarkdownContext;
  readonly #maxCharacters: number;
  readonly #requestFrame: (draw: () => void) => unknown;
  readonly #now: () => number;
  readonly #drawn: (() => void) | undefined;
  #text = '';
  #endsWithReturn = false;
  /** Characters and nodes of the blocks that later text cannot change any more. */
  #settledLength = 0;
  #settledNodes = 0;
  #settledDefinitions: Definitions = {};
  /** All definitions that the nodes were made with, as JSON. */
  #definitions = '{}';
  #isPending = false;
  #isDisposed = false;
  #restUntil = 0;

  constructor(container: HTMLElement, options: MarkdownOptions) {
    this.#container = container;
    container.addEventListener('click', this.#handleClick);
    this.#labels = { ...defaultLabels, ...options.labels, base: options.base };
    this.#maxCharacters = options.maxCharacters ?? 100_000;
    this.#now = options.now ?? (() => performance.now());
    this.#requestFrame = options.requestFrame ?? ((draw) => requestAnimationFrame(draw));
    this.#drawn = options.drawn;
  }

  append(delta: string): void {
    const text = this.#endsWithReturn && delta.startsWith('\n') ? delta.slice(1) : delta;
    if (delta !== '') this.#endsWithReturn = delta.endsWith('\r');
    this.#text += text.replace(/\r\n?/g, '\n');
    this.#schedule();
  }

  set(text: string): void {
    const whole = text.replace(/\r\n?/g, '\n');
    if (whole === this.#text) return;
    if (!whole.startsWith(this.#text)) this.#unsettle();
    this.#text = whole;
    this.#endsWithReturn = text.endsWith('\r');
    this.#schedule();
  }

  finish(): void {
    if (this.#isDisposed) return;
    this.#isPending = false;
    this.#unsettle();
    const nodes = buildBlocks(lex(this.#markdown).tokens, this.#labels);
    morphChildren(this.#container, [...nodes, ...this.#overflow()]);
  }

  relabel(labels: Partial<MarkdownLabels>): void {
    this.#labels = { ...defaultLabels, ...labels, base: this.#labels.base };
    this.#unsettle();
    if (this.#text !== '') this.#schedule();
  }

  spoken(): string {
    return spokenText(this.#container);
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#text = '';
    this.#container.removeEventListener('click', this.#handleClick);
    this.#container.replaceChildren();
  }

  /** One listener for all buttons: nodes come and go while the text grows. */
  readonly #handleClick = ({ target }: Event): void => {
    const button = target instanceof Element ? target.closest('.code-copy, .image-show') : null;
    if (button?.matches('.code-copy')) void copyCode(button, this.#labels);
    if (button?.matches('.image-show')) showImage(button, this.#labels);
  };

  get #markdown(): string {
    return this.#text.slice(0, this.#maxCharacters);
  }

  #overflow(): Node[] {
    if (this.#text.length <= this.#maxCharacters) return [];
    const rest = document.createElement('p');
    rest.textContent = this.#text.slice(this.#maxCharacters);
    return [rest];
  }

  #unsettle(): void {
    this.#settledLength = 0;
    this.#settledNodes = 0;
    this.#settledDefinitions = {};
  }

  #schedule(): void {
    if (this.#isPending) return;
    this.#isPending = true;
    this.#requestFrame(() => this.#draw());
  }

  #draw(): void {
    if (!this.#isPending || this.#isDisposed) return;
    this.#isPending = false;
    const startedAt = this.#now();
    if (startedAt < this.#restUntil) {
      this.#schedule();
      return;
    }
    this.#drawOpenBlocks();
    this.#drawn?.();
    const tookMs = this.#now() - startedAt;
    if (tookMs > slowMs) this.#restUntil = startedAt + tookMs * restFactor;
  }

  #drawOpenBlocks(): void {
    const open = this.#markdown.slice(this.#settledLength);
    const { tokens, definitions } = lex(closeTail(open), { known: this.#settledDefinitions });
    const all = JSON.stringify(definitions);
    if (this.#settledLength > 0 && all !== this.#definitions) {
      // A new definition may turn text of settled blocks into links: all is drawn anew, once.
      this.#unsettle();
      this.#drawOpenBlocks();
      return;
    }
    this.#definitions = all;
    morphChildren(this.#container, [...buildBlocks(tokens, this.#labels), ...this.#overflow()], this.#settledNodes);
    this.#settle(tokens, open);
  }

  /** All but the last two blocks are settled: the last one grows, and can still join the one before it. */
  #settle(tokens: readonly Token[], open: string): void {
    const visible = tokens.filter((token) => token.type !== 'space');
    const firstOpen = visible.at(-2);
    if (visible.length < 3 || firstOpen === undefined) return;
    const settled = tokens.slice(0, tokens.indexOf(firstOpen));
    const raw = settled.map((token) => token.raw).join('');
    // The lexer's raw texts join to its source; were they ever not to, nothing would be settled and all drawn again.
    if (!open.startsWith(raw)) return;
    this.#settledLength += raw.length;
    this.#settledDefinitions = { ...definitionsIn(settled), ...this.#settledDefinitions };
    this.#settledNodes += settled.filter((token) => buildsNode(token)).length;
  }
}

function buildsNode(token: Token): boolean {
  return token.type !== 'space' && token.type !== 'def';
}
