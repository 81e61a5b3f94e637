import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { api, path } from '../api/index.ts';
import { badge, foreignText, icon, identityBadge, timeAgo, type IdentityKind } from '../elements/index.ts';

export type Visit = {
  /** Empty: a page of the server itself, or no page at all. */
  readonly origin: string;
  readonly identity: IdentityKind | 'refused' | 'reached';
  readonly reason: string;
  readonly hint: string;
  readonly firstAt: string;
  readonly lastAt: string;
};

const pollMs = 2_000;

/** Waits for requests of the agent's sites, and says what arrived. Dispatches `visit` when something has since it waits. */
class InstallCheckElement extends LitElement {
  static override readonly properties = { agentId: { attribute: false } };

  agentId = '';
  #visits: readonly Visit[] | undefined;
  #isAway = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #controller = new AbortController();

  protected override createRenderRoot(): this {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#controller = new AbortController();
    document.addEventListener('visibilitychange', this.#look);
    void this.#look();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('visibilitychange', this.#look);
    clearTimeout(this.#timer);
    this.#controller.abort();
  }

  protected override render(): TemplateResult {
    const sites = told((this.#visits ?? []).filter(({ origin }) => origin !== ''));
    const isOwn = (this.#visits ?? []).some(({ origin }) => origin === '');
    return html`<section class="card" aria-labelledby="check-heading">
      <header>
        <h2 id="check-heading">Check</h2>
        <p>Open a page of your site and point at the chat. What arrives here shows up within seconds.</p>
      </header>
      <div role="status">${this.#summary(sites)}</div>
      ${
        sites.length === 0
          ? nothing
          : html`<ul class="visits">
              ${sites.slice(0, 20).map(visitRow)}
            </ul>`
      }
      ${
        isOwn
          ? html`<p class="muted small">Requests of this server’s own pages, such as the preview, are left out.</p>`
          : nothing
      }
    </section>`;
  }

  #summary(sites: readonly Visit[]): TemplateResult {
    if (this.#isAway)
      return html`<p class="notice warning">
        ${icon('alert')}The server cannot be asked at the moment. Trying again.
      </p>`;
    if (sites.length === 0)
      return html`<p class="notice">${icon('refresh')}Waiting for the first request of your site…</p>`;
    return standing(sites);
  }

  readonly #look = async (): Promise<void> => {
    clearTimeout(this.#timer);
    if (document.hidden) return;
    const { signal } = this.#controller;
    try {
      const { visits } = await api.get<{ visits: readonly Visit[] }>(path`agents/${this.agentId}/install/check`, {
        signal,
      });
      if (this.#visits && newest(visits) > newest(this.#visits)) this.dispatchEvent(new Event('visit'));
      this.#visits = visits;
      this.#isAway = false;
    } catch {
      this.#isAway = true;
    }
    if (signal.aborted) return;
    this.requestUpdate();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#look, pollMs);
  };
}

const newest = (visits: readonly Visit[]): string =>
  visits
    .map(({ lastAt }) => lastAt)
    .toSorted()
    .at(-1) ?? '';

/** That a page has the chat says nothing any more once it is known as whom somebody arrived from there. */
function told(visits: readonly Visit[]): readonly Visit[] {
  const known = new Set(visits.flatMap(({ identity, origin }) => (identity === 'reached' ? [] : origin)));
  return visits.filter(({ identity, origin }) => identity !== 'reached' || !known.has(origin));
}

/** What the newest request says, which is the first: that it worked once does not help who has broken it since. */
function standing(visits: readonly Visit[]): TemplateResult {
  const judged = visits.filter(({ identity }) => identity !== 'reached');
  const accepted = judged.filter(({ identity }) => identity !== 'refused');
  // Strangers may try whenever they like, once it works for the site.
  const own = judged.filter(({ reason }) => accepted.length === 0 || reason !== 'origin_not_allowed');
  const [newest] = own;
  if (newest === undefined)
    return html`<p class="notice">
      ${icon('check')}The chat is on your page. Open it, to see as whom visitors arrive.
    </p>`;
  if (accepted.length === 0)
    return html`<p class="notice danger">${icon('alert')}Requests arrive, and are refused. See why below.</p>`;
  if (newest.identity === 'refused')
    return html`<p class="notice danger">
      ${icon('alert')}The last request was refused, after others were accepted. See why below.
    </p>`;
  const isVerified = accepted.some(({ identity }) => identity === 'verified');
  const text = isVerified ? 'It works, and visitors are verified.' : 'It works. Visitors are anonymous so far.';
  return html`<p class="notice success">${icon('check')}${text}</p>`;
}

const identityOf = (identity: Visit['identity']): TemplateResult => {
  if (identity === 'refused') return badge('Refused', 'danger', 'alert');
  return identity === 'reached' ? badge('Loaded') : identityBadge(identity);
};

const visitRow = ({ origin, identity, reason, hint, lastAt }: Visit): TemplateResult =>
  html`<li>
    <div class="row spread">
      <strong class="ellipsis">${foreignText(origin)}</strong>
      <span class="row"> ${identityOf(identity)} ${reason === '' ? nothing : html`<code>${reason}</code>`} </span>
    </div>
    <p class="muted">${hint}</p>
    <p class="muted small">Last ${timeAgo(lastAt)}</p>
  </li>`;

if (!customElements.get('cw-install-check')) customElements.define('cw-install-check', InstallCheckElement);

declare global {
  interface HTMLElementTagNameMap {
    'cw-install-check': InstallCheckElement;
  }
}
