import 'chat-widget';
import { fetchToken, readSettings, signIn, signOut, type Account, type User } from '../../shared/shop.ts';
import '../../shared/style.css';

const find = (selector: string): HTMLElement => document.querySelector<HTMLElement>(selector)!;
const show = (selector: string, text: string): void => void (find(selector).textContent = text);

const page = find('main');
const widget = document.createElement('chat-widget');
widget.update({ ...(await readSettings()), metadata: { page: 'html' } });
widget.suggestions = ['Which plants are easy?', 'How do I return something?'];
widget.addEventListener('chat-identity-changed', ({ detail }) => show('#identity', detail.state));
widget.addEventListener('chat-sign-in-requested', () => show('#notice', 'The chat asks you to sign in.'));
widget.addEventListener('chat-message-sent', ({ detail }) => show('#notice', `Sent: ${detail.id}`));
page.append(widget);

function greet(user: User | undefined): void {
  show('#user', user?.name ?? 'nobody');
  // Another function for another user identifies anew; none signs out.
  widget.tokenProvider = user ? () => fetchToken() : undefined;
}

for (const button of document.querySelectorAll<HTMLElement>('[data-account]')) {
  button.addEventListener('click', async () => greet(await signIn(button.dataset['account'] as Account)));
}
find('#sign-out').addEventListener('click', async () => {
  await signOut();
  greet(undefined);
});
find('#toggle').addEventListener('click', () => {
  if (widget.isConnected) widget.remove();
  else page.append(widget);
  show('#toggle', widget.isConnected ? 'Remove the chat' : 'Add the chat');
});
