import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { toApiError } from '../api/index.ts';
import { icon } from '../elements/index.ts';
import { filledIn, matching, onlyShortcut, type Placeholders, searchedShortcut } from './canned-replies.ts';
import { draftOf, keepDraft } from './drafts.ts';
import type { CannedReply } from './types.ts';

export type ComposerMode = 'reply' | 'note';

const typingEveryMs = 4_000;
const typingEndsMs = 5_000;

/** Where operators write: replies to the visitor, or notes for each other, which look different and say so. */
export class ComposerElement extends LitElement {
  static override readonly properties = {
    mode: { attribute: false },
    mayReply: { attribute: false },
    replies: { attribute: false },
    placeholders: { attribute: false },
    answers: { attribute: false },
    draftKey: { attribute: false },
  };

  mode: ComposerMode = 'reply';
  /** Whether the visitor is this operator's: else only notes are sent. What was begun as a reply stays one. */
  mayReply = false;
  /** Who answers where this operator does not, as a sentence. */
  answers = '';
  /** Under which name what is written is kept in this tab; empty: it is not. */
  draftKey = '';
  replies: readonly CannedReply[] = [];
  placeholders: Placeholders = { name: '', operator: '', agent: '' };
  /** Somebody looks for a saved reply: there may be new ones. */
  lookUp: () => void = () => undefined;
  /** Rejects where it was not taken; the text stays, and is sent again with the same id. */
  send: (mode: ComposerMode, id: string, text: string) => Promise<void> = () => Promise.resolve();
  typing: (mode: ComposerMode, isTyping: boolean) => void = () => undefined;

  #text = '';
  #sent: { readonly id: string; readonly text: string } | undefined;
  #busy = false;
  #error: string | undefined;
  #chosen = 0;
  #isFinding = false;
  #typedAt = 0;
  #typingEnds: ReturnType<typeof setTimeout> | undefined;

  protected override createRenderRoot(): this {
    return this;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#typingEnds);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const draft = changed.has('draftKey') ? draftOf(this.draftKey) : undefined;
    if (changed.has('mayReply')) this.#adapt(changed.get('mayReply'));
    if (draft === undefined) return;
    this.#text = draft.text;
    this.mode = draft.mode;
  }

  /** A reply that is being written never becomes a note by itself: the next Enter would put it there. */
  #adapt(couldReply: boolean | undefined): void {
    if (this.mayReply) {
      if (couldReply === false) this.mode = 'reply';
      return;
    }
    this.#stopTyping();
    const isWriting = couldReply === true && (this.#text.trim() !== '' || document.activeElement === this.#area);
    if (!isWriting) this.mode = 'note';
  }

