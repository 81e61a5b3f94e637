import { html } from 'hono/html';
import { plants } from '../server/catalogue.ts';
import type { ShopContext } from '../server/shop-environment.ts';
import { agentId, renderChatScript, renderChatStub, renderRecipe, renderShopScript } from './chat-embed.ts';
import { type Html, renderPage } from './layout.ts';
import { renderPlantCard } from './plant-card.ts';

/** What a visitor says of themselves; nobody has checked it. */
export type SelfReported = { readonly name: string | undefined; readonly email: string | undefined };

const maxNameCharacters = 80;
const maxEmailCharacters = 254;

/** The chat knows nobody on this page. On the account page it does, and goes on where the visitor asked. */
const signInUrl = '/login?next=/account?chat=open';

/** Reads `?name=&email=`. Empty values count as absent, long ones are cut. */
export function readSelfReported(name: string | undefined, email: string | undefined): SelfReported {
  return {
    name: name?.trim().slice(0, maxNameCharacters) || undefined,
    email: email?.trim().slice(0, maxEmailCharacters) || undefined,
  };
}

export function renderScriptPage(context: ShopContext, chatUrl: string, visitor: SelfReported): Html {
  return renderPage(context, {
    title: 'Shop window',
    current: '/script',
    main: html`
      <section class="intro">
        <p class="way-how">Way 1 of 3 · one script tag</p>
        <h1>Shop window</h1>
        <p class="lead">
          Look around and ask. The chat does not know you here, whether you are signed in to the shop or not.
        </p>
        ${renderVisitor(visitor)} ${renderSelfReportedForm(visitor)}
        ${renderRecipe('What this page adds to its HTML', recipe(chatUrl, visitor))}
      </section>
      <section aria-labelledby="plants">
        <h2 id="plants">In the window today</h2>
        <ul class="plants">
          ${plants.map((plant) =>
            renderPlantCard(
              plant,
              html`<button class="button quiet" data-question="${plant.question}">Ask: ${plant.question}</button>`,
            ),
          )}
        </ul>
      </section>
    `,
    end: html`${renderChatStub(context)}
    ${renderChatScript(context, chatUrl, {
      'agent-id': agentId,
      'sign-in-url': signInUrl,
      'user-name': visitor.name,
      'user-email': visitor.email,
    })}
    ${renderShopScript(context, 'script-page.js')}`,
  });
}

function renderVisitor({ name, email }: SelfReported): Html {
  if (name === undefined && email === undefined) {
    return html`<p class="state" data-state="anonymous">You chat as <strong>anonymous</strong>.</p>`;
  }
  const shown = [name, email].filter((value) => value !== undefined).join(', ');
  return html`<p class="state" data-state="self-reported">
    You chat as <strong>self-reported</strong>: ${shown}. Unproven, so it opens nothing personal.
    <a href="/script">Forget it</a>
  </p>`;
}

function renderSelfReportedForm({ name, email }: SelfReported): Html {
  return html`<form class="row-form" method="get" action="/script">
    <label
      >Your name <input name="name" autocomplete="name" maxlength="${maxNameCharacters}" value="${name ?? ''}"
    /></label>
    <label>
      Your e-mail
      <input name="email" type="email" autocomplete="email" maxlength="${maxEmailCharacters}" value="${email ?? ''}" />
    </label>
    <button class="button quiet">Introduce yourself</button>
  </form>`;
}

function recipe(chatUrl: string, { name, email }: SelfReported): string {
  const lines = [
    `<script async src="${chatUrl}/widget/chat.js"`,
    `        data-agent-id="${agentId}"`,
    `        data-sign-in-url="${signInUrl}"`,
  ];
  if (name !== undefined) lines.push(`        data-user-name="${quoteAttribute(name)}"`);
  if (email !== undefined) lines.push(`        data-user-email="${quoteAttribute(email)}"`);
  return `${lines.join('\n')}></script>`;
}

// The recipe is shown as text and may be copied as HTML: what the visitor typed must be harmless in both.
function quoteAttribute(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
