import { html } from 'hono/html';
import type { ShopContext } from '../server/shop-environment.ts';
import { agentId, renderChatScript, renderChatStub, renderRecipe, renderShopScript } from './chat-embed.ts';
import { type Html, renderPage } from './layout.ts';
import { renderCredentialFields, renderDemoUserButtons } from './login-page.ts';

/** The frame of the single-page app. Everything else is drawn by `assets/app/main.js`. */
export function renderAppPage(context: ShopContext, chatUrl: string): Html {
  return renderPage(context, {
    title: 'Shop app',
    current: '/app',
    account: html`<span class="who" id="app-user"></span>
      <button class="button quiet" id="sign-in" hidden>Sign in</button>
      <button class="button quiet" id="switch-user" hidden>Switch</button>
      <button class="button quiet" id="sign-out" hidden>Sign out</button>`,
    main: html`
      <section class="intro">
        <p class="way-how">Way 3 of 3 · identify() and logout()</p>
        <nav class="tabs" aria-label="Shop app">
          <a href="/app">Plants</a> <a href="/app/orders">Orders</a> <a href="/app/chat">Chat and identity</a>
        </nav>
        <p class="state" id="identity-state" data-state="anonymous" role="status">
          The chat sees you as <strong>anonymous</strong>.
        </p>
      </section>
      <div id="view" tabindex="-1" aria-live="off"><p class="muted">Loading…</p></div>
      <template id="recipe">${renderRecipe('What this app calls', recipe)}</template>
      <dialog id="sign-in-dialog" class="dialog" aria-labelledby="sign-in-title">
        <form class="form" id="sign-in-form">
          <h2 id="sign-in-title">Sign in</h2>
          <p class="muted" id="sign-in-reason"></p>
          ${renderCredentialFields()}
          <p class="notice bad" role="alert" id="sign-in-error" hidden></p>
          <div class="form-actions">
            <button class="button">Sign in</button>
            <button class="button quiet" type="button" id="sign-in-cancel">Cancel</button>
          </div>
        </form>
        ${renderDemoUserButtons()}
      </dialog>
      <noscript
        ><p class="notice bad">
          The shop app needs JavaScript. <a href="/script">The shop window</a> shows the same plants.
        </p></noscript
      >
    `,
    end: html`${renderChatStub(context)} ${renderChatScript(context, chatUrl, { 'agent-id': agentId })}
    ${renderShopScript(context, 'app/main.js')}`,
  });
}

const recipe = `const fetchToken = async () => {
  const response = await fetch('/api/chat-token', { method: 'POST' })
  return (await response.json()).token
}

chat('identify', fetchToken)   // after sign-in; again after a switch
chat('logout')                 // on sign-out
chat('on', 'identity-changed', ({ state }) => show(state))
chat('on', 'sign-in-requested', (detail, event) => {
  event.preventDefault()       // taken: the chat keeps its button
  dialog.showModal()
})`;
