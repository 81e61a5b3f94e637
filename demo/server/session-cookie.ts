import type { MiddlewareHandler } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { ShopContext, ShopEnvironment, ShopServices } from './shop-environment.ts';
import type { User } from './users.ts';

const cookieName = 'fernhill_session';

/** Finds the session that the request's cookie names and puts its user on the context. */
export function readSession({ sessions, users }: ShopServices): MiddlewareHandler<ShopEnvironment> {
  return async (context, next) => {
    const id = getCookie(context, cookieName);
    const userId = id === undefined ? undefined : sessions.userId(id);
    context.set('sessionId', userId === undefined ? undefined : id);
    context.set('user', userId === undefined ? undefined : users.find(userId));
    return next();
  };
}

/**
 * Signs a user in under a new session id. An id that the browser brought along is never taken over (session fixation),
 * and the session that it named before is over.
 */
export function startSession(context: ShopContext, { sessions }: ShopServices, user: User): void {
  endSession(context, { sessions });
  setCookie(context, cookieName, sessions.start(user.id), cookieOptions(context));
  context.set('user', user);
}

export function endSession(context: ShopContext, { sessions }: Pick<ShopServices, 'sessions'>): void {
  const id = context.get('sessionId');
  if (id !== undefined) sessions.end(id);
  deleteCookie(context, cookieName, cookieOptions(context));
  context.set('sessionId', undefined);
  context.set('user', undefined);
}

function cookieOptions(context: ShopContext) {
  return { httpOnly: true, sameSite: 'Lax', path: '/', secure: context.req.url.startsWith('https:') } as const;
}