  get #isHeld(): boolean {
    return this.mode === 'reply' && !this.mayReply;
  }

  override focus(): void {
    this.#area?.focus();
  }

  get #area(): HTMLTextAreaElement | null {
    return this.querySelector('textarea');
  }

  protected override render(): TemplateResult {
    const isNote = this.mode === 'note';
    return html`<form class=${`composer ${this.mode}`} novalidate @submit=${this.#submit}>
      ${this.#modes()} ${this.#menu()} ${this.#heldNotice()}
      <label class="visually-hidden" for="composer-text">${isNote ? 'Internal note' : 'Reply to the visitor'}</label>
      <textarea
        id="composer-text"
        class="input"
        rows="3"
        maxlength=${isNote ? 8_000 : 32_000}
        placeholder=${isNote ? 'Only your colleagues read this.' : 'Write to the visitor. / finds a saved reply.'}
        aria-describedby="composer-held composer-hint composer-error"
        aria-invalid=${this.#error !== undefined}
        aria-autocomplete="list"
        aria-controls="composer-menu"
        aria-activedescendant=${this.#found().length > 0 ? `composer-option-${this.#chosen}` : ''}
        dir="auto"
        .value=${this.#text}
        @input=${this.#input}
        @keydown=${this.#key}
        @blur=${() => this.#stopTyping()}
      ></textarea>
      <div id="composer-error" role="alert">
        ${this.#error === undefined ? nothing : html`<p class="error">${icon('alert')}<span>${this.#error}</span></p>`}
      </div>
      <div class="row spread">
        <p class="muted small">
          <span id="composer-hint">Enter sends, Shift + Enter begins a new line.</span>
          <a href="/dashboard/saved-replies">Saved replies</a>
        </p>
        <button class="button primary" aria-disabled=${this.#busy || this.#isHeld}>
          ${isNote ? 'Add note' : 'Send reply'}
        </button>
      </div>
    </form>`;
  }

  #modes(): TemplateResult {
    const choice = (mode: ComposerMode, label: string): TemplateResult =>
      html`<label
        ><input
          type="radio"
          name="mode"
          .checked=${this.mode === mode}
          ?disabled=${mode === 'reply' && !this.mayReply && !this.#isHeld}
          @change=${() => this.use(mode)}
        /><span>${label}</span></label
      >`;
    return html`<fieldset class="segments">
      <legend class="visually-hidden">What you write</legend>
      ${choice('reply', 'Reply')} ${choice('note', 'Internal note')}
    </fieldset>`;
  }

  #heldNotice(): TemplateResult {
    const text = this.#isHeld ? `${this.answers} Your reply is kept. Take over to send it.` : '';
    return html`<p id="composer-held" class=${this.#isHeld ? 'notice warning' : ''} ?hidden=${!this.#isHeld}>
      ${text}
    </p>`;
  }

  /** Goes over to replies or notes; what was written stays. */
  use(mode: ComposerMode): void {
    if (mode === 'reply' && !this.mayReply) return;
    this.#stopTyping();
    this.mode = mode;
    this.#error = undefined;
    this.#keep();
    this.requestUpdate();
  }

  #keep(): void {
    if (this.draftKey !== '') keepDraft(this.draftKey, { mode: this.mode, text: this.#text });
  }

  #found(): readonly CannedReply[] {
    if (!this.#isFinding || this.mode === 'note') return [];
    const searched = searchedShortcut(this.#text, this.#area?.selectionEnd ?? this.#text.length);
    return searched === undefined ? [] : matching(this.replies, searched.word);
  }

  #menu(): TemplateResult {
    const found = this.#found();
    const isAsked = this.#isFinding && this.mode === 'reply';
    return html`<div class="canned">
      <p class="visually-hidden" role="status">
        ${isAsked && found.length > 0 ? `${found.length} saved replies. Up and down choose, Enter puts one in.` : ''}
      </p>
      <ul id="composer-menu" role="listbox" aria-label="Saved replies" ?hidden=${found.length === 0}>
        ${found.map(
          (reply, at) =>
            html`<li
              id=${`composer-option-${at}`}
              role="option"
              aria-selected=${at === this.#chosen}
              @mousedown=${(event: Event) => event.preventDefault()}
              @click=${() => this.#insert(reply)}
            >
              <strong>/${reply.shortcut}</strong> <span class="ellipsis">${reply.text}</span>
            </li>`,
        )}
      </ul>
      ${
        isAsked && found.length === 0 && this.replies.length === 0
          ? html`<p class="muted small">
              There are no saved replies yet. <a href="/dashboard/saved-replies">Write one</a>
            </p>`
          : nothing
      }
    </div>`;
  }

  /** The reply in the place of what was searched for it. Sent by nobody but a person. */
  #insert(reply: CannedReply): void {
    const area = this.#area;
    const caret = area?.selectionEnd ?? this.#text.length;
    const from = searchedShortcut(this.#text, caret)?.from ?? caret;
    const text = filledIn(reply.text, this.placeholders);
    this.#text = this.#text.slice(0, from) + text + this.#text.slice(caret);
    this.#isFinding = false;
    this.#keep();
    this.requestUpdate();
    void this.updateComplete.then(() => {
      area?.focus();
      area?.setSelectionRange(from + text.length, from + text.length);
    });
  }

  readonly #input = (event: Event): void => {
    const area = event.currentTarget as HTMLTextAreaElement;
    this.#text = area.value;
    this.#chosen = 0;
    const isFinding = searchedShortcut(area.value, area.selectionEnd) !== undefined;
    if (isFinding && !this.#isFinding && this.mode === 'reply') this.lookUp();
    this.#isFinding = isFinding;
    this.#error = undefined;
    this.#keep();
    this.requestUpdate();
    if (this.#text.trim() === '') this.#stopTyping();
    else if (!this.#isHeld) this.#noteTyping();
  };

  readonly #key = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    const found = this.#found();
    const chosen = found[this.#chosen];
    if (chosen !== undefined) {
      if (this.#choose(event, found.length)) return;
      if ((event.key === 'Enter' && !event.shiftKey) || event.key === 'Tab') {
        event.preventDefault();
        return this.#insert(chosen);
      }
    }
    if (event.key !== 'Enter' || event.shiftKey || event.altKey) return;
    event.preventDefault();
    this.querySelector('form')?.requestSubmit();
  };

  #choose(event: KeyboardEvent, count: number): boolean {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (event.key === 'Escape') this.#isFinding = false;
    else if (step === 0) return false;
    this.#chosen = (this.#chosen + step + count) % count;
    event.preventDefault();
    this.requestUpdate();
    return true;
  }

  readonly #submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const text = this.#text;
    if (this.#busy || this.#isHeld || text.trim() === '' || this.#isOnlySearch()) return;
    // The same words again are the same message: it may have arrived.
    const sent = (this.#sent = this.#sent?.text === text ? this.#sent : { id: crypto.randomUUID(), text });
    this.#show(true, undefined);
    try {
      await this.send(this.mode, sent.id, text);
      this.#sent = undefined;
      this.#stopTyping();
      if (this.#text === text) this.#text = '';
      this.#keep();
      this.#show(false, undefined);
    } catch (error) {
      this.#show(false, toApiError(error).detail);
    }
    this.focus();
  };

  /** Whoever looks for a saved reply that there is not did not mean to send what they looked for; asked twice, they did. */
  #isOnlySearch(): boolean {
    const word = onlyShortcut(this.#text);
    if (this.mode === 'note' || word === undefined || (word !== '' && !this.#isFinding)) return false;
    this.#isFinding = false;
    const found =
      word === '' ? 'Write more than “/”.' : `No saved reply is called “/${word}”. Send again to send just that.`;
    this.#show(false, found);
    return true;
  }

  #show(busy: boolean, error: string | undefined): void {
    this.#busy = busy;
    this.#error = error;
    this.requestUpdate();
  }

  #noteTyping(): void {
    clearTimeout(this.#typingEnds);
    this.#typingEnds = setTimeout(() => this.#stopTyping(), typingEndsMs);
    const now = Date.now();
    if (now - this.#typedAt < typingEveryMs) return;
    this.#typedAt = now;
    this.typing(this.mode, true);
  }

  #stopTyping(): void {
    clearTimeout(this.#typingEnds);
    if (this.#typedAt === 0) return;
    this.#typedAt = 0;
    this.typing(this.mode, false);
  }
}

if (!customElements.get('cw-composer')) customElements.define('cw-composer', ComposerElement);

declare global {
  interface HTMLElementTagNameMap {
    'cw-composer': ComposerElement;
  }
}
