import type { TokenSource } from '../client/index.ts';

/** @throws TypeError for what can be no token; the message says what to pass and never what was passed. */
export function checkSource(source: TokenSource): void {
  // Nothing is an answer, too: nobody is signed in.
  if (/^[sf]/.test(typeof (source ?? ''))) return;
  throw new TypeError('identify(token): pass the JWT or a function for one');
}
