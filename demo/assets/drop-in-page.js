import { showIdentityState } from './identity-state.js';
import { connectSignOut } from './sign-out.js';

const state = document.getElementById('identity-state');

document.addEventListener('chat-identity-changed', (event) => showIdentityState(state, event.detail));
// The chat may have been faster than this script.
const known = window.chat?.state?.identity;
if (known !== undefined && known.state !== 'anonymous') showIdentityState(state, known);

async function fetchToken() {
  const response = await fetch('/api/chat-token', { method: 'POST' });
  return (await response.json()).token;
}

// What the documents tell a page to call later on.
const actions = {
  'applied-logout': () => window.applied.logout(),
  'widgent-identify': async () => window.widgent('identify', await fetchToken()),
  'chatbot-identify': async () => window.chatbotIdentify(await fetchToken()),
};

document.addEventListener('click', (event) => {
  const button = event.target.closest('button[data-action]');
  if (button !== null) void actions[button.dataset.action]();
});

document.addEventListener('chat-sign-in-requested', (event) => {
  event.preventDefault();
  location.reload();
});
connectSignOut();
