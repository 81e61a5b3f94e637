/** The languages with a file of their own, which is named after the tag in lower case. English is built in. */
export const languages = 'en de fr es pt-BR it nl pl tr ru ar he ja zh-Hans'.split(' ');

/**
 * Whose texts a reader of this language is given: the same language in the same script (pt-PT reads pt-BR, zh-SG reads
 * zh-Hans), as Unicode's "likely subtags" say. Chinese in traditional characters is another script, and none of ours.
 *
 * @param locale BCP 47; old names (iw) are known
 * @returns one of `languages`; undefined for a language that is not among them, and for what is no language tag
 */
export function languageOf(locale: string): string | undefined {
  try {
    const wanted = written(locale);
    return languages.find((tag) => written(tag) === wanted);
  } catch {
    return undefined;
  }
}

/** @throws RangeError for what is no language tag */
function written(tag: string): string {
  const { language, script } = new Intl.Locale(tag).maximize();
  return `${language}-${script}`;
}
