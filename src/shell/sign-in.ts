import { signInAddress } from './sign-in-address.ts';

let isTold = false;

/**
 * The visitor has asked to sign in, and the page has not taken that up: the address in `sign-in-url` does. Where nothing
 * comes of it the panel says so in the place of its buttons. It cannot be known before: who listens, an event does not tell.
 */
export function openSignIn(element: HTMLElement): void {
  const address = element.getAttribute('sign-in-url');
  if (address ? follow(address) : tell()) return;
  element.shadowRoot?.querySelector('chat-panel')?.dispatchEvent(new Event('panel-sign-in-untaken'));
}

function tell(): boolean {
  if (isTold) return false;
  isTold = true;
  const remedy = 'listen for chat-sign-in-requested and call preventDefault() on it, or set sign-in-url';
  console.warn(`<chat-widget>: the visitor asked to sign in: ${remedy}.`);
  return false;
}

/** Of another address the console was told with the attributes. */
function follow(address: string): boolean {
  const url = signInAddress(address);
  if (url) open(url, '_top');
  return url !== undefined;
}
