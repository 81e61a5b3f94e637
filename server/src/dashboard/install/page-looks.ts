import type { Attributes, SnippetFile } from './snippet-parts.ts';

type Appearance = { readonly [name: string]: string };

const values: { readonly [name: string]: readonly string[] } = {
  position: ['start'],
  theme: ['light', 'dark'],
  density: ['compact'],
};

/** As attributes of the element, what of an agent's looks is seen before the chat is opened, and differs from the default. */
export function looksOf(appearance: Appearance): Attributes {
  return Object.entries(values).flatMap(([name, known]) => {
    const value = appearance[name];
    return value !== undefined && known.includes(value) ? [[name, value] as const] : [];
  });
}

/** The accent has no attribute: it is a custom property of the page. What could be more than a colour is left out. */
export function accentFile({ accent }: Appearance): readonly SnippetFile[] {
  const isColor =
    accent !== undefined && /^[#\w\s.,%()/-]{1,100}$/.test(accent) && !/\b(var|env|url|attr)\s*\(/i.test(accent);
  if (!isColor) return [];
  return [{ name: 'CSS, in a style sheet of your site', code: `chat-widget {\n  --chat-accent: ${accent.trim()};\n}` }];
}

/**
 * An address for `sign-in-url`, escaped for an attribute; undefined for one that the widget would not follow on any site, or
 * that holds what one of the languages of the snippets reads as its own.
 */
export function signInAddress(text: string): string | undefined {
  const isPlain = /^[\w\-.~:/?#[\]@!*+,;=%&]{1,500}$/.test(text);
  const leadsSomewhere = /^\/(?!\/)/.test(text) || (/^https:\/\/\w/.test(text) && URL.canParse(text));
  return isPlain && leadsSomewhere ? text.replaceAll('&', '&amp;') : undefined;
}
