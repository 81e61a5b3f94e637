import { html, nothing, type TemplateResult } from 'lit';
import '../agents/install-check.ts';
import { agentHeader } from '../agents/agent-header.ts';
import { api, Loader, path, toApiError } from '../api/index.ts';
import { DashboardPage } from '../dashboard-page.ts';
import { announce, Form, icon, loaded, textOf } from '../elements/index.ts';
import { setQuery } from '../navigation.ts';
import { adoptStyles, css } from '../styles/index.ts';

type CodeFile = { readonly name: string; readonly code: string };

type Snippet = {
  readonly id: string;
  readonly title: string;
  readonly hint: string;
  readonly tokenHint: string;
  readonly files: readonly CodeFile[];
  readonly identifiedFiles: readonly CodeFile[];
};

type Install = {
  readonly agent: { readonly id: string; readonly name: string };
  readonly server: string;
  readonly snippets: readonly Snippet[];
  readonly signing: readonly {
    readonly id: string;
    readonly title: string;
    readonly file: string;
    readonly code: string;
  }[];
  readonly allowsSites: boolean;
  /** Colour or place of the launcher stand in the code. */
  readonly hasLooks: boolean;
};

const styles = css`
  .code {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 6px;
  }
  .code pre {
    max-block-size: 420px;
    padding: 14px 16px;
    border: 1px solid var(--_border);
    border-radius: 10px;
    background: var(--_sunken);
    overflow: auto;
  }
  .visits {
    display: grid;
    gap: 12px;
  }
  .visits li {
    padding-block-start: 12px;
    border-block-start: 1px solid var(--_border);
  }
  .segments.wrapped {
    display: flex;
    flex-wrap: wrap;
    margin: 0;
    border: 0;
  }
`;

