import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const source = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds on a whole page, the chat included: contrast, names, roles, and what else a program can check. */
export async function axeViolations(page: Page): Promise<string[]> {
  await page.evaluate(source);
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  );
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.flat().join(' ')}`));
}

/** Of axe's rules, those that the chat does not promise. */
const notPromised = [
  // AAA: 7:1. Visitors whose system asks for more contrast get it.
  'color-contrast-enhanced',
  // An experiment that wants no stop at a group. Code and tables that scroll have to be one for the keyboard (WCAG 2.1.1).
  'focus-order-semantics',
];

/**
 * What axe finds by all of its other rules, best practice and experiments included. The page is no more than a frame for
 * the chat. A colour that axe cannot read counts as found.
 */
export async function allAxeViolations(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(source);
  return page.evaluate(async (leftOut) => {
    const { axe } = globalThis as unknown as { axe: typeof import('axe-core') };
    const values = axe.getRules().map(({ ruleId }) => ruleId);
    const rules = values.filter((rule) => !leftOut.includes(rule));
    const { violations, incomplete } = await axe.run({ runOnly: { type: 'rule', values: rules } });
    const isUnread = (data: unknown): boolean => (data as { messageKey?: string } | null)?.messageKey === 'colorParse';
    const unread = incomplete.flatMap(({ id, nodes }) =>
      nodes
        .filter(({ any }) => any.some(({ data }) => isUnread(data)))
        .map(({ target }) => `${id}: ${target.flat().join(' ')}`),
    );
    const found = violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.target.flat().join(' ')} ${node.failureSummary ?? ''}`),
    );
    return [...found, ...unread];
  }, notPromised);
}
