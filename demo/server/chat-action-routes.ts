import { type Context, Hono } from 'hono';
import { formatPrice, type Order } from './catalogue.ts';
import type { ChatCaller, ChatCallVerifier } from './chat-call.ts';
import type { Orders } from './orders.ts';

type Answer = { readonly message: string } & { readonly [name: string]: unknown };
type Work = (caller: ChatCaller, input: unknown) => Answer;

/**
 * What the chat can do for a customer. The chat server calls these, no browser does: each call proves by its own signature
 * who is asking, so neither the shop's cookie nor an `Origin` counts here.
 */
export function createChatActionRoutes(services: { readonly verify: ChatCallVerifier; readonly orders: Orders }): Hono {
  const { verify, orders } = services;
  const routes = new Hono();
  const tickets: { readonly number: string; readonly from: string | undefined; readonly about: string }[] = [];

  const answer = (action: string, work: Work) => async (context: Context) => {
    const body = await context.req.text();
    const caller = verify({ action, authorization: context.req.header('authorization'), body });
    context.header('cache-control', 'no-store');
    if (caller === undefined) return context.json({ error: 'not_the_chat_server' }, 401);
    return context.json(work(caller, JSON.parse(body)));
  };

  routes.post(
    '/orders',
    answer('order_status', ({ sub, name }) => listOrders(orders.of(sub ?? ''), name)),
  );
  routes.post(
    '/cancel',
    answer('cancel_order', ({ sub }, input) => cancelOrder(orders, sub ?? '', textIn(input, 'order'))),
  );
  routes.post(
    '/tickets',
    answer('open_ticket', ({ sub }, input) => {
      const ticket = { number: `T-${1001 + tickets.length}`, from: sub, about: textIn(input, 'about') };
      tickets.push(ticket);
      return {
        message: `I have opened ticket ${ticket.number}. We answer within one working day.`,
        ticket: ticket.number,
      };
    }),
  );
  return routes;
}

function listOrders(orders: readonly Order[], name: string | undefined): Answer {
  const whose = name === undefined ? 'Your' : `${name}, your`;
  if (orders.length === 0) return { message: `${whose} account has no orders yet.`, orders: [] };
  const lines = orders.map(
    ({ number, placedOn, items, totalCents, state }) =>
      `- ${number} of ${placedOn}: ${items}, ${formatPrice(totalCents)}. ${state}.`,
  );
  return { message: `${whose} orders:\n${lines.join('\n')}`, orders };
}

function cancelOrder(orders: Orders, userId: string, which: string): Answer {
  const outcome = orders.cancel(userId, which);
  if (outcome === 'too-late') return { message: `Order ${which} is past packing, so it can no longer be cancelled.` };
  if (outcome === 'cancelled') return { message: `Order ${which} is cancelled already.` };
  if (outcome === 'unknown') return { message: 'You have no such order.' };
  const { number, totalCents } = outcome.order;
  return { message: `Order ${number} is cancelled. You get ${formatPrice(totalCents)} back.`, order: outcome.order };
}

function textIn(input: unknown, name: string): string {
  if (typeof input !== 'object' || input === null || !Object.hasOwn(input, name)) return '';
  const value: unknown = (input as { readonly [name: string]: unknown })[name];
  return typeof value === 'string' ? value : '';
}
