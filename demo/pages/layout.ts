import { html } from 'hono/html';
import type { ShopContext } from '../server/shop-environment.ts';

/** Markup whose inserted values were escaped. */
export type Html = ReturnType<typeof html>;

export type PageOptions = {
  readonly title: string;
  readonly description?: string;
  /** The entry of the menu that is marked as the current one. */
  readonly current?: string;
  readonly main: Html;
  /** Style sheets beside those that all pages have. */
  readonly styles?: readonly string[];
  /** Scripts and elements that stand after the page's content, such as the chat's. */
  readonly end?: Html;
  /** What stands in the header's corner. Default: the user's name and "Sign out", or "Sign in". */
  readonly account?: Html;
};

const styles = ['base', 'header', 'controls', 'shop', 'details'];

const menu = [
  { href: '/', label: 'Welcome' },
  { href: '/script', label: 'Shop window' },
  { href: '/account', label: 'Your account' },
  { href: '/app', label: 'Shop app' },
  { href: '/clinic', label: 'Plant clinic' },
  { href: '/playground', label: 'Playground' },
  { href: '/themes', label: 'Themes' },
  { href: '/drop-in', label: 'Drop-in' },
  { href: '/help', label: 'Help' },
];

/** The frame that all pages of the shop have in common. */
export function renderPage(context: ShopContext, page: PageOptions): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="description" content="${page.description ?? 'Fernhill, a small plant shop.'}" />
        <title>${page.title} · Fernhill</title>
        <link rel="icon" href="/assets/favicon.svg" type="image/svg+xml" />
        ${[...styles, ...(page.styles ?? [])].map((name) => html`<link rel="stylesheet" href="/assets/styles/${name}.css" />`)}
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        ${renderHeader(context, page)}
        <main id="main">${page.main}</main>
        <footer class="footer">
          <p>Fernhill is a demonstration: nothing is sold, nothing is sent. The plants are real, the shop is not.</p>
        </footer>
        ${page.end ?? ''}
      </body>
    </html>`;
}

function renderHeader(context: ShopContext, page: PageOptions): Html {
  return html`<header class="header">
    <a class="brand" href="/"><img src="/assets/favicon.svg" alt="" width="32" height="32" />Fernhill</a>
    <nav class="menu" aria-label="Shop">
      ${menu.map(
        ({ href, label }) =>
          html`<a href="${href}" ${href === page.current ? html`aria-current="page"` : ''}>${label}</a>`,
      )}
    </nav>
    <div class="header-account">${page.account ?? renderAccount(context)}</div>
  </header>`;
}

function renderAccount(context: ShopContext): Html {
  const user = context.get('user');
  if (user === undefined) return html`<a class="button quiet" href="/login">Sign in</a>`;
  return html`<span class="who">${user.name}</span>
    <form method="post" action="/logout" data-sign-out><button class="button quiet">Sign out</button></form>`;
}
