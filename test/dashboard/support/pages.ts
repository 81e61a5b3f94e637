import { html, type TemplateResult } from 'lit';
import { DashboardPage } from '../../../server/dashboard/src/dashboard-page.ts';
import { pageHeader } from '../../../server/dashboard/src/elements/index.ts';
import type { Route } from '../../../server/dashboard/src/routes.ts';

/** A page that says where it is. */
class PlacePage extends DashboardPage {
  protected override render(): TemplateResult {
    return html`${pageHeader({ title: this.params['place'] ?? 'Start' })}
      <p>filter: ${this.query.get('filter') ?? 'none'}</p>
      <p><a href="/dashboard/places/far%2Faway">Far away</a> <a href="/dashboard/secret">Secret</a></p>
      <p><a href="/elsewhere/file" id="outside">Outside</a></p>`;
  }
}

customElements.define('place-page', PlacePage);

/** Of a page that is not there before the test says so. */
export const slow = Promise.withResolvers<void>();

export const placeRoutes: readonly Route[] = [
  {
    path: '/dashboard',
    title: 'Start',
    role: 'viewer',
    nav: { label: 'Start', icon: 'overview' },
    load: async () => PlacePage,
  },
  {
    path: '/dashboard/places/:place',
    title: 'Place',
    role: 'viewer',
    section: '/dashboard/places',
    load: async () => PlacePage,
  },
  {
    path: '/dashboard/places',
    title: 'Places',
    role: 'viewer',
    nav: { label: 'Places', icon: 'inbox' },
    load: async () => PlacePage,
  },
  {
    path: '/dashboard/secret',
    title: 'Secret',
    role: 'admin',
    nav: { label: 'Secret', icon: 'key' },
    load: async () => PlacePage,
  },
  {
    path: '/dashboard/slow',
    title: 'Slow',
    role: 'viewer',
    load: async () => {
      await slow.promise;
      return PlacePage;
    },
  },
  {
    path: '/dashboard/gone',
    title: 'Gone',
    role: 'viewer',
    load: () => Promise.reject(new TypeError('Failed to fetch dynamically imported module')),
  },
];
