import { html, nothing, type TemplateResult } from 'lit';
import { api, idOf, Loader, PagedList, path } from '../api/index.ts';
import { conversationRow } from '../conversation/conversation-row.ts';
import { fillScreen, listing } from '../conversation/listing.ts';
import type { Contact, Conversation } from '../conversation/types.ts';
import { DashboardPage } from '../dashboard-page.ts';
import { emptyState, foreignText, identityBadge, loaded, pageHeader, timeAt } from '../elements/index.ts';
import { contactPrivacy } from '../privacy/contact-privacy.ts';
import { adoptStyles, css } from '../styles/index.ts';

type Shown = {
  readonly contact: Contact & { readonly claims: Readonly<Record<string, unknown>> };
  readonly claimsHistory: readonly { readonly at: string; readonly claims: readonly string[] }[];
};

type Answer = { readonly conversations: readonly Conversation[]; readonly nextBefore: string | null };

adoptStyles(css`
  .claims dt,
  .claims dd {
    overflow-wrap: anywhere;
  }
  .claims dd {
    white-space: pre-wrap;
  }
  .claims-history {
    display: grid;
    gap: 6px;
  }
  .card.flush:has(> h2.inset) {
    gap: 0;
  }
  .card.flush > h2.inset {
    padding: 16px 20px 8px;
  }
`);

const elsewhere = { href: '/dashboard/contacts', label: 'Go to all contacts' };

/** A verified visitor: who they are, by their newest token, and all that was said with them. */
export class ContactPage extends DashboardPage {
  readonly #contact = new Loader(this, async (signal) => {
    const shown = await api.get<Shown>(path`contacts/${this.param('agentId')}/${this.param('subject')}`, { signal });
    this.setTitle(nameOf(shown.contact));
    return shown;
  });
  readonly #list = new PagedList<Conversation>(this, idOf, async (before, signal) => {
    const query = { agent: this.param('agentId'), subject: this.param('subject'), limit: 100, before };
    const { conversations, nextBefore } = await api.get<Answer>('conversations', { query, signal });
    return { items: conversations, nextBefore };
  });

  protected override updated(): void {
    fillScreen(this.#list);
  }

  protected override render(): TemplateResult {
    const contact = this.#contact.value?.contact;
    return html`<div class="stack">
      <p><a href="/dashboard/contacts">All contacts</a></p>
      ${pageHeader({
        title: foreignText(contact ? nameOf(contact) : this.param('subject')),
        description: contact ? identityBadge('verified') : nothing,
      })}
      ${loaded(this.#contact, (shown) => html`${factsCard(shown)} ${historyCard(shown)} ${this.#conversations()} ${contactPrivacy(shown.contact)}`, { elsewhere })}
    </div>`;
  }

  #conversations(): TemplateResult {
    return html`<section class="card flush" aria-labelledby="conversations-heading">
      <h2 class="inset" id="conversations-heading">Conversations</h2>
      ${listing({
        list: this.#list,
        label: 'Conversations',
        row: (each) => conversationRow(each),
        rowHeight: 92,
        empty: () =>
          emptyState({ title: 'No conversations', text: 'This person has been here, and has not written yet.' }),
      })}
    </section>`;
  }
}

const nameOf = ({ name, email, subject }: Contact): string => name ?? email ?? subject;

const fact = (label: unknown, value: unknown): TemplateResult =>
  html`<dt>${label}</dt>
    <dd>${value}</dd>`;

/** What stands above in words, or is new in every token. */
const ofEachToken: ReadonlySet<string> = new Set(['sub', 'iat', 'exp', 'nbf', 'jti']);

function factsCard({ contact }: Shown): TemplateResult {
  const claims = Object.entries(contact.claims).filter(([name]) => !ofEachToken.has(name));
  return html`<section class="card" aria-labelledby="who-heading">
    <header>
      <h2 id="who-heading">Who this is</h2>
      <p>As their newest token says.</p>
    </header>
    <dl class="facts claims">
      ${fact('Subject', html`<bdi class="mono">${contact.subject}</bdi>`)}
      ${fact('Agent', foreignText(contact.agentName))} ${fact('First seen', timeAt(contact.firstSeenAt))}
      ${fact('Last seen', timeAt(contact.lastSeenAt))}
      ${claims.map(([name, value]) =>
        fact(html`<bdi class="mono">${name}</bdi>`, html`<bdi class="mono">${claimText(value)}</bdi>`),
      )}
    </dl>
  </section>`;
}

const claimText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value, undefined, 2));

function historyCard({ claimsHistory }: Shown): TemplateResult | typeof nothing {
  if (claimsHistory.length === 0) return nothing;
  return html`<section class="card" aria-labelledby="history-heading">
    <header>
      <h2 id="history-heading">What changed</h2>
      <p>Claims that were different from one token to the next. What they were before is not kept.</p>
    </header>
    <ul class="claims-history">
      ${claimsHistory.map(
        ({ at, claims }) =>
          html`<li>
            ${timeAt(at)}: ${claims.map((name, index) => html`${index > 0 ? ', ' : ''}<bdi class="mono">${name}</bdi>`)}
          </li>`,
      )}
    </ul>
  </section>`;
}

if (!customElements.get('contact-page')) customElements.define('contact-page', ContactPage);

declare global {
  interface HTMLElementTagNameMap {
    'contact-page': ContactPage;
  }
}
