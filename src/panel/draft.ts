import type { ComposerState } from './view.ts';

/** What counts beside the text: `files` can be sent without one, `held` keeps everything back. */
export type Beside = 'files' | 'held';

/** What the visitor is writing. It lives in the textarea alone, so that no render can lose it. */
export class Draft {
  readonly #changed: () => void;
  #area: HTMLTextAreaElement | undefined;
  #shown = '';

  /** @param changed called when the state around the text (empty, near the limit) is to be drawn anew. */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  connect(area: HTMLElement | undefined): void {
    if (area instanceof HTMLTextAreaElement) this.#area = area;
  }

  get isEmpty(): boolean {
    return this.text.trim() === '';
  }

  /** @param maxCharacters of a message; undefined where it is not known yet. */
  state(maxCharacters: number | undefined, beside: Beside | undefined): ComposerState {
    const { isEmpty } = this;
    const left = (maxCharacters ?? Infinity) - this.text.trim().length;
    const isNear = left < Math.max(20, Math.min(200, (maxCharacters ?? 0) / 5));
    const canSend = beside === undefined ? !isEmpty : beside !== 'held';
    return { isEmpty, left: isNear ? left : undefined, canSend: canSend && left >= 0 };
  }

  /** To be called after each input. Draws anew only what typing on does not leave the same. */
  changed(): void {
    const { text } = this;
    const grow = this.#area?.parentElement;
    // The mirror that gives the textarea its height needs no more than fills it.
    if (grow) grow.dataset['text'] = text.slice(0, 2_000);
    const isLong = text.length > 500;
    const shown = this.isEmpty ? 'empty' : isLong ? `${text.length}` : 'text';
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#changed();
  }

  take(): string {
    const text = this.text.trim();
    this.text = '';
    return text;
  }

  /** Puts a text in front of what stands there. */
  putBack(text: string): void {
    this.text = this.isEmpty ? text : `${text}\n${this.text}`;
  }

  get text(): string {
    return this.#area?.value ?? '';
  }
  set text(text: string) {
    if (this.#area !== undefined) this.#area.value = text;
    this.changed();
  }
}
