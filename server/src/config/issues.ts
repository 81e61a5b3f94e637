import type { z } from 'zod';

/** One mistake in what was read: where it is (`agents[0].policy.expiry`), and what is wrong with it. */
export type Issue = { readonly path: string; readonly message: string };

const maxIssues = 10;

/** Zod's findings in our spelling, at most 10. Never holds a value that was read: it may be a secret. */
export function issuesOf(error: z.ZodError): readonly Issue[] {
  return error.issues.slice(0, maxIssues).map((issue) => ({ path: formatPath(issue.path), message: issue.message }));
}

export function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
}
