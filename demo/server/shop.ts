import { join } from 'node:path';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { agentId } from '../pages/chat-embed.ts';
import { createApiRoutes } from './api-routes.ts';
import { createArticles } from './articles.ts';
import { createAssets } from './assets.ts';
import { createChatActionRoutes } from './chat-action-routes.ts';
import { createChatCallVerifier } from './chat-call.ts';
import { createFrameworkPages } from './framework-pages.ts';
import { createOrders, type Orders } from './orders.ts';
import { addNoticePages, createPageRoutes } from './page-routes.ts';
import { requireSameOrigin } from './same-origin.ts';
import { securityHeaders } from './security-headers.ts';
import { readSession } from './session-cookie.ts';
import { createSessions } from './sessions.ts';
import type { ShopEnvironment, ShopServices } from './shop-environment.ts';
import { createUsers } from './users.ts';
import { createWidgetTokenSigner } from './widget-token.ts';

export type ShopOptions = {
  /** Where browsers reach the chat server, e.g. `http://localhost:8787`. */
  readonly chatUrl: string;
  /** The HMAC key shared with the chat server, at least 32 bytes. */
  readonly secret: string;
  /** Lifetime of the tokens that the shop signs. Default 3600. */
  readonly tokenTtlSeconds?: number | undefined;
  /** What the chat server's calls are signed with, at least 32 bytes. Without it there is nothing for it to call. */
  readonly actionsSecret?: string | undefined;
  /** Where the chat server reaches this shop. Default `http://127.0.0.1:3000`. */
  readonly actionsOrigin?: string | undefined;
  /** Folder of the help centre's Markdown. Default: the demo's own. */
  readonly articlesFolder?: string;
  /** Folder whose folders hold, in `dist/`, a page each. Default: the demo's own. */
  readonly frameworksFolder?: string;
  /** Milliseconds since the epoch; for the sessions' lifetime. */
  readonly now?: () => number;
};

export type Shop = { readonly fetch: (request: Request) => Response | Promise<Response> };

const maxBodyBytes = 16 * 1024;

/** The host site: a small plant shop that embeds the chat in three ways. */
export function createShop(options: ShopOptions): Shop {
  const chatUrl = readChatUrl(options.chatUrl);
  const services: ShopServices = {
    chatUrl,
    users: createUsers(),
    sessions: createSessions(options.now === undefined ? {} : { now: options.now }),
    orders: createOrders(),
    articles: createArticles(options.articlesFolder ?? join(import.meta.dirname, '../articles')),
    signWidgetToken: createWidgetTokenSigner({ secret: options.secret, ttlSeconds: options.tokenTtlSeconds }),
  };
  const frameworksFolder = options.frameworksFolder ?? join(import.meta.dirname, '../frameworks');
  const assets = createAssets(join(import.meta.dirname, '../assets'));

  const app = new Hono<ShopEnvironment>();
  app.route('/frameworks', createFrameworkPages(frameworksFolder, new URL(chatUrl).origin));
  app.use(securityHeaders(new URL(chatUrl).origin));
  app.get('/assets/*', (context) => assets(context, context.req.path.slice('/assets/'.length)) ?? context.notFound());
  app.use(bodyLimit({ maxSize: maxBodyBytes }));
  const { actionsSecret, actionsOrigin = 'http://127.0.0.1:3000' } = options;
  if (actionsSecret !== undefined) {
    app.route('/chat-actions', createChatActions(actionsSecret, actionsOrigin, services.orders));
  }
  app.use(requireSameOrigin());
  app.use(readSession(services));
  app.route('/api', createApiRoutes(services));
  app.route('/', createPageRoutes(services));
  addNoticePages(app);
  return { fetch: (request) => app.fetch(request) };
}

function createChatActions(secret: string, audience: string, orders: Orders): Hono {
  if (Buffer.byteLength(secret) < 32) throw new TypeError('actionsSecret: CHAT_ACTIONS_SECRET needs at least 32 bytes');
  return createChatActionRoutes({ verify: createChatCallVerifier({ secret, audience, agent: agentId }), orders });
}

/** Throws a `TypeError` for anything but an http(s) URL; without a trailing slash. */
function readChatUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw new TypeError('chatUrl: CHAT_URL must be an http or https address, e.g. http://localhost:8787');
  }
  return url.origin + url.pathname.replace(/\/+$/, '');
}
