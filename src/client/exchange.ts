// What sends and receives: one file, fetched when there is something to send or to receive.
export { Delivery } from './delivery.ts';
export { Live } from './live.ts';
