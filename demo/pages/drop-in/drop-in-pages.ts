import { html } from 'hono/html';
import type { ShopContext } from '../../server/shop-environment.ts';
import type { User } from '../../server/users.ts';
import { renderRecipe, renderShopScript } from '../chat-embed.ts';
import { type Html, renderPage } from '../layout.ts';
import { dropIns, type DropIn } from './snippets.ts';

export type DropInPageOptions = {
  readonly chatUrl: string;
  readonly user: User;
  /** Signed for this page view. */
  readonly token: string;
};

/** What there is at `/drop-in`. */
export function renderDropInIndex(context: ShopContext): Html {
  return renderPage(context, {
    title: 'Snippets for other chats',
    current: '/drop-in',
    main: html`<section class="intro">
        <h1>Snippets for other chats</h1>
        <p class="lead">
          Pages that were written for another chat keep their markup and their calls. The address of the script is all
          that changes. Each of these signs you in by a snippet as its document prints it.
        </p>
      </section>
      <ol class="ways">
        ${dropIns.map(
          ({ name, chat, document, lead }) =>
            html`<li class="way">
              <p class="way-how">${document}</p>
              <h2><a href="/drop-in/${name}">${chat}</a></h2>
              <p>${lead}</p>
            </li>`,
        )}
      </ol>`,
  });
}

export async function renderDropInPage(
  context: ShopContext,
  dropIn: DropIn,
  options: DropInPageOptions,
): Promise<Html> {
  const { chatUrl, user, token } = options;
  const nonce = context.get('secureHeadersNonce') ?? '';
  const snippet = await dropIn.snippet({ src: `${chatUrl}/widget/chat.js`, nonce, user, token });
  return renderPage(context, {
    title: `A page for ${dropIn.chat}`,
    current: '/drop-in',
    main: html`<section class="intro">
      <p class="way-how"><a href="/drop-in">Snippets for other chats</a> · ${dropIn.document}</p>
      <h1>${dropIn.chat}</h1>
      <p class="lead">${dropIn.lead}</p>
      <p class="state" id="identity-state" data-state="verifying" role="status">The chat is starting.</p>
      ${dropIn.action === undefined ? '' : renderAction(dropIn.action)}
      ${renderRecipe('What this page adds to its HTML', withoutSecrets(snippet, token))}
    </section>`,
    end: html`${snippet} ${renderShopScript(context, 'drop-in-page.js')}`,
  });
}

function renderAction([name, label]: NonNullable<DropIn['action']>): Html {
  return html`<p class="hero-actions">
    <button class="button quiet" data-action="${name}"><code>${label}</code></button>
  </p>`;
}

/** The snippet as a page's author writes it: the token is the server's to fill in, the nonce is this page's own matter. */
function withoutSecrets(snippet: string, token: string): string {
  const lines = snippet
    .replaceAll(/\s+nonce="[^"]*"/g, '')
    .replaceAll(token, 'YOUR_JWT')
    .split('\n');
  const indents = lines.slice(1).map((line) => line.search(/\S|$/));
  const indent = ' '.repeat(Math.min(...indents));
  return lines.map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line)).join('\n');
}
