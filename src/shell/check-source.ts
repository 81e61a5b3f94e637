import type { TokenSource } from '../client/index.ts';

/** @throws TypeError for what can be no token; the message says what to pass and never what was passed. */
export function checkSource(source: TokenSource): void {
  if (source && /^[sf]/.test(typeof source)) return;
  throw new TypeError('identify(token): pass the JWT that your backend signed, or a function that returns it');
}
