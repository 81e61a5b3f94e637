import { html } from 'hono/html';
import type { ShopContext } from '../server/shop-environment.ts';
import type { Html } from './layout.ts';

/** The chat agent that the demo's chat server comes with. */
export const agentId = 'demo';

/** The stub: lets the page call `chat()` before the script has arrived. Inline, hence with the page's nonce. */
export function renderChatStub(context: ShopContext): Html {
  return html`<script nonce="${context.get('secureHeadersNonce')}">
    if (typeof window.chat != 'function')
      window.chat = function () {
        (chat.q = chat.q || []).push(arguments);
      };
  </script>`;
}

/** The script tag with the given data attributes; those without a value are left out. */
export function renderChatScript(
  context: ShopContext,
  chatUrl: string,
  data: Readonly<Record<string, string | undefined>> = {},
): Html {
  const attributes = Object.entries(data).map(([name, value]) =>
    value === undefined ? '' : html` data-${name}="${value}"`,
  );
  return html`<script
    async
    nonce="${context.get('secureHeadersNonce')}"
    src="${chatUrl}/widget/chat.js"
    ${attributes}
  ></script>`;
}

/** One of the shop's own scripts, an ES module. */
export function renderShopScript(context: ShopContext, path: string): Html {
  return html`<script type="module" nonce="${context.get('secureHeadersNonce')}" src="/assets/${path}"></script>`;
}

/** Shows how a page embeds the chat. `code` is shown as it is. */
export function renderRecipe(title: string, code: string): Html {
  return html`<details class="recipe">
    <summary>${title}</summary>
    <pre tabindex="0"><code>${code}</code></pre>
  </details>`;
}
