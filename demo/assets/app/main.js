// A single-page app: it signs customers in and out by fetch, and the chat goes along without a reload.
import { showIdentityState } from '../identity-state.js';
import { api } from './api.js';
import { createChatIdentity } from './chat-identity.js';
import { createNotes } from './notes.js';
import { createRouter } from './router.js';
import { createSignInDialog } from './sign-in-dialog.js';

const find = (id) => document.getElementById(id);
const notes = createNotes();
let user = null;

const chatIdentity = createChatIdentity({
  onNote: notes.add,
  onSessionEnded() {
    if (user === null) return;
    setUser(null);
    chatIdentity.logout();
    dialog.open('Your shop session has ended.');
  },
});

const dialog = createSignInDialog({
  onSignedIn(signedIn) {
    setUser(signedIn);
    // After a switch too: the new token's subject makes the chat forget the previous customer.
    chatIdentity.identify();
  },
});

const router = createRouter({
  root: find('view'),
  tabs: [...document.querySelectorAll('.tabs a')],
  context: () => ({ user, chatIdentity, notes: notes.list, signIn: dialog.open }),
});

function setUser(next) {
  user = next;
  find('app-user').textContent = user?.name ?? '';
  find('sign-in').hidden = user !== null;
  find('switch-user').hidden = user === null;
  find('sign-out').hidden = user === null;
  void router.draw();
}

find('sign-in').addEventListener('click', () => dialog.open());
find('switch-user').addEventListener('click', () => dialog.open(`You are signed in as ${user.name}. Go on as:`));
find('sign-out').addEventListener('click', async () => {
  chatIdentity.logout();
  setUser(null);
  await api.signOut().catch((error) => notes.add(`sign out: ${error.message}`));
});

// Events bubble up to the document, so this works before and after the chat has loaded.
document.addEventListener('chat-identity-changed', (event) => showIdentityState(find('identity-state'), event.detail));
document.addEventListener('chat-sign-in-requested', (event) => {
  event.preventDefault();
  dialog.open('The chat asks you to sign in for this.');
});
for (const name of ['ready', 'opened', 'closed', 'identity-changed', 'token-expiring', 'sign-in-requested', 'failed']) {
  document.addEventListener(`chat-${name}`, (event) => notes.add(`${name} ${JSON.stringify(event.detail ?? {})}`));
}

setUser(await api.user().catch(() => null));
if (user !== null) chatIdentity.identify();
