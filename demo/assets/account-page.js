import { showIdentityState } from './identity-state.js';

const state = document.getElementById('identity-state');
const signOutMs = 1500;

document.addEventListener('chat-identity-changed', (event) => showIdentityState(state, event.detail));
// The chat may have been faster than this script.
const known = window.chat?.state?.identity;
if (known !== undefined && known.state !== 'anonymous') showIdentityState(state, known);
document.addEventListener('chat-sign-in-requested', () => location.assign('/login?next=/account'));

// A page that stays open longer than its token lives asks for a new one and swaps the attribute.
document.addEventListener('chat-token-expiring', async () => {
  if (state.dataset.refresh === 'off') return;
  const response = await fetch('/api/chat-token', { method: 'POST' });
  if (!response.ok) return;
  const { token } = await response.json();
  document.querySelector('chat-widget').setAttribute('contact-context-token', token);
});

// Signing out of the shop signs out of the chat too, which revokes the token; a chat that does not answer keeps nobody in.
document.addEventListener('submit', async (event) => {
  const form = event.target.closest('form[data-sign-out]');
  if (form === null) return;
  event.preventDefault();
  const timeout = new Promise((resolve) => setTimeout(resolve, signOutMs));
  try {
    await Promise.race([window.chat?.('logout'), timeout]);
  } finally {
    form.submit();
  }
});

// Going back after signing out must not bring the signed-in page back from the browser's memory.
addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload();
});
