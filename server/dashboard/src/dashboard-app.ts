import { Routes } from '@lit-labs/router/routes.js';
import { LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { api, type ApiError, connection, includesRole, session, toApiError, whenSignedOut } from './api/index.ts';
import { forgetDrafts } from './live/drafts.ts';
import { type DashboardPage, windowTitle } from './dashboard-page.ts';
import { failedState, loadingState } from './elements/index.ts';
import { currentPath, followNavigation, home, navigate, safeNext } from './navigation.ts';
import { type Route, routes } from './routes.ts';
import { forbiddenView, missingView, offlineView, outdatedView, plainFrame, shellFrame } from './frames.ts';

const signIn = '/dashboard/sign-in';

type View =
  | { readonly kind: 'starting' }
  | { readonly kind: 'failed'; readonly error: ApiError }
  | { readonly kind: 'page'; readonly route: Route; readonly path: string; readonly page: DashboardPage }
  | { readonly kind: 'forbidden' | 'outdated' | 'offline'; readonly route: Route }
  | { readonly kind: 'missing' };

/** The dashboard: who is signed in, which page is shown, and the frame around it. */
class DashboardElement extends LitElement {
  static override readonly properties = { routes: { attribute: false } };

  routes = routes;
  #view: View = { kind: 'starting' };
  #visit = 0;
  #moved: 'link' | 'history' | undefined;
  #isMenuOpen = false;
  #stop: (() => void) | undefined;
  readonly #router = new Routes(this, [], { fallback: { enter: () => this.#enterMissing() } });

  protected override createRenderRoot(): this {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#router.routes = this.routes.map((route) => ({
      path: route.path,
      enter: (params) => this.#enter(route, params),
    }));
    this.#stop = followNavigation((how) => void this.#move(how));
    session.addEventListener('change', this.#whenSessionChanged);
    connection.addEventListener('change', this.#whenReached);
    whenSignedOut(() => session.end());
    void this.#start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop?.();
    session.removeEventListener('change', this.#whenSessionChanged);
    connection.removeEventListener('change', this.#whenReached);
  }

  protected override render(): TemplateResult {
    const operator = session.current?.operator;
    const view = this.#view;
    const isPublic = 'route' in view && view.route.role === 'public';
    // A page of somebody who is gone would be moved into the other frame, and load all of itself anew there.
    if (!operator && view.kind === 'page' && !isPublic) return plainFrame(loadingState());
    if (!operator || isPublic) return plainFrame(this.#content());
    return shellFrame(this.#content(), {
      operator,
      routes: this.routes,
      current: ('route' in view ? view.route.section : undefined) ?? currentPath(),
      isMenuOpen: this.#isMenuOpen,
      showMenu: (open) => this.#showMenu(open),
    });
  }

  protected override updated(_changed: PropertyValues): void {
    const moved = this.#moved;
    this.#moved = undefined;
    if (moved) void this.#focusHeading(moved);
  }

  #content(): unknown {
    const view = this.#view;
    switch (view.kind) {
      case 'starting':
        return loadingState();
      case 'failed':
        return failedState(view.error, () => this.#start());
      case 'page':
        return view.page;
      case 'forbidden':
        return forbiddenView(view.route);
      case 'outdated':
        return outdatedView();
      case 'offline':
        return offlineView(() => this.#go());
      case 'missing':
        return missingView();
    }
  }

  async #start(): Promise<void> {
    this.#show({ kind: 'starting' });
    try {
      await session.load();
    } catch (error) {
      document.title = windowTitle('Not reached');
      this.#show({ kind: 'failed', error: toApiError(error) });
      return;
    }
    await this.#go();
  }

  async #move(how: 'link' | 'history'): Promise<void> {
    this.#isMenuOpen = false;
    const view = this.#view;
    if (view.kind === 'page' && view.path === currentPath()) {
      // The newest visit is this one, also if a page is still on its way.
      this.#visit++;
      view.page.query = new URLSearchParams(location.search);
      this.requestUpdate();
      return;
    }
    if (await this.#go()) {
      this.#moved = how;
      this.requestUpdate();
    }
  }

  /** Shows the page of the address. False if it was left before it was there. */
  async #go(): Promise<boolean> {
    const visit = ++this.#visit;
    if (session.current) await this.#router.goto(currentPath());
    return visit === this.#visit;
  }

  async #enter(route: Route, params: Readonly<Record<string, string | undefined>>): Promise<boolean> {
    const visit = this.#visit;
    const operator = session.current?.operator;
    const elsewhere = redirect(route, operator !== null && operator !== undefined);
    if (elsewhere !== undefined) {
      // After this visit has ended, as it begins another.
      queueMicrotask(() => navigate(elsewhere, { replace: true }));
      return false;
    }
    document.title = windowTitle(route.title);
    if (operator && route.role !== 'public' && !includesRole(operator.role, route.role)) {
      this.#show({ kind: 'forbidden', route });
      return true;
    }
    const path = currentPath();
    const Page = await route.load().catch(() => undefined);
    const missing = Page ?? (await whyMissing());
    if (visit !== this.#visit) return false;
    this.#show(
      typeof missing === 'string'
        ? { kind: missing, route }
        : { kind: 'page', route, path, page: pageOf(missing, params) },
    );
    return true;
  }

  #enterMissing(): boolean {
    if (!session.current?.operator) {
      queueMicrotask(() => navigate(signInAddress(), { replace: true }));
      return false;
    }
    document.title = windowTitle('Not found');
    this.#show({ kind: 'missing' });
    return true;
  }

  readonly #whenReached = (): void => {
    if (this.#view.kind === 'offline' && !connection.isLost) void this.#go();
  };

  readonly #whenSessionChanged = (): void => {
    if (!session.current?.operator) forgetDrafts();
    this.requestUpdate();
    const view = this.#view;
    if (!('route' in view)) return;
    const elsewhere = redirect(view.route, Boolean(session.current?.operator));
    if (elsewhere !== undefined) navigate(elsewhere, { replace: true });
  };

  async #focusHeading(moved: 'link' | 'history'): Promise<void> {
    if (this.#view.kind === 'page') await this.#view.page.updateComplete;
    if (moved === 'link') window.scrollTo(0, 0);
    this.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true });
  }

  #showMenu(open: boolean): void {
    this.#isMenuOpen = open;
    this.requestUpdate();
  }

  #show(view: View): void {
    this.#view = view;
    this.requestUpdate();
  }
}

