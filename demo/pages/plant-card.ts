import { html } from 'hono/html';
import { formatPrice, type Plant } from '../server/catalogue.ts';
import type { Html } from './layout.ts';

/** A plant in the shop window, with what may stand below it. */
export function renderPlantCard(plant: Plant, action: Html | '' = ''): Html {
  return html`<li class="plant">
    <div class="plant-picture">
      <img src="/assets/plants/${plant.id}.svg" alt="" width="200" height="200" loading="lazy" />
    </div>
    <div class="plant-text">
      <h3>${plant.name}</h3>
      <p class="latin" lang="la">${plant.latin}</p>
      <p class="price">${formatPrice(plant.priceCents)}</p>
      <dl class="care">
        <div>
          <dt>Light</dt>
          <dd>${plant.light}</dd>
        </div>
        <div>
          <dt>Water</dt>
          <dd>${plant.water}</dd>
        </div>
      </dl>
      ${action}
    </div>
  </li>`;
}
