import { Hono } from 'hono';
import { createMiddleware } from 'hono/factory';
import { agentId } from '../pages/chat-embed.ts';
import { formatPrice, plants } from './catalogue.ts';
import { endSession, startSession } from './session-cookie.ts';
import type { ShopEnvironment, ShopServices } from './shop-environment.ts';
import type { User } from './users.ts';

const requireAuth = createMiddleware<ShopEnvironment & { Variables: { customer: User } }>(async (context, next) => {
  const user = context.get('user');
  if (user === undefined) return context.json({ error: 'not_signed_in', detail: 'Sign in first.' }, 401);
  context.set('customer', user);
  return next();
});

/** JSON for the single-page app. Errors are `{error, detail}`. */
export function createApiRoutes(services: ShopServices): Hono<ShopEnvironment> {
  const api = new Hono<ShopEnvironment>();
  api.use(async (context, next) => {
    await next();
    context.header('cache-control', 'no-store');
  });

  api.get('/plants', (context) =>
    context.json({ plants: plants.map((plant) => ({ ...plant, price: formatPrice(plant.priceCents) })) }),
  );

  api.get('/chat', (context) => context.json({ server: services.chatUrl, agentId }));

  api.get('/session', (context) => context.json({ user: context.get('user') ?? null }));

  api.post('/session', async (context) => {
    const credentials = readCredentials(await context.req.json<unknown>().catch(() => undefined));
    if (credentials === undefined) {
      return context.json({ error: 'invalid_request', detail: 'Send {"email", "password"} as JSON.' }, 422);
    }
    const user = await services.users.authenticate(credentials.email, credentials.password);
    if (user === undefined) {
      return context.json({ error: 'wrong_credentials', detail: 'This e-mail and password do not go together.' }, 401);
    }
    startSession(context, services, user);
    return context.json({ user });
  });

  api.delete('/session', (context) => {
    endSession(context, services);
    return context.body(null, 204);
  });

  api.get('/orders', requireAuth, (context) =>
    context.json({
      orders: services.orders
        .of(context.var.customer.id)
        .map((order) => ({ ...order, total: formatPrice(order.totalCents) })),
    }),
  );

  api.post('/chat-token', requireAuth, (context) =>
    context.json({ token: services.signWidgetToken(context.var.customer) }),
  );

  api.all('*', (context) => context.json({ error: 'not_found', detail: 'There is no such call.' }, 404));
  return api;
}

function readCredentials(body: unknown): { email: string; password: string } | undefined {
  if (typeof body !== 'object' || body === null || !('email' in body) || !('password' in body)) return undefined;
  const { email, password } = body;
  return typeof email === 'string' && typeof password === 'string' ? { email, password } : undefined;
}
