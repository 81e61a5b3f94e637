import 'axe-core/axe.js';

// The package is a script that sets a global.
declare const axe: typeof import('axe-core');

/** Rules about a whole page (its landmarks, title, level-one heading) say nothing about one element. */
const pageRules = ['page-has-heading-one', 'region', 'landmark-one-main', 'document-title', 'html-has-lang', 'bypass'];
const rules = Object.fromEntries(pageRules.map((rule) => [rule, { enabled: false }]));

/** What axe finds wrong, by all of its rules. */
export async function violations(target: Element): Promise<string[]> {
  const result = await axe.run(target, { rules });
  return result.violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html} ${node.failureSummary ?? ''}`),
  );
}
