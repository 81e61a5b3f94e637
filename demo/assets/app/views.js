import { api } from './api.js';
import { element } from './element.js';

/** Views get `{user, navigate, signIn, chatIdentity, notes}` and return an element, or a promise of one. */

export async function plantsView() {
  const plants = await api.plants();
  return element(
    'section',
    {},
    element('h1', {}, 'Plants'),
    element(
      'ul',
      { class: 'plants' },
      plants.map((plant) => plantCard(plant)),
    ),
  );
}

function plantCard(plant) {
  return element(
    'li',
    { class: 'plant' },
    picture(plant),
    element(
      'div',
      { class: 'plant-text' },
      element('h2', {}, element('a', { href: `/app/plants/${plant.id}` }, plant.name)),
      element('p', { class: 'latin', lang: 'la' }, plant.latin),
      element('p', { class: 'price' }, plant.price),
    ),
  );
}

function picture(plant) {
  const image = element('img', { src: `/assets/plants/${plant.id}.svg`, alt: '', width: 200, height: 200 });
  return element('div', { class: 'plant-picture' }, image);
}

export async function plantView(context, id) {
  const plant = (await api.plants()).find((candidate) => candidate.id === id);
  if (plant === undefined) return missingView();
  return element(
    'section',
    { class: 'detail' },
    picture(plant),
    element(
      'div',
      {},
      element('h1', {}, plant.name),
      element('p', { class: 'latin', lang: 'la' }, plant.latin),
      element('p', { class: 'lead' }, plant.story),
      element('p', { class: 'price' }, plant.price),
      element('dl', { class: 'care' }, fact('Light', plant.light), fact('Water', plant.water)),
      element('button', { class: 'button', onclick: () => ask(plant.question) }, `Ask: ${plant.question}`),
    ),
  );
}

function ask(question) {
  window.chat('open');
  window.chat('send', question);
}

function fact(name, value) {
  return element('div', {}, element('dt', {}, name), element('dd', {}, value));
}

export async function ordersView({ user, signIn }) {
  const title = element('h1', {}, 'Orders');
  if (user === null) {
    const button = element(
      'button',
      { class: 'button', onclick: () => signIn('Your orders are yours alone.') },
      'Sign in',
    );
    return element('section', {}, title, element('p', { class: 'lead' }, 'Sign in to see your orders.'), button);
  }
  const orders = await api.orders();
  return element(
    'section',
    {},
    title,
    element(
      'ul',
      { class: 'orders' },
      orders.map((order) => orderRow(order)),
    ),
  );
}

function orderRow(order) {
  return element(
    'li',
    { class: 'order' },
    element('p', { class: 'order-number' }, order.number),
    element('p', {}, order.items, element('br'), element('span', { class: 'muted' }, `Ordered on ${order.placedOn}`)),
    element('p', { class: 'order-state' }, order.state),
    element('p', { class: 'price' }, order.total),
  );
}

const handovers = [
  ['provider', 'A function: the chat fetches a fresh token whenever it needs one'],
  ['token', 'A string, and a new one at each token-expiring event'],
  ['once', 'A string, once: see what happens when it expires'],
];

export function chatView({ user, chatIdentity, notes }) {
  const options = handovers.map(([value, label]) =>
    element(
      'label',
      { class: 'choice' },
      element('input', { type: 'radio', name: 'handover', value, checked: chatIdentity.handover === value }),
      label,
    ),
  );
  const fieldset = element('fieldset', {}, element('legend', {}, 'How this app hands over the token'), options);
  fieldset.addEventListener('change', (event) => {
    chatIdentity.handover = event.target.value;
    if (user !== null) chatIdentity.identify();
  });
  return element(
    'section',
    {},
    element('h1', {}, 'Chat and identity'),
    fieldset,
    element('h2', {}, 'What the chat tells this page'),
    notes,
    document.getElementById('recipe').content.cloneNode(true),
  );
}

export function missingView() {
  return element(
    'section',
    {},
    element('h1', {}, 'Nothing grows here'),
    element('a', { href: '/app' }, 'Back to the plants'),
  );
}
