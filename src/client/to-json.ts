/**
 * As `JSON.stringify`, on any page: some have a `toJSON` on the prototypes of all arrays and objects (prototype.js, MooTools), which
 * would make texts of what we send, or one and the same text of all visitors' claims.
 */
export const toJson = (value: object): string => JSON.stringify(bare(value));

/** Without a prototype that anything could be inherited from. */
function bare(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  const entries = (): [string, unknown][] => Object.entries(value).map(([name, item]) => [name, bare(item)]);
  return Object.setPrototypeOf(Array.isArray(value) ? value.map(bare) : Object.fromEntries(entries()), null);
}
