/**
 * The `actions` of the demo's agent, as they stand in the chat server's configuration file (docs/actions.md).
 *
 * @param shopOrigin where the chat server reaches the shop
 * @param signingSecret shared with the shop alone, at least 32 bytes: signs the calls
 */
export function chatActions(shopOrigin: string, signingSecret: string) {
  return [
    {
      name: 'order_status',
      description: "Lists the visitor's own orders, each with its status.",
      access: 'verified' as const,
      phrases: [
        'where is my order',
        "where's my order",
        'where are my orders',
        'show my orders',
        'list my orders',
        'status of my order',
        'track my order',
        'wo ist meine Bestellung',
        'أين طلبي',
      ],
      url: `${shopOrigin}/chat-actions/orders`,
    },
    {
      name: 'open_ticket',
      description: 'Opens a ticket, so that a person of the shop answers.',
      access: 'public' as const,
      phrases: ['open a ticket', 'create a ticket'],
      input: {
        properties: {
          about: {
            type: 'string' as const,
            description: "The matter, in the visitor's words",
            fromMessage: true as const,
          },
        },
        required: ['about'],
      },
      url: `${shopOrigin}/chat-actions/tickets`,
    },
    {
      name: 'cancel_order',
      description: "Cancels one of the visitor's own orders, as long as it has not been packed.",
      access: 'verified' as const,
      approval: true,
      phrases: ['cancel my order', 'cancel order'],
      input: {
        properties: {
          order: {
            type: 'string' as const,
            description: 'the number of the order, such as F-20431. It stands among your orders.',
            pattern: '^[Ff]-\\d{5}$',
            fromMessage: '\\bF-\\d{5}\\b',
          },
        },
        // Whoever approves sees which one it is.
        required: ['order'],
      },
      url: `${shopOrigin}/chat-actions/cancel`,
    },
  ].map((action) => ({ ...action, signingSecret }));
}
