/** Lets the buttons that name a demo customer fill in the form's e-mail and password. */
export function connectDemoUserButtons(root, form) {
  root.addEventListener('click', (event) => {
    const button = event.target.closest('button[data-email]');
    if (button === null) return;
    form.elements.email.value = button.dataset.email;
    form.elements.password.value = button.dataset.password;
    form.querySelector('button:not([type="button"])').focus();
  });
}
