/** A place in a list: a number (a time or a position), and an id that tells equal ones apart. */
export type Place = { readonly at: number; readonly id: string };

export function encodeCursor(place: Place): string {
  return Buffer.from(JSON.stringify([place.at, place.id])).toString('base64url');
}

/**
 * Reads an opaque cursor. It opens nothing: queries stay scoped to the owner whatever it says.
 *
 * @throws RangeError for anything that `encodeCursor` did not write, down to its spelling.
 */
export function decodeCursor(cursor: string): Place {
  const place = readPlace(cursor);
  if (place === undefined || encodeCursor(place) !== cursor) throw new RangeError('The cursor `before` is not valid.');
  return place;
}

function readPlace(cursor: string): Place | undefined {
  if (cursor.length > 2_000) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (!Array.isArray(value) || value.length !== 2) return undefined;
    const [at, id] = value as readonly unknown[];
    return Number.isSafeInteger(at) && typeof id === 'string' ? { at: at as number, id } : undefined;
  } catch {
    return undefined;
  }
}
