import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { renderAccountPage } from '../pages/account-page.ts';
import { renderAppPage } from '../pages/app-page.ts';
import { renderClinicPage } from '../pages/clinic-page.ts';
import { renderHelpArticle, renderHelpIndex } from '../pages/help-pages.ts';
import { renderLoginPage } from '../pages/login-page.ts';
import { renderNoticePage } from '../pages/notice-page.ts';
import { renderPlaygroundPage } from '../pages/playground-page.ts';
import { readSelfReported, renderScriptPage } from '../pages/script-page.ts';
import { renderThemesPage } from '../pages/themes-page.ts';
import { renderWelcomePage } from '../pages/welcome-page.ts';
import { describeWidget } from './describe-widget.ts';
import { addDropIns } from './drop-in-routes.ts';
import { endSession, startSession } from './session-cookie.ts';
import type { ShopContext, ShopEnvironment, ShopServices } from './shop-environment.ts';

/** The pages, and the login and logout forms. */
export function createPageRoutes(services: ShopServices): Hono<ShopEnvironment> {
  const pages = new Hono<ShopEnvironment>();
  pages.use(async (context, next) => {
    await next();
    // Each page has its own nonce, and some hold a token: neither belongs in a cache.
    context.header('cache-control', 'no-store');
  });

  pages.get('/', (context) => context.html(renderWelcomePage(context)));
  pages.get('/script', (context) =>
    context.html(
      renderScriptPage(
        context,
        services.chatUrl,
        readSelfReported(context.req.query('name'), context.req.query('email')),
      ),
    ),
  );
  pages.get('/clinic', (context) => context.html(renderClinicPage(context, services.chatUrl)));
  pages.get('/themes', (context) =>
    context.html(renderThemesPage(context, services.chatUrl, context.req.query('look'))),
  );
  pages.get('/account', (context) => showAccount(context, services));
  pages.on('GET', ['/app', '/app/*'], (context) => context.html(renderAppPage(context, services.chatUrl)));
  pages.get('/playground', async (context) =>
    context.html(renderPlaygroundPage(context, services.chatUrl, await describeWidget())),
  );
  addHelp(pages, services);
  addDropIns(pages, services);
  addLogin(pages, services);
  return pages;
}

function showAccount(
  context: ShopContext,
  { chatUrl, signWidgetToken, orders }: ShopServices,
): Response | Promise<Response> {
  const user = context.get('user');
  const isChatOpen = context.req.query('chat') === 'open';
  if (user === undefined) return context.redirect(`/login?next=/account${isChatOpen ? '?chat=open' : ''}`, 303);
  const refresh = context.req.query('refresh') === 'off' ? 'off' : 'on';
  const token = signWidgetToken(user);
  return context.html(
    renderAccountPage(context, { chatUrl, user, token, refresh, isChatOpen, orders: orders.of(user.id) }),
  );
}

function addHelp(pages: Hono<ShopEnvironment>, { articles }: ShopServices): void {
  pages.get('/help', (context) => context.html(renderHelpIndex(context, articles)));
  pages.get('/help/:slug', (context) => {
    const article = articles.find(context.req.param('slug'));
    return article === undefined ? context.notFound() : context.html(renderHelpArticle(context, article));
  });
}

function addLogin(pages: Hono<ShopEnvironment>, services: ShopServices): void {
  pages.get('/login', (context) => {
    const next = readNext(context.req.query('next'));
    return context.get('user') === undefined
      ? context.html(renderLoginPage(context, { next }))
      : context.redirect(next, 303);
  });

  pages.post('/login', async (context) => {
    const form = await context.req.parseBody();
    const email = readText(form['email']);
    const next = readNext(readText(form['next']));
    const user = await services.users.authenticate(email, readText(form['password']));
    if (user === undefined) return context.html(renderLoginPage(context, { next, failedEmail: email }), 401);
    startSession(context, services, user);
    return context.redirect(next, 303);
  });

  pages.post('/logout', (context) => {
    endSession(context, services);
    return context.redirect('/', 303);
  });
}

function readText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A path of this shop; anything else (another host, `//host`, `/\host`) becomes the account page. */
function readNext(value: string | undefined): string {
  const base = 'http://shop';
  if (value === undefined || !value.startsWith('/') || !URL.canParse(value, base)) return '/account';
  const url = new URL(value, base);
  return url.origin === base ? url.pathname + url.search : '/account';
}

/** A page for what has none: unknown addresses, and failures (whose details are for the log only). */
export function addNoticePages(app: Hono<ShopEnvironment>): void {
  app.notFound((context) =>
    context.html(renderNoticePage(context, 'Nothing grows here', 'There is no page at this address.'), 404),
  );
  app.onError((error, context) => {
    if (error instanceof HTTPException) return error.getResponse();
    console.error(`${context.req.method} ${context.req.path}: ${error.message}`);
    return context.html(renderNoticePage(context, 'Something broke', 'That was our fault. Please try again.'), 500);
  });
}
