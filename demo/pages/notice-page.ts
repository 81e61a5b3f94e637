import { html } from 'hono/html';
import type { ShopContext } from '../server/shop-environment.ts';
import { type Html, renderPage } from './layout.ts';

/** A page that says one thing, such as that there is no such page. */
export function renderNoticePage(context: ShopContext, title: string, text: string): Html {
  return renderPage(context, {
    title,
    main: html`<section class="narrow">
      <h1>${title}</h1>
      <p class="lead">${text}</p>
      <p><a class="button" href="/">Back to the shop</a></p>
    </section>`,
  });
}
