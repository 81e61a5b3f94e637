import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { repositoryFolder } from '../../../scripts/build.ts';
import type { Person } from './person.ts';
import type { World } from './world.ts';

export const operatorPassword = 'a password for the journeys';

export type Desk = {
  readonly page: Page;
  /** Goes to an address below `/dashboard`, as a link would. */
  readonly open: (address: string) => Promise<void>;
};

/** A page of the dashboard that somebody is signed in on, in a browser of their own. */
async function deskOf(world: World, person: Person): Promise<Desk> {
  const { page } = await person.open('about:blank');
  // Elsewhere the cookie, which is `Secure`, would not be kept on plain http.
  const base = world.chat.url.replace('127.0.0.1', 'localhost');
  return {
    page,
    open: async (address) => {
      await page.goto(`${base}/dashboard${address}`);
      await page.locator('main h1').waitFor();
    },
  };
}

const run = promisify(execFile);

/** The one-time link, as the command line makes it beside the running server. */
async function setupLink(world: World): Promise<string> {
  const program = path.join(repositoryFolder, 'server/bin/chat-widget-server.mjs');
  const { stdout } = await run(process.execPath, [program, 'operators', 'link', '--data', world.dataFolder], {
    env: { ...process.env, DATABASE_URL: '' },
  });
  return stdout.trim();
}

/** The first administrator, by the one-time link, with the form that it opens. */
export async function firstAdministrator(world: World, { name = 'Alma Admin', email = 'alma@example.com' } = {}) {
  const { hash } = new URL(await setupLink(world));
  const desk = await deskOf(world, await world.person());
  const { page } = desk;
  await desk.open(`/setup${hash}`);
  await page.getByLabel('Your name').fill(name);
  await page.getByLabel('E-mail').fill(email);
  await choosePassword(page);
  await page.waitForURL((url) => !url.pathname.endsWith('/setup'));
  return desk;
}

async function choosePassword(page: Page): Promise<void> {
  await page.getByLabel('Password', { exact: true }).fill(operatorPassword);
  await page.getByLabel('The same again').fill(operatorPassword);
  await page.locator('main form button.primary').click();
}

/** Somebody whom an administrator invites, signed in by the link that they pass on. */
export async function invited(
  world: World,
  admin: Desk,
  { name, role, agentIds = null }: { name: string; role: 'admin' | 'operator' | 'viewer'; agentIds?: string[] | null },
): Promise<Desk> {
  const email = `${name.toLowerCase().replaceAll(/\W+/g, '.')}@example.com`;
  const link = await callApi<{ link: string }>(admin, 'operators', { name, email, role, agentIds });
  const desk = await deskOf(world, await world.person());
  const { pathname, hash } = new URL(link.link);
  await desk.open(pathname.replace('/dashboard', '') + hash);
  await choosePassword(desk.page);
  await desk.page.waitForURL((url) => !url.pathname.endsWith('/invitation'));
  return desk;
}

/** A call of the dashboard's API by the page itself, with the cookie that it has. */
export async function callApi<Answer>({ page }: Desk, call: string, body?: object): Promise<Answer> {
  return page.evaluate(
    async ({ call, body }) => {
      const response = await fetch(`/dashboard/api/${call}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: { 'content-type': 'application/json', 'x-chat-dashboard': '1' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${call}: ${response.status} ${text}`);
      return (text === '' ? undefined : JSON.parse(text)) as Answer;
    },
    { call, body },
  );
}