/** The code that puts an agent on a site, and whether it has got there. What is chosen stands in the address. */
export class InstallPage extends DashboardPage {
  #signInUrl = '';
  readonly #install = new Loader(this, async (signal) => {
    const install = await this.#load(signal);
    this.setTitle(`Install ${install.agent.name}`);
    return install;
  });

  readonly #signIn = new Form(this, async (data) => {
    const address = textOf(data, 'signInUrl').trim();
    this.#install.replace(await this.#ask(address));
    this.#signInUrl = address;
    setQuery({ 'sign-in': ownPath(address) });
    announce(address === '' ? 'The code names no sign-in page' : 'The code names your sign-in page');
  });

  override connectedCallback(): void {
    this.#signInUrl = ownPath(this.query.get('sign-in') ?? '');
    super.connectedCallback();
    adoptStyles(styles);
    document.addEventListener('visibilitychange', this.#whenShown);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('visibilitychange', this.#whenShown);
  }

  readonly #whenShown = (): void => {
    if (!document.hidden) void this.#install.reload();
  };

  readonly #whenVisited = (): void => {
    if (this.#install.value?.allowsSites === false) void this.#install.reload();
  };

  #ask(signInUrl: string, signal?: AbortSignal): Promise<Install> {
    return api.get<Install>(path`agents/${this.param('agentId')}/install`, {
      query: { signInUrl: signInUrl || undefined },
      ...(signal ? { signal } : {}),
    });
  }

  /** What is there stays where it cannot be read anew. An address of somebody's making in the link is left out. */
  async #load(signal: AbortSignal): Promise<Install> {
    try {
      return await this.#ask(this.#signInUrl, signal);
    } catch (error) {
      if (this.#install.value) return this.#install.value;
      if (this.#signInUrl === '' || toApiError(error).code !== 'invalid_input') throw error;
      this.#signInUrl = '';
      return this.#ask('', signal);
    }
  }

  protected override render(): TemplateResult {
    const description = 'Puts the chat on your site, says who your visitors are, and checks that it works.';
    return html`<div class="stack">
      ${agentHeader(this, this.#install.value?.agent.name, description)}
      ${loaded(this.#install, (install) => this.#steps(install))}
    </div>`;
  }

  #steps(install: Install): TemplateResult {
    return html`${install.allowsSites ? nothing : this.#noSites(install)} ${this.#code(install)}
      ${this.#signs ? this.#signing(install) : nothing}
      <cw-install-check .agentId=${install.agent.id} @visit=${this.#whenVisited}></cw-install-check>`;
  }

  #noSites({ agent }: Install): TemplateResult {
    const address = `/dashboard/${path`agents/${agent.id}`}/security`;
    return html`<p class="notice warning">
      ${icon('alert')}
      <span
        >No site may use this agent yet. Add the address of yours to the <a href=${address}>allowed origins</a>, or its
        requests are refused.</span
      >
    </p>`;
  }

  get #signs(): boolean {
    return this.query.get('visitors') === 'signed-in';
  }

  #code({ snippets, hasLooks }: Install): TemplateResult | typeof nothing {
    const chosen = snippets.find(({ id }) => id === this.query.get('site')) ?? snippets[0];
    if (!chosen) return nothing;
    const files = this.#signs ? chosen.identifiedFiles : chosen.files;
    return html`<section class="card" aria-labelledby="code-heading">
      <header><h2 id="code-heading">Your site</h2></header>
      ${choices('What your site is made with', 'site', snippets, chosen.id)}
      <label class="choice">
        <input
          type="checkbox"
          .checked=${this.#signs}
          @change=${({ currentTarget }: Event) =>
            setQuery({ visitors: (currentTarget as HTMLInputElement).checked ? 'signed-in' : '' })}
        />
        <span>Visitors sign in on my site, and the chat is to know who they are</span>
        <span class="hint">Your backend then signs a token for each of them.</span>
      </label>
      ${this.#signs ? this.#signInForm() : nothing}
      <p class="muted">${chosen.hint} ${this.#signs ? chosen.tokenHint : ''}</p>
      ${hasLooks ? looksNote : nothing} ${files.map(({ name, code }) => codeBlock(name, code))}
    </section>`;
  }

  #signInForm(): TemplateResult {
    const form = this.#signIn;
    return html`<form class="stack" novalidate @submit=${form.submit}>
      ${form.field({
        name: 'signInUrl',
        label: 'Sign-in page of your site',
        value: this.#signInUrl,
        placeholder: '/login',
        maxLength: 500,
        hint: 'Optional. “Sign in” in the chat leads there, also when a sign-in has ended. Without it the chat can only say that visitors have to sign in on your site.',
      })}
      ${form.failure()}
      <div class="row">${form.button('Put it into the code', { kind: '' })}</div>
    </form>`;
  }

  #signing({ signing, agent }: Install): TemplateResult | typeof nothing {
    // Its plugin signs by itself.
    if (this.query.get('site') === 'wordpress') return nothing;
    const chosen = signing.find(({ id }) => id === this.query.get('language')) ?? signing[0];
    if (!chosen) return nothing;
    const address = `/dashboard/${path`agents/${agent.id}`}/security`;
    return html`<section class="card" aria-labelledby="signing-heading">
      <header>
        <h2 id="signing-heading">Your backend</h2>
        <p>
          Signs a token for the user who is signed in, with the secret of a key. Make the key under
          <a href=${address}>Security</a>, and keep its secret in <code>WIDGET_JWT_HMAC_SECRET</code> of your backend.
        </p>
      </header>
      ${choices('Language of your backend', 'language', signing, chosen.id)} ${codeBlock(chosen.file, chosen.code)}
    </section>`;
  }
}

/** Whoever made a link does not say where visitors sign in: of it counts a path of the site alone; '' is none. */
const ownPath = (address: string): string => (/^\/(?!\/)[^\\\s\p{Cc}]*$/u.test(address) ? address : '');

type Choice = { readonly id: string; readonly title: string };

const looksNote = html`<p class="muted">
  Colour and place of the launcher stand in the code as they are set now, since the chat asks this server for nothing
  before somebody means to open it. Take the code anew when you have changed them.
</p>`;

const choices = (label: string, name: string, all: readonly Choice[], chosen: string): TemplateResult =>
  html`<fieldset class="segments wrapped">
    <legend class="visually-hidden">${label}</legend>
    ${all.map(
      ({ id, title }) =>
        html`<label
          ><input
            type="radio"
            name=${name}
            .value=${id}
            .checked=${id === chosen}
            @change=${() => setQuery({ [name]: id })}
          />${title}</label
        >`,
    )}
  </fieldset>`;

const codeBlock = (name: string, code: string): TemplateResult =>
  html`<div class="code">
    <div class="row spread">
      <span class="muted">${name}</span>
      <cw-copy-button .text=${code} .what=${'code'}></cw-copy-button>
    </div>
    <pre tabindex="0" role="region" aria-label=${name}><code>${code}</code></pre>
  </div>`;

if (!customElements.get('install-page')) customElements.define('install-page', InstallPage);

declare global {
  interface HTMLElementTagNameMap {
    'install-page': InstallPage;
  }
}
