import { html, raw } from 'hono/html';
import type { ElementDescription } from '../../scripts/editor-data.ts';
import type { ShopContext } from '../server/shop-environment.ts';
import { agentId, renderChatScript, renderShopScript } from './chat-embed.ts';
import { type Html, renderPage } from './layout.ts';

const sections = [
  { id: 'attributes', title: 'Attributes' },
  { id: 'properties', title: 'Properties and methods' },
  { id: 'tokens', title: 'Custom properties' },
  { id: 'parts', title: 'Parts' },
] as const;

/** Everything that a page can say of the widget, to be tried out. What there is comes from the element's own description. */
export function renderPlaygroundPage(context: ShopContext, chatUrl: string, element: ElementDescription): Html {
  return renderPage(context, {
    title: 'Playground',
    current: '/playground',
    styles: ['playground'],
    main: html`
      <section class="intro">
        <p class="way-how">Try it out</p>
        <h1>Playground</h1>
        <p class="lead">Change anything; the chat on this page follows at once, and so does the code to copy.</p>
      </section>
      <div class="playground">
        <div>
          ${sections.map(
            ({ id, title }) =>
              html`<details class="controls" id="${id}" ${id === 'attributes' ? 'open' : ''}>
                <summary><h2>${title}</h2></summary>
              </details>`,
          )}
        </div>
        <div class="results">
          <div class="preview"><chat-widget agent-id="${agentId}"></chat-widget></div>
          <section aria-labelledby="code-title">
            <h2 id="code-title">Code</h2>
            <div class="tabs" role="tablist" aria-labelledby="code-title"></div>
            <div id="code-panel" role="tabpanel" tabindex="0">
              <pre><code id="code"></code></pre>
            </div>
            <button class="button quiet" id="copy" type="button">Copy</button>
            <span id="copied" role="status"></span>
          </section>
          <section aria-labelledby="events-title">
            <h2 id="events-title">Events</h2>
            <ol id="events" tabindex="0" aria-labelledby="events-title"></ol>
          </section>
        </div>
      </div>
      <script type="application/json" id="element" data-server="${chatUrl}">
        ${raw(JSON.stringify(element).replaceAll('<', '\\u003c'))}
      </script>
    `,
    end: html`${renderChatScript(context, chatUrl, { manual: '' })} ${renderShopScript(context, 'playground/main.js')}`,
  });
}
