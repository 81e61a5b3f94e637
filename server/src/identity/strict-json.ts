/** Levels of objects and arrays that a token may nest. RFC 8259 section 9 lets a parser set such a limit. */
const maxJsonDepth = 32;

export type JsonObject = { readonly [name: string]: unknown };

// The token's text is only cut up after `JSON.parse` has accepted it, so a string ends at the first bare quote.
const tokenPattern = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],]/g;

/**
 * Reads a JSON object that has one meaning only, deeply frozen. A member named `__proto__` is kept as plain data.
 *
 * @param bytes UTF-8 without byte order mark
 * @returns undefined for invalid UTF-8, for what is no JSON object, for a name that occurs twice in one object (RFC 8259
 *   section 4 leaves open which one counts), and for nesting beyond 32 levels
 */
export function parseStrictObject(bytes: Uint8Array): JsonObject | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const value: unknown = JSON.parse(text);
    if (!isJsonObject(value) || !hasOneMeaning(text)) return undefined;
    freezeDeeply(value);
    return value;
  } catch {
    return undefined;
  }
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** One entry for each open object (its names so far) or array; a name is a string that follows `{` or `,` in an object. */
function hasOneMeaning(validJson: string): boolean {
  const open: (Set<unknown> | 'array')[] = [];
  let previous = '';
  for (const [token] of validJson.matchAll(tokenPattern)) {
    const inside = open.at(-1);
    if (token === '{' || token === '[') {
      if (open.push(token === '{' ? new Set() : 'array') > maxJsonDepth) return false;
    } else if (token === '}' || token === ']') {
      open.pop();
    } else if (token !== ',' && inside instanceof Set && (previous === '{' || previous === ',')) {
      // Decoded before it is compared: "s\u0075b" is the same name as "sub".
      const name: unknown = JSON.parse(token);
      if (inside.has(name)) return false;
      inside.add(name);
    }
    previous = token;
  }
  return true;
}

/** Recursion is safe here: the depth has been checked. */
function freezeDeeply(value: object): void {
  Object.freeze(value);
  for (const member of Object.values(value) as unknown[]) {
    if (typeof member === 'object' && member !== null) freezeDeeply(member);
  }
}
