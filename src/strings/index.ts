import { en, type Strings } from './en.ts';

export { en, type Strings } from './en.ts';
export { first, type FirstStrings } from './first.ts';

/**
 * The texts of a language. English is built in; others are to be imported here on demand, one file each.
 *
 * @public
 * @param locale BCP 47. Its language decides; one that is not there gives English. Never rejects.
 */
export async function loadStrings(locale: string): Promise<Strings> {
  const language = locale.toLowerCase().split('-')[0] ?? '';
  const load = Object.hasOwn(languages, language) ? languages[language] : undefined;
  return load === undefined ? en : load().catch(() => en);
}

const languages: { readonly [language: string]: () => Promise<Strings> } = {};
