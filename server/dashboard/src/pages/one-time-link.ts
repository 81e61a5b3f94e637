import { html, type LitElement, type ReactiveController, type TemplateResult } from 'lit';
import { api, Loader, toApiError } from '../api/index.ts';
import { failedState, loadingState } from '../elements/index.ts';

export type LinkKind = 'setup' | 'invitation' | 'reset';

/** Whom a link is for; null for the first administrator's. */
export type LinkFacts = { readonly kind: LinkKind; readonly email: string | null; readonly name: string | null };

/** What to do where there is no link, and where it has ended. */
type LinkHelp = { readonly missing: string; readonly renewal: string };

/**
 * The token of a one-time link. It stands in the fragment, which no server and no log sees; from the address, and thus from
 * the list of visited pages and from what is copied, it is taken at once. Browsers write a tab's history to the disk, so it
 * is kept in memory alone: whoever loads the page again opens the link again, which holds until it is used.
 */
export class OneTimeLink implements ReactiveController {
  /** Empty: this was not opened by a link. */
  token = '';
  readonly #facts: Loader<LinkFacts | undefined>;

  constructor(host: LitElement) {
    // Takes the token before the loader asks for whom it is.
    host.addController(this);
    this.#facts = new Loader(host, async (signal) =>
      this.token === '' ? undefined : api.post<LinkFacts>('links/check', { token: this.token }, { signal }),
    );
  }

  get facts(): LinkFacts | undefined {
    return this.#facts.value;
  }

  hostConnected(): void {
    window.addEventListener('hashchange', this.#whenChanged);
    this.#take();
  }

  hostDisconnected(): void {
    window.removeEventListener('hashchange', this.#whenChanged);
  }

  /** Sends what was filled in. Where the link has ended meanwhile, that is said in place of the form. */
  async use(call: string, input: object): Promise<void> {
    try {
      await api.post(call, { token: this.token, ...input });
    } catch (error) {
      if (toApiError(error).code === 'not_found') void this.#facts.reload();
      throw error;
    }
  }

  /** What `ready` draws for a link of one of the `kinds` that holds; otherwise what to do instead. */
  view(kinds: readonly LinkKind[], { missing, renewal }: LinkHelp, ready: (facts: LinkFacts) => unknown): unknown {
    const { current } = this.#facts;
    if (this.token === '') return noLink(missing);
    if (current.state === 'loading') return loadingState();
    if (current.state === 'failed') {
      const { error } = current;
      return error.code === 'not_found' ? noLink(`${error.detail} ${renewal}`) : failedState(error, this.#facts.start);
    }
    return current.value !== undefined && kinds.includes(current.value.kind) ? ready(current.value) : noLink(missing);
  }

  #take(): void {
    if (location.hash.length < 2) return;
    this.token = location.hash.slice(1);
    history.replaceState(null, '', location.pathname + location.search);
  }

  readonly #whenChanged = (): void => {
    if (location.hash.length < 2) return;
    this.#take();
    void this.#facts.start();
  };
}

const noLink = (text: string): TemplateResult =>
  html`<p class="notice warning">${text}</p>
    <p><a href="/dashboard/sign-in">Go to the sign-in page</a></p>`;
