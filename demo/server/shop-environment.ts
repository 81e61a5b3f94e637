import type { Context } from 'hono';
import type { Articles } from './articles.ts';
import type { Orders } from './orders.ts';
import type { Sessions } from './sessions.ts';
import type { User, Users } from './users.ts';
import type { SignWidgetToken } from './widget-token.ts';

/** What the shop's routes share. */
export type ShopServices = {
  readonly chatUrl: string;
  readonly users: Users;
  readonly sessions: Sessions;
  readonly articles: Articles;
  readonly orders: Orders;
  readonly signWidgetToken: SignWidgetToken;
};

/** What the middleware found out about a request. */
export type ShopEnvironment = { Variables: { user: User | undefined; sessionId: string | undefined } };

export type ShopContext = Context<ShopEnvironment>;
