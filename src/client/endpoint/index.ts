export { standIn } from './stand-in.ts';
