import { html, raw } from 'hono/html';
import type { Article, Articles } from '../server/articles.ts';
import type { ShopContext } from '../server/shop-environment.ts';
import { type Html, renderPage } from './layout.ts';

export function renderHelpIndex(context: ShopContext, articles: Articles): Html {
  return renderPage(context, {
    title: 'Help',
    current: '/help',
    main: html`<section class="intro">
        <h1>Help centre</h1>
        <p class="lead">These ${articles.all.length} articles are what the chat answers from, too.</p>
      </section>
      <ul class="articles">
        ${articles.all.map(
          (article) =>
            html`<li>
              <h2><a href="/help/${article.slug}">${article.title}</a></h2>
              <p>${article.summary}</p>
            </li>`,
        )}
      </ul>`,
  });
}

export function renderHelpArticle(context: ShopContext, article: Article): Html {
  return renderPage(context, {
    title: article.title,
    current: '/help',
    main: html`<article class="article">
      <p class="back"><a href="/help">Help centre</a></p>
      <h1>${article.title}</h1>
      ${raw(article.html)}
    </article>`,
  });
}
