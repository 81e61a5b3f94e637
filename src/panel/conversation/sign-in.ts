import { html, type TemplateResult } from 'lit/html.js';
import type { ConversationView as View } from './conversation-view.ts';

/**
 * Whether asking to sign in leads anywhere on this page. That shows when it is asked for: then whoever drives the panel
 * says so by the event `panel-sign-in-untaken`, and words take the place of the buttons.
 */
export class SignIn {
  readonly #root: ShadowRoot;
  #isUntaken = false;
  #owesFocus = false;

  constructor(root: ShadowRoot, changed: () => void) {
    this.#root = root;
    root.host.addEventListener('panel-sign-in-untaken', () => {
      this.#isUntaken = this.#owesFocus = true;
      changed();
    });
  }

  get isUntaken(): boolean {
    return this.#isUntaken;
  }

  /** For an identity that has changed: something does sign visitors in. */
  clear(): void {
    this.#isUntaken = this.#owesFocus = false;
  }

  /** To be called after each drawing: the focus was on a button that is gone, unless the page has taken it elsewhere. */
  drawn(): void {
    if (!this.#owesFocus) return;
    this.#owesFocus = false;
    if (document.activeElement === document.body) this.#root.querySelector<HTMLElement>('.sign-in-here')?.focus();
  }
}

export function signInHereView({ strings }: Pick<View, 'strings'>): TemplateResult {
  return html`<p class="sign-in-here" tabindex="-1">${strings.signInHere}</p>`;
}
