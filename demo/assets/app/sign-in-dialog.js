import { connectDemoUserButtons } from '../fill-credentials.js';
import { api } from './api.js';

/** The login dialog. `open(reason)` shows it; `onSignedIn(user)` is called after a successful login. */
export function createSignInDialog({ onSignedIn }) {
  const dialog = document.getElementById('sign-in-dialog');
  const form = document.getElementById('sign-in-form');
  const failure = document.getElementById('sign-in-error');

  connectDemoUserButtons(dialog, form);
  document.getElementById('sign-in-cancel').addEventListener('click', () => dialog.close());

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    failure.hidden = true;
    const { email, password } = form.elements;
    try {
      const user = await api.signIn(email.value, password.value);
      dialog.close();
      onSignedIn(user);
    } catch (error) {
      failure.textContent = error.message;
      failure.hidden = false;
    }
  });

  return {
    open: (reason = '') => {
      form.reset();
      failure.hidden = true;
      document.getElementById('sign-in-reason').textContent = reason;
      if (!dialog.open) dialog.showModal();
    },
  };
}
