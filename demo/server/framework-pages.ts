import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Hono } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import { createAssets } from './assets.ts';

/** The pages that `npm run frameworks` has built in demo/frameworks/, under `/{name}/`; none where it has not run. */
export function createFrameworkPages(folder: string, chatOrigin: string): Hono {
  const pages = new Hono();
  pages.use(
    secureHeaders({
      // The frameworks' own: what a page of files can have without a nonce. Some of them make HTML from strings.
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'", chatOrigin],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
      },
      strictTransportSecurity: false,
    }),
  );
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const built = join(folder, name, 'dist');
    if (!existsSync(join(built, 'index.html'))) continue;
    const files = createAssets(built);
    const root = `/frameworks/${name}/`;
    pages.get(`/${name}`, (context) => context.redirect(root, 308));
    pages.get(`/${name}/*`, (context) => {
      const path = context.req.path.slice(root.length) || 'index.html';
      return files(context, path) ?? context.notFound();
    });
  }
  return pages;
}
