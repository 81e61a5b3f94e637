import { html } from 'hono/html';
import type { ShopContext } from '../server/shop-environment.ts';
import { renderChatScript, renderChatStub, renderRecipe, renderShopScript } from './chat-embed.ts';
import { type Html, renderPage } from './layout.ts';

/** An agent of its own, which asks for consent and a name first. */
const clinicAgentId = 'fernhill-care';

/** What a visitor is asked before the first message is the agent's to say; the page does nothing for it. */
export function renderClinicPage(context: ShopContext, chatUrl: string): Html {
  const code = `<script async src="${chatUrl}/widget/chat.js"\n        data-agent-id="${clinicAgentId}"></script>`;
  return renderPage(context, {
    title: 'Plant clinic',
    current: '/clinic',
    main: html`
      <section class="intro">
        <p class="way-how">Before the first message</p>
        <h1>Plant clinic</h1>
        <p class="lead">
          Show us the leaf. This chat asks whether it may keep your pictures, and for a name, before the first message.
          Its operator has set that up; the page adds the same line as any other.
        </p>
        ${renderRecipe('What this page adds to its HTML', code)}
      </section>
    `,
    end: html`${renderChatStub(context)}
    ${renderChatScript(context, chatUrl, { 'agent-id': clinicAgentId, 'sign-in-url': '/login?next=/account' })}
    ${renderShopScript(context, 'script-page.js')}`,
  });
}
