import { html } from 'hono/html';
import { plants } from '../server/catalogue.ts';
import type { ShopContext } from '../server/shop-environment.ts';
import { demoUsers } from '../server/users.ts';
import { type Html, renderPage } from './layout.ts';
import { renderPlantCard } from './plant-card.ts';

const ways = [
  {
    href: '/script',
    name: 'Shop window',
    how: 'One script tag',
    text: 'Visitors are anonymous, or say a name that nobody checks. Nothing but a line of HTML.',
    who: 'anonymous, self-reported',
  },
  {
    href: '/account',
    name: 'Your account',
    how: 'Token in the markup',
    text: 'A page that the server renders after the login, with the signed token in an attribute of the element.',
    who: 'verified',
  },
  {
    href: '/app',
    name: 'Shop app',
    how: 'identify() and logout()',
    text: 'A single-page app: customers sign in, switch and sign out without a reload, and the chat goes along.',
    who: 'anonymous, verified, switched',
  },
];

export function renderWelcomePage(context: ShopContext): Html {
  return renderPage(context, {
    title: 'Welcome',
    current: '/',
    description: 'Fernhill, a small plant shop that shows three ways of embedding the chat.',
    main: html`
      <section class="hero">
        <div>
          <h1>Plants for rooms with ordinary light</h1>
          <p class="lead">
            Fernhill is a make-believe plant shop with a real backend. It embeds the chat in three ways: open one and
            ask about light, water, delivery or returns.
          </p>
          <p class="hero-actions">
            <a class="button" href="/script">Ask as a stranger</a>
            <a class="button quiet" href="/account">Ask as a customer</a>
          </p>
        </div>
        <div class="hero-picture"><img src="/assets/plants/monstera.svg" alt="" width="320" height="320" /></div>
      </section>
      <section aria-labelledby="ways">
        <h2 id="ways">Three ways in</h2>
        <ol class="ways">
          ${ways.map(
            (way) =>
              html`<li class="way">
                <p class="way-how">${way.how}</p>
                <h3><a href="${way.href}">${way.name}</a></h3>
                <p>${way.text}</p>
                <p class="way-who">The chat sees: ${way.who}</p>
              </li>`,
          )}
        </ol>
        <p>
          Coming from another chat? <a href="/drop-in">Its snippets</a> run here as they are. Not its colours?
          <a href="/themes">Six themes</a> to copy.
        </p>
        <p>The chat of the <a href="/clinic">plant clinic</a> asks for consent and a name before the first message.</p>
      </section>
      <section class="aside" aria-labelledby="customers">
        <h2 id="customers">Two customers to try it with</h2>
        ${renderDemoUsers()}
      </section>
      <section aria-labelledby="favourites">
        <h2 id="favourites">This week’s favourites</h2>
        <ul class="plants">
          ${plants.slice(0, 3).map((plant) => renderPlantCard(plant))}
        </ul>
      </section>
    `,
  });
}

/** The demo's customers with their passwords, which are no secret. */
function renderDemoUsers(): Html {
  return html`<div class="table" tabindex="0" role="region" aria-label="Demo customers">
    <table>
      <thead>
        <tr>
          <th scope="col">Customer</th>
          <th scope="col">E-mail</th>
          <th scope="col">Password</th>
        </tr>
      </thead>
      <tbody>
        ${demoUsers.map(
          (user) =>
            html`<tr>
              <th scope="row">${user.name}</th>
              <td><code>${user.email}</code></td>
              <td><code>${user.password}</code></td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
