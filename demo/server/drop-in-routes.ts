import type { Hono } from 'hono';
import { renderDropInIndex, renderDropInPage } from '../pages/drop-in/drop-in-pages.ts';
import { dropIns } from '../pages/drop-in/snippets.ts';
import type { ShopEnvironment, ShopServices } from './shop-environment.ts';

/** Pages that were written for other chats, for customers who are signed in. */
export function addDropIns(pages: Hono<ShopEnvironment>, { chatUrl, signWidgetToken }: ShopServices): void {
  pages.get('/drop-in', (context) => context.html(renderDropInIndex(context)));
  pages.get('/drop-in/:name', async (context) => {
    const dropIn = dropIns.find(({ name }) => name === context.req.param('name'));
    if (dropIn === undefined) return context.notFound();
    const user = context.get('user');
    if (user === undefined) return context.redirect(`/login?next=/drop-in/${dropIn.name}`, 303);
    return context.html(await renderDropInPage(context, dropIn, { chatUrl, user, token: signWidgetToken(user) }));
  });
}
