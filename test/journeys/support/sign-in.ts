import type { DemoUser } from '../../../demo/server/users.ts';
import type { Tab } from './person.ts';

/** Signs in by the shop's login page, and waits until the page behind it is there: the account page, unless another was asked for. */
export async function signInByForm({ page }: Tab, user: DemoUser, path = '/account'): Promise<void> {
  await page.getByRole('textbox', { name: 'E-mail' }).fill(user.email);
  await page.getByLabel('Password').fill(user.password);
  await page.getByRole('main').getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL(`**${path}`);
}

/** Signs in by the dialog of the single-page app, which is open, and waits until the app greets the user. */
export async function signInByDialog({ page }: Tab, user: DemoUser): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'Sign in' });
  await dialog.getByRole('textbox', { name: 'E-mail' }).fill(user.email);
  await dialog.getByLabel('Password').fill(user.password);
  await dialog.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.locator('#app-user', { hasText: user.name }).waitFor();
}
