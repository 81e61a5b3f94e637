import { html } from 'hono/html';
import type { ShopContext } from '../server/shop-environment.ts';
import { agentId, renderChatScript } from './chat-embed.ts';
import { type Html, renderPage } from './layout.ts';

/** Style sheets of custom properties in `assets/themes`, each for the class `chat-theme-<name>`. */
const themes = [
  { name: 'ink', text: 'Black on white, white on black, square corners.' },
  { name: 'clay', text: 'Terracotta on paper, a serif to read.' },
  { name: 'harbor', text: 'The blue of many help desks, crisp and dense.' },
  { name: 'plum', text: 'Round and friendly.' },
  { name: 'citrus', text: 'A loud accent: what stands on it turns black by itself.' },
  { name: 'terminal', text: 'One width for all letters.' },
];

const looks = ['auto', 'light', 'dark'] as const;

/** @param wanted one of `auto`, `light` and `dark`; anything else is `auto` */
export function renderThemesPage(context: ShopContext, chatUrl: string, wanted: string | undefined): Html {
  const look = looks.find((known) => known === wanted) ?? 'auto';
  return renderPage(context, {
    title: 'Six themes',
    current: '/themes',
    description: 'The chat in six themes, each a style sheet of custom properties.',
    main: html`
      ${['themes', ...themes.map(({ name }) => `../themes/${name}`)].map(
        (file) => html`<link rel="stylesheet" href="/assets/styles/${file}.css" />`,
      )}
      <section class="intro">
        <h1>Six themes</h1>
        <p class="lead">Each is one rule of custom properties, for light and dark. Copy the one that you like.</p>
        <nav class="looks" aria-label="Light or dark">
          ${looks.map(
            (name) =>
              html`<a class="button quiet" href="/themes?look=${name}" ${name === look ? html`aria-current="true"` : ''}
                >${name}</a
              > `,
          )}
        </nav>
      </section>
      <ul class="themes">
        ${themes.map(
          ({ name, text }) =>
            html`<li>
              <h2>${name}</h2>
              <p>${text} <a href="/assets/themes/${name}.css">${name}.css</a></p>
              <div class="theme-frame chat-theme-${name}">
                <chat-widget agent-id="${agentId}" mode="inline" theme="${look}"></chat-widget>
              </div>
            </li>`,
        )}
      </ul>
    `,
    end: renderChatScript(context, chatUrl, { manual: '' }),
  });
}
