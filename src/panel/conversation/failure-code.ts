import type { FailureCode } from '../../client/index.ts';
import type { Strings } from '../../strings/index.ts';

/** Of what the client rejects with; undefined where there is nothing to tell the visitor, as another visitor is there. */
export function failureCodeOf(error: unknown, { failures }: Pick<Strings, 'failures'>): FailureCode | undefined {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  if (code === 'superseded' || code === 'not_sent' || code === 'destroyed') return undefined;
  return typeof code === 'string' && Object.hasOwn(failures, code) ? (code as FailureCode) : 'internal';
}
