// What sends and receives: one file, fetched when there is something to send or to receive.
export { createDelivery } from './delivery.ts';
export { createLive } from './live.ts';
