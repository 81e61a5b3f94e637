import { type Order, ordersAtFirst } from './catalogue.ts';

/** The orders of all customers, for as long as the shop runs. */
export type Orders = {
  /** Newest first. */
  of(userId: string): readonly Order[];
  /** Cancels an order of this customer, by its number. Gives the order as it is now, or why not: `unknown` also for somebody else's. */
  cancel(userId: string, which: string): { readonly order: Order } | 'unknown' | 'too-late' | 'cancelled';
};

/** An order can be cancelled until somebody packs it. */
const cancellable = 'Received';
const cancelled = 'Cancelled';

export function createOrders(): Orders {
  const byUser = new Map(Object.entries(ordersAtFirst).map(([userId, orders]) => [userId, [...orders]]));
  return {
    of: (userId) => byUser.get(userId) ?? [],
    cancel(userId, which) {
      const orders = byUser.get(userId) ?? [];
      const at = orders.findIndex(({ number }) => number.toLowerCase() === which.toLowerCase());
      const found = orders[at];
      if (found === undefined) return 'unknown';
      if (found.state === cancelled) return 'cancelled';
      if (found.state !== cancellable) return 'too-late';
      const order = { ...found, state: cancelled };
      orders[at] = order;
      return { order };
    },
  };
}
