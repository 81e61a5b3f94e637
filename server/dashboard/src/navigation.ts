/** All addresses of the pages begin with it. */
const root = '/dashboard';

/** Where the brand leads, and who has signed in. */
export const home = '/dashboard/';

const moves = new EventTarget();

type Guard = {
  /** Whether leaving loses something. */
  readonly isHeld: () => boolean;
  /** Resolves with whether the page may be left. */
  readonly ask: () => Promise<boolean>;
};

let guarded: (Guard & { readonly address: string; isAsking: boolean }) | undefined;

/** Has the page that is shown asked before it is left by a link, Back or Forward. Returns what ends it. */
export function guardLeaving(guard: Guard): () => void {
  const mine = { ...guard, address: location.pathname + location.search, isAsking: false };
  guarded = mine;
  return () => {
    if (guarded === mine) guarded = undefined;
  };
}

/** True where the page is to stay until somebody has said that it may be left, which then does `leave`. */
function isStopped(path: string, leave: () => void): boolean {
  const guard = guarded;
  if (!guard || path === new URL(guard.address, location.origin).pathname || !guard.isHeld()) return false;
  if (guard.isAsking) return true;
  guard.isAsking = true;
  void guard.ask().then((mayLeave) => {
    guard.isAsking = false;
    if (!mayLeave || guarded !== guard) return;
    guarded = undefined;
    leave();
  });
  return true;
}

/** Goes to a page of the dashboard, as a link to it would. */
export function navigate(address: string, { replace = false }: { readonly replace?: boolean } = {}): void {
  const { pathname } = new URL(address, location.href);
  // What takes the place of a page is not somebody's wish to go elsewhere, such as the end of a sign-in.
  if (!replace && isStopped(pathname, () => navigate(address))) return;
  if (replace) history.replaceState(null, '', address);
  else history.pushState(null, '', address);
  moves.dispatchEvent(new Event('move'));
}

/**
 * Puts filters into the address, where a reload and a link keep them. What is '' or undefined is taken out. With `push` Back
 * leads to the filters as they were: for what was chosen, not for each letter that was typed.
 */
export function setQuery(
  changes: Readonly<Record<string, string | undefined>>,
  { push = false }: { readonly push?: boolean } = {},
): void {
  const address = new URL(location.href);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined || value === '') address.searchParams.delete(name);
    else address.searchParams.set(name, value);
  }
  navigate(address.pathname + address.search, { replace: !push || address.href === location.href });
}

/** The path of the page that is shown, without a slash at its end. */
export const currentPath = (): string => location.pathname.replace(/\/+$/, '');

/** Where to go after signing in: only to a page of this dashboard, whatever the address says. */
export function safeNext(next: string | null, otherwise: string): string {
  const address = next !== null && URL.canParse(next, location.origin) ? new URL(next, location.origin) : undefined;
  if (address === undefined || !isPage(address)) return otherwise;
  return address.pathname + address.search;
}

const isPage = ({ origin, pathname }: URL): boolean =>
  origin === location.origin &&
  (pathname === root || pathname.startsWith(`${root}/`)) &&
  !/^\/dashboard\/(api|assets)\//.test(pathname);

type Moved = (how: 'link' | 'history') => void;

/** Follows links to pages of the dashboard without loading anything anew, and Back and Forward. Returns what ends it. */
export function followNavigation(moved: Moved): () => void {
  const byLink = (): void => moved('link');
  const byHistory = (): void => {
    // The browser is there already: back to the page, from which the same step leads there again.
    if (isStopped(location.pathname, () => history.back())) history.pushState(null, '', guarded?.address);
    else moved('history');
  };
  const byClick = (event: MouseEvent): void => {
    const address = pageAddressOf(event);
    if (address === undefined) return;
    event.preventDefault();
    if (address.href === location.href) byLink();
    else navigate(address.pathname + address.search + address.hash);
  };
  moves.addEventListener('move', byLink);
  window.addEventListener('popstate', byHistory);
  window.addEventListener('click', byClick);
  return () => {
    moves.removeEventListener('move', byLink);
    window.removeEventListener('popstate', byHistory);
    window.removeEventListener('click', byClick);
  };
}

/** Undefined for what the browser shall do itself: other sites, downloads, new tabs, places within the page. */
function pageAddressOf(event: MouseEvent): URL | undefined {
  const withKey = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
  if (event.defaultPrevented || event.button !== 0 || withKey) return undefined;
  const link = event.composedPath().find((node) => node instanceof HTMLAnchorElement);
  if (link === undefined || link.href === '' || link.target !== '' || link.hasAttribute('download')) return undefined;
  if (link.relList.contains('external') || link.getAttribute('href')?.startsWith('#')) return undefined;
  const address = new URL(link.href);
  return isPage(address) ? address : undefined;
}
