import type { DashboardServices } from './route.ts';

/**
 * What the pages may do. `chat-widget` and `lit-html` are the policies of the widget, which the preview shows, and of what
 * draws the pages.
 */
const policyOf = (ancestors: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "frame-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    `frame-ancestors ${ancestors}`,
    "require-trusted-types-for 'script'",
    'trusted-types chat-widget lit-html',
  ].join('; ');

const previewPage = 'preview.html';

/** A file of the pages; for every other address below `/dashboard` the one page that all of them are. */
export async function sendPage(request: Request, pageFile: DashboardServices['pageFile']): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  if (pathname === '/') return redirect('/dashboard/', 302);
  if (pathname === '/dashboard') return redirect(`/dashboard/${search}`);
  const path = pathname.slice('/dashboard/'.length);
  const isFile = path.startsWith('assets/') || path === previewPage;
  const file = await pageFile(isFile ? path : 'index.html', request.headers);
  if (file === undefined) return missing(isFile);
  const response = new Response(file.body, file);
  for (const [name, value] of Object.entries(headersOf(path, path === previewPage || !isFile))) {
    response.headers.set(name, value);
  }
  // These are this origin's alone.
  response.headers.delete('access-control-allow-origin');
  return response;
}

function headersOf(path: string, isPage: boolean): { readonly [name: string]: string } {
  const common = { 'cross-origin-resource-policy': 'same-origin', 'x-content-type-options': 'nosniff' };
  if (!isPage) return { ...common, 'cache-control': 'public, max-age=31536000, immutable' };
  const ancestors = path === previewPage ? "'self'" : "'none'";
  return {
    ...common,
    'content-security-policy': policyOf(ancestors),
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=()',
    'referrer-policy': 'same-origin',
    'x-frame-options': path === previewPage ? 'SAMEORIGIN' : 'DENY',
  };
}

function redirect(location: string, status: 302 | 308 = 308): Response {
  return new Response(null, { status, headers: { location, 'cache-control': 'no-store' } });
}

function missing(isFile: boolean): Response {
  const words = isFile ? 'No such file.' : 'The dashboard has not been built (npm run build).';
  return new Response(`${words}\n`, {
    status: 404,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  });
}
