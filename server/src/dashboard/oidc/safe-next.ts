/** Where somebody goes after signing in: only to a page of this dashboard, whatever the address says. */
export function safeNext(next: string | undefined, origin: string): string {
  const start = '/dashboard/';
  const url = next === undefined || next.length > 1_500 ? null : URL.parse(next, origin);
  if (url === null || url.origin !== origin || !url.pathname.startsWith(start)) return start;
  return /^\/dashboard\/(?:api|assets)(?:\/|$)/.test(url.pathname) ? start : url.pathname + url.search;
}
