import { showIdentityState } from './identity-state.js';
import { connectSignOut } from './sign-out.js';

const state = document.getElementById('identity-state');

document.addEventListener('chat-identity-changed', (event) => showIdentityState(state, event.detail));
// The chat may have been faster than this script.
const known = window.chat?.state?.identity;
if (known !== undefined && known.state !== 'anonymous') showIdentityState(state, known);
document.addEventListener('chat-sign-in-requested', (event) => {
  event.preventDefault();
  location.assign('/login?next=/account?chat=open');
});

// A page that stays open longer than its token lives asks for a new one and swaps the attribute.
document.addEventListener('chat-token-expiring', async () => {
  if (state.dataset.refresh === 'off') return;
  const response = await fetch('/api/chat-token', { method: 'POST' });
  if (!response.ok) return;
  const { token } = await response.json();
  document.querySelector('chat-widget').setAttribute('contact-context-token', token);
});

connectSignOut();
