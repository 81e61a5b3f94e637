import { type Order, ordersAtFirst } from './catalogue.ts';

/** The orders of all customers, for as long as the shop runs. */
export type Orders = {
  /** Newest first. */
  of(userId: string): readonly Order[];
  /**
   * Cancels an order of this customer, by its number or `newest` for the newest that can be. Gives the order as it is now,
   * or why not: `unknown` also for somebody else's.
   */
  cancel(userId: string, which: string): { readonly order: Order } | 'unknown' | 'too-late';
};

/** An order can be cancelled until somebody packs it. */
const cancellable = 'Received';

export function createOrders(): Orders {
  const byUser = new Map(Object.entries(ordersAtFirst).map(([userId, orders]) => [userId, [...orders]]));
  return {
    of: (userId) => byUser.get(userId) ?? [],
    cancel(userId, which) {
      const orders = byUser.get(userId) ?? [];
      const at = orders.findIndex(({ number, state }) =>
        which === 'newest' ? state === cancellable : number.toLowerCase() === which.toLowerCase(),
      );
      const found = orders[at];
      if (found === undefined) return 'unknown';
      if (found.state !== cancellable) return 'too-late';
      const order = { ...found, state: 'Cancelled' };
      orders[at] = order;
      return { order };
    },
  };
}
