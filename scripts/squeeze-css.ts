import type { Plugin } from 'vite';

/** Strings and `${…}`, in which white space counts. */
const untouchable = /("[^"]*"|'[^']*'|\$\{[^}]*\})/;

/**
 * Takes comments and needless white space out of the text of a css template, and changes nothing else: what it is given
 * may be a fragment, and may use syntax that no minifier of today knows.
 */
export function squeezeCss(text: string): string {
  const parts = text.replaceAll(/\/\*[^]*?\*\//g, '').split(untouchable);
  return parts
    .map((part, index) => (index % 2 === 1 ? part : squeeze(part)))
    .join('')
    .trim();
}

const squeeze = (css: string): string =>
  css
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ ?([{};,]) ?/g, '$1')
    .replaceAll(': ', ':')
    .replaceAll(';}', '}');

/** A template tagged `css`, or one with the comment `css` before it where there is no lit to tag it. */
const cssTemplate = /(\bcss|\/\* css \*\/ ?)`([^`\\]*)`/g;

/** Squeezes the css templates in the sources below `folder`. */
export const squeezeCssTemplates = (folder: string): Plugin => ({
  name: 'squeeze-css-templates',
  enforce: 'pre',
  transform(code, id) {
    if (!id.startsWith(folder)) return null;
    const squeezed = code.replaceAll(cssTemplate, (_, tag: string, css: string) => `${tag}\`${squeezeCss(css)}\``);
    return squeezed === code ? null : { code: squeezed, map: null };
  },
});
