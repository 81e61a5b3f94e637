import { z } from 'zod';

/** More than two slips of the finger is another word. */
const maxSlips = 2;

/**
 * For Zod's `error`: of a name that is no setting, what was probably meant, or what there is. Leaves all other messages as
 * they are.
 */
export const nameUnknownSettings: z.core.$ZodErrorMap = (issue) => {
  if (issue.code !== 'unrecognized_keys') return undefined;
  const shape: unknown = issue.inst instanceof z.core.$ZodObject ? issue.inst._zod.def.shape : undefined;
  const known = typeof shape === 'object' && shape !== null ? Object.keys(shape) : [];
  return issue.keys.map((name) => `Unrecognized key: "${name}"${adviceFor(name, known)}`).join('; ');
};

function adviceFor(name: string, known: readonly string[]): string {
  if (known.length === 0) return '';
  const near = known.filter((each) => slipsBetween(name.toLowerCase(), each.toLowerCase()) <= maxSlips);
  return near.length > 0
    ? `, did you mean ${near.map((each) => `"${each}"`).join(' or ')}?`
    : `, there are: ${known.join(', ')}`;
}

/** Letters to insert, leave out or change (Levenshtein); more than any word has where the lengths differ by too much. */
function slipsBetween(one: string, other: string): number {
  if (Math.abs(one.length - other.length) > maxSlips) return Number.POSITIVE_INFINITY;
  let before = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (const [row, letter] of [...one].entries()) {
    const current = [row + 1];
    for (const [column, candidate] of [...other].entries()) {
      const [left = 0, above = 0, corner = 0] = [current[column], before[column + 1], before[column]];
      current.push(Math.min(left + 1, above + 1, corner + (letter === candidate ? 0 : 1)));
    }
    before = current;
  }
  return before.at(-1) ?? 0;
}
