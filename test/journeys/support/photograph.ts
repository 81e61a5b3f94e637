import path from 'node:path';
import type { Page } from 'playwright-core';

const folder = process.env['SCREENSHOTS'];

/** Keeps what the page looks like, for people to look at, where `SCREENSHOTS` names a folder. */
export async function photograph(page: Page, name: string): Promise<void> {
  if (folder) await page.screenshot({ path: path.join(folder, `${name}.png`) });
}
