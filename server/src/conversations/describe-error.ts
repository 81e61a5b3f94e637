/**
 * What may be logged of a failure in the store. A database's message and `detail` can quote the rows they are about, and those
 * belong to visitors.
 */
export function describeStoreError(error: unknown): { readonly name: string; readonly code?: string } {
  if (!(error instanceof Error)) return { name: typeof error };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return code === undefined ? { name: error.name } : { name: error.name, code };
}

/** Agents are the operator's own code and never hold a token: their failures are logged in full. */
export function describeAgentError(error: unknown): {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
} {
  if (!(error instanceof Error)) return { name: typeof error, message: String(error) };
  const { name, message, stack } = error;
  return stack === undefined ? { name, message } : { name, message, stack };
}
