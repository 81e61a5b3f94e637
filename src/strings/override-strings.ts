import { en, type Strings } from './en.ts';

type Text = string | ((...values: never[]) => string);
type Texts = { readonly [key: string]: Text | Texts };

/**
 * A language's texts with those of a page in their places. What is of another kind than the text whose place it takes is
 * left out: a function stands for a function, a string for a string. A function that throws, or answers no string,
 * leaves its place to the language's own.
 *
 * @param strings undefined for English
 * @param overrides of a page, unchecked
 * @param warn is told once what is not used
 */
export function overrideStrings(
  strings: Strings | undefined,
  overrides: unknown,
  warn: (text: string) => void,
): Strings {
  const wrong: string[] = [];
  const all = merge(strings ?? en, overrides, 'strings', wrong);
  if (wrong.length > 0) warn(`not used, unknown or of another kind than what stands there: ${wrong.join(', ')}`);
  const { greeting } = all;
  return {
    ...(all as unknown as Strings),
    ...(greeting !== (strings ?? en).greeting && { pageGreeting: greeting as string }),
  };
}

function merge(texts: Texts, given: unknown, path: string, wrong: string[]): Texts {
  const merged: { [key: string]: Text | Texts } = { ...texts };
  if (typeof given !== 'object' || given === null) {
    wrong.push(path);
    return merged;
  }
  for (const [key, value] of Object.entries(given) as [string, unknown][]) {
    const own = Object.hasOwn(texts, key) ? texts[key] : undefined;
    if (value === undefined) continue;
    if (typeof own === 'object') merged[key] = merge(own, value, `${path}.${key}`, wrong);
    else if (own === undefined || typeof value !== typeof own) wrong.push(`${path}.${key}`);
    else merged[key] = typeof own === 'function' ? guard(value as typeof own, own) : (value as string);
  }
  return merged;
}

/** What draws the texts counts on strings: no page's mistake may keep a visitor from the chat. */
function guard(given: (...values: never[]) => unknown, own: (...values: never[]) => string) {
  return (...values: never[]): string => {
    try {
      const text = given(...values);
      if (typeof text === 'string') return text;
    } catch {
      // The language's own text says it.
    }
    return own(...values);
  };
}