/** Files that do not come are those of an earlier version, unless nothing comes at all. */
async function whyMissing(): Promise<'outdated' | 'offline'> {
  return api.get('session').then(
    () => 'outdated',
    () => (connection.isLost ? 'offline' : 'outdated'),
  );
}

function pageOf(Page: new () => DashboardPage, params: Readonly<Record<string, string | undefined>>): DashboardPage {
  const page = new Page();
  const named = Object.entries(params).filter((entry): entry is [string, string] => entry[1] !== undefined);
  page.params = Object.fromEntries(named.map(([name, value]) => [name, decode(value)]));
  page.query = new URLSearchParams(location.search);
  return page;
}

/** A pattern's parts are as they stand in the address. */
function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** Who is not signed in is asked to; who is, has nothing to do at the sign-in form. */
function redirect(route: Route, isSignedIn: boolean): string | undefined {
  if (!isSignedIn) return route.role === 'public' ? undefined : signInAddress();
  return route.path === signIn ? safeNext(new URLSearchParams(location.search).get('next'), home) : undefined;
}

const signInAddress = (): string => {
  const next = location.pathname + location.search;
  return location.pathname === home ? signIn : `${signIn}?${new URLSearchParams({ next }).toString()}`;
};

if (!customElements.get('cw-dashboard')) customElements.define('cw-dashboard', DashboardElement);

declare global {
  interface HTMLElementTagNameMap {
    'cw-dashboard': DashboardElement;
  }
}
