import { html, nothing, type TemplateResult } from 'lit';
import { ifDefined } from 'lit/directives/if-defined.js';
import './connection-notice.ts';
import './operator-menu.ts';
import { includesRole, type Operator } from './api/index.ts';
import { emptyState, icon, pageHeader } from './elements/index.ts';
import { home } from './navigation.ts';
import type { Route } from './routes.ts';

type Shell = {
  readonly operator: Operator;
  readonly routes: readonly Route[];
  /** The path whose entry in the navigation is the current one. */
  readonly current: string;
  readonly isMenuOpen: boolean;
  readonly showMenu: (open: boolean) => void;
};

const mark = (): TemplateResult => html`<span class="mark" aria-hidden="true">${icon('agents')}</span>`;

const skipLink = (): TemplateResult => html`<a class="skip" href="#main" @click=${skip}>Skip to the page</a>`;

/** The address stays, so that Back goes to a page and not to a place within one. */
function skip(event: Event): void {
  event.preventDefault();
  document.getElementById('main')?.focus();
}

/** Around the pages of who is signed in. */
export const shellFrame = (content: unknown, shell: Shell): TemplateResult =>
  html`${skipLink()}<cw-connection></cw-connection>
    <div class="shell">
      <header
        class=${shell.isMenuOpen ? 'bar open' : 'bar'}
        @keydown=${(event: KeyboardEvent) => closeByKey(event, shell)}
      >
        <a class="brand" href=${home}>${mark()}<span>Chat dashboard</span></a>
        <button
          type="button"
          class="button quiet bar-toggle"
          aria-expanded=${shell.isMenuOpen}
          aria-controls="bar-body"
          @click=${() => shell.showMenu(!shell.isMenuOpen)}
        >
          ${icon(shell.isMenuOpen ? 'close' : 'menu')}Menu
        </button>
        <div class="bar-body" id="bar-body">
          <nav aria-label="Pages">
            <ul>
              ${entries(shell).map((route) => entry(route, shell.current))}
            </ul>
          </nav>
          <cw-operator-menu .operator=${shell.operator}></cw-operator-menu>
        </div>
      </header>
      <main id="main" tabindex="-1">${content}</main>
    </div>
    <cw-toasts></cw-toasts>`;

/** Around the pages of who is not. */
export const plainFrame = (content: unknown): TemplateResult =>
  html`<cw-connection></cw-connection>
    <div class="plain">
      <header class="brand">${mark()}<span>Chat dashboard</span></header>
      <main id="main" tabindex="-1">${content}</main>
    </div>
    <cw-toasts></cw-toasts>`;

const entries = ({ operator, routes }: Shell): readonly Route[] =>
  routes.filter(({ nav, role }) => nav !== undefined && role !== 'public' && includesRole(operator.role, role));

function entry({ path, nav }: Route, current: string): TemplateResult | typeof nothing {
  if (!nav) return nothing;
  const isCurrent = current === path || (path !== '/dashboard' && current.startsWith(`${path}/`));
  const value = current === path ? 'page' : 'true';
  return html`<li>
    <a href=${path} aria-current=${ifDefined(isCurrent ? value : undefined)}>${icon(nav.icon)}${nav.label}</a>
  </li>`;
}

function closeByKey(event: KeyboardEvent, { isMenuOpen, showMenu }: Shell): void {
  if (event.key !== 'Escape' || event.defaultPrevented || !isMenuOpen) return;
  showMenu(false);
  document.querySelector<HTMLElement>('.bar-toggle')?.focus();
}

export const forbiddenView = ({ title, role }: Route): TemplateResult =>
  html`<div>
    ${pageHeader({ title })}
    ${emptyState({
      icon: 'lock',
      title: 'Your role does not include this page',
      text: `It is for ${role === 'admin' ? 'administrators' : 'operators and administrators'}. An administrator can change your role.`,
    })}
  </div>`;

export const missingView = (): TemplateResult =>
  html`<div>
    ${pageHeader({ title: 'Not found' })}
    ${emptyState({
      icon: 'search',
      title: 'There is no page at this address',
      text: 'The link may be old, or a part of it is missing.',
      action: html`<a class="button" href=${home}>Go to the start</a>`,
    })}
  </div>`;

/** The files of a page cannot be fetched while the server cannot be reached. */
export const offlineView = (retry: () => unknown): TemplateResult =>
  html`<div>
    ${pageHeader({ title: 'No connection' })}
    ${emptyState({
      icon: 'alert',
      title: 'The server cannot be reached',
      text: 'Check your connection. This page is loaded as soon as the server is there again.',
      action: html`<button type="button" class="button" @click=${() => void retry()}>Try again</button>`,
    })}
  </div>`;

/** The files of a page are gone: the server was brought up to date since this page was loaded. */
export const outdatedView = (): TemplateResult =>
  html`<div>
    ${pageHeader({ title: 'This page could not be loaded' })}
    ${emptyState({
      icon: 'refresh',
      title: 'The dashboard may have been updated',
      text: 'Load it again to go on. If that does not help, its files are not whole: the server’s administrator can build them again.',
      action: html`<button type="button" class="button" @click=${() => location.reload()}>Load again</button>`,
    })}
  </div>`;
