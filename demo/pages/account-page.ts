import { html } from 'hono/html';
import { formatPrice, type Order } from '../server/catalogue.ts';
import type { ShopContext } from '../server/shop-environment.ts';
import type { User } from '../server/users.ts';
import { agentId, renderChatScript, renderRecipe, renderShopScript } from './chat-embed.ts';
import { type Html, renderPage } from './layout.ts';

export type AccountPageOptions = {
  readonly chatUrl: string;
  readonly user: User;
  readonly orders: readonly Order[];
  /** Signed for this page view. */
  readonly token: string;
  /** `off` leaves an expiring token alone, to see what the visitor sees then (`/account?refresh=off`). */
  readonly refresh: 'on' | 'off';
  /** `/account?chat=open`, where a question in the chat led here. */
  readonly isChatOpen: boolean;
};

export function renderAccountPage(context: ShopContext, options: AccountPageOptions): Html {
  const { chatUrl, user, orders, token } = options;
  return renderPage(context, {
    title: 'Your account',
    current: '/account',
    main: html`
      <section class="intro">
        <p class="way-how">Way 2 of 3 · token in the markup</p>
        <h1>Good to see you, ${user.name.split(' ')[0]}</h1>
        <p class="lead">
          The shop’s server signed a token for you and wrote it into this page. The chat knows, with proof, who is
          asking, and finds your earlier conversations again.
        </p>
        <p class="state" id="identity-state" data-state="verifying" data-refresh="${options.refresh}" role="status">
          The chat is starting.
        </p>
        ${renderRecipe('What this page adds to its HTML', recipe(chatUrl))}
      </section>
      <section aria-labelledby="orders">
        <h2 id="orders">Your orders</h2>
        ${renderOrders(orders)}
      </section>
      <section class="aside" aria-labelledby="details">
        <h2 id="details">What the token says about you</h2>
        <dl class="facts">
          <div>
            <dt>Customer number (<code>sub</code>)</dt>
            <dd>${user.id}</dd>
          </div>
          <div>
            <dt>Name</dt>
            <dd>${user.name}</dd>
          </div>
          <div>
            <dt>E-mail</dt>
            <dd>${user.email}</dd>
          </div>
          <div>
            <dt>Plan</dt>
            <dd>${user.plan === 'garden-club' ? 'Garden club' : 'Free'}</dd>
          </div>
        </dl>
      </section>
    `,
    end: html`<chat-widget
        agent-id="${agentId}"
        server="${chatUrl}"
        contact-context-token="${token}"
        ${options.isChatOpen ? html` open` : ''}
      ></chat-widget>
      ${renderChatScript(context, chatUrl)} ${renderShopScript(context, 'account-page.js')}`,
  });
}

function renderOrders(orders: readonly Order[]): Html {
  return html`<ul class="orders">
    ${orders.map(
      (order) =>
        html`<li class="order">
          <p class="order-number">${order.number}</p>
          <p>${order.items}<br /><span class="muted">Ordered on ${order.placedOn}</span></p>
          <p class="order-state">${order.state}</p>
          <p class="price">${formatPrice(order.totalCents)}</p>
        </li>`,
    )}
  </ul>`;
}

function recipe(chatUrl: string): string {
  return [
    `<chat-widget agent-id="${agentId}"`,
    `             server="${chatUrl}"`,
    '             contact-context-token="eyJ…"></chat-widget>',
    `<script async src="${chatUrl}/widget/chat.js"></script>`,
  ].join('\n');
}
