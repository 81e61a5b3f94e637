import { html } from 'hono/html';
import type { ShopContext } from '../server/shop-environment.ts';
import { demoUsers } from '../server/users.ts';
import { renderShopScript } from './chat-embed.ts';
import { type Html, renderPage } from './layout.ts';

export type LoginPageOptions = {
  /** A path of the shop, where to go after the login. */
  readonly next: string;
  /** Given when the last attempt failed: what was typed as e-mail. */
  readonly failedEmail?: string;
};

export function renderLoginPage(context: ShopContext, { next, failedEmail }: LoginPageOptions): Html {
  const isAccount = /^\/account\b/.test(next);
  return renderPage(context, {
    title: 'Sign in',
    ...(isAccount ? { current: '/account' } : {}),
    main: html`<section class="narrow">
      <h1>Sign in</h1>
      <p class="lead">${isAccount ? 'Your account page is for customers.' : 'Then you are back where you were.'}</p>
      ${
        failedEmail === undefined
          ? ''
          : html`<p class="notice bad" role="alert" id="login-error">This e-mail and password do not go together.</p>`
      }
      <form class="form" id="login" method="post" action="/login">
        <input type="hidden" name="next" value="${next}" />
        ${renderCredentialFields(failedEmail ?? '')}
        <button class="button">Sign in</button>
      </form>
      ${renderDemoUserButtons()}
    </section>`,
    end: renderShopScript(context, 'login-page.js'),
  });
}

export function renderCredentialFields(email = ''): Html {
  return html`<label
      >E-mail <input name="email" type="email" autocomplete="username" required value="${email}"
    /></label>
    <label>Password <input name="password" type="password" autocomplete="current-password" required /></label>`;
}

/** Buttons that fill in a demo customer's credentials (`fill-credentials.js`). */
export function renderDemoUserButtons(): Html {
  return html`<div class="demo-users">
    <p class="muted">In this demo you may be:</p>
    ${demoUsers.map(
      (user) =>
        html`<button type="button" class="button quiet" data-email="${user.email}" data-password="${user.password}">
          ${user.name}
          <span class="muted">${user.email} · ${user.password}</span>
        </button>`,
    )}
  </div>`;
}
