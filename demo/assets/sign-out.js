const signOutMs = 1500;

/** Signing out of the shop signs out of the chat too, which revokes the token; a chat that does not answer keeps nobody in. */
export function connectSignOut() {
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
}
