import type { Token } from 'marked';
import { buildBlocks, type MarkdownLabels } from './build-nodes.ts';
import { closeTail } from './close-tail.ts';
import { lex } from './lex.ts';
import { morphChildren } from './morph.ts';

export type { MarkdownLabels } from './build-nodes.ts';

export type MarkdownOptions = {
  /** Words for assistive technology. Default: English. */
  readonly labels?: Partial<MarkdownLabels>;
  /** Text past this many characters is shown as plain text. Default 100,000. */
  readonly maxCharacters?: number;
  /** When appended text is drawn; one call pends at a time. Default `requestAnimationFrame`. */
  readonly requestFrame?: (draw: () => void) => unknown;
  /** Milliseconds from any start. Default `performance.now`. */
  readonly now?: () => number;
};

export type MarkdownRenderer = {
  /** More text. Drawn with the next frame. */
  append(delta: string): void;
  /** The whole text so far. Where it only goes on from what was there, this is an `append`. */
  set(text: string): void;
  /** The text is complete: draws it at once, exactly as if it had come in one piece. `append` may follow, and reopens it. */
  finish(): void;
  /** Empties the container and draws nothing more. */
  dispose(): void;
};

const defaultLabels: MarkdownLabels = {
  table: 'Table',
  code: 'Code',
  done: 'Done',
  notDone: 'Not done',
  image: 'Image',
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
  readonly #labels: MarkdownLabels;
  readonly #maxCharacters: number;
  readonly #requestFrame: (draw: () => void) => unknown;
  readonly #now: () => number;
  #text = '';
  #endsWithReturn = false;
  /** Characters and nodes of the blocks that later text cannot change any more. */
  #settledLength = 0;
  #settledNodes = 0;
  #isPending = false;
  #isDisposed = false;
  #restUntil = 0;

  constructor(container: HTMLElement, options: MarkdownOptions) {
    this.#container = container;
    this.#labels = { ...defaultLabels, ...options.labels };
    this.#maxCharacters = options.maxCharacters ?? 100_000;
    this.#now = options.now ?? (() => performance.now());
    this.#requestFrame = options.requestFrame ?? ((draw) => requestAnimationFrame(draw));
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

  dispose(): void {
    this.#isDisposed = true;
    this.#text = '';
    this.#container.replaceChildren();
  }

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
    const tookMs = this.#now() - startedAt;
    if (tookMs > slowMs) this.#restUntil = startedAt + tookMs * restFactor;
  }

  #drawOpenBlocks(): void {
    const open = this.#markdown.slice(this.#settledLength);
    const { tokens, hasDefinitions } = lex(closeTail(open));
    if (this.#settledLength > 0 && hasDefinitions) {
      // A definition may turn text of settled blocks into links, and grows itself: with one there, all is drawn anew.
      this.#unsettle();
      this.#drawOpenBlocks();
      return;
    }
    morphChildren(this.#container, [...buildBlocks(tokens, this.#labels), ...this.#overflow()], this.#settledNodes);
    if (!hasDefinitions) this.#settle(tokens, open);
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
    this.#settledNodes += settled.filter((token) => buildsNode(token)).length;
  }
}

function buildsNode(token: Token): boolean {
  return token.type !== 'space' && token.type !== 'def';
}
