import type { Strings } from './en.ts';
import { languageOf } from './languages.ts';
import { createRules, type Rules } from './rules.ts';

type LanguageFile = { readonly createStrings: (rules: Rules) => Strings };

/** By literal names, which every bundler understands, also that of a page which takes the widget from the package. */
const files: { readonly [language: string]: () => Promise<LanguageFile> } = {
  de: () => import('./de.ts'),
  fr: () => import('./fr.ts'),
  es: () => import('./es.ts'),
  'pt-BR': () => import('./pt-br.ts'),
  it: () => import('./it.ts'),
  nl: () => import('./nl.ts'),
  pl: () => import('./pl.ts'),
  tr: () => import('./tr.ts'),
  ru: () => import('./ru.ts'),
  ar: () => import('./ar.ts'),
  he: () => import('./he.ts'),
  ja: () => import('./ja.ts'),
  'zh-Hans': () => import('./zh-hans.ts'),
};

export type LoadedStrings = {
  /** BCP 47, as it was asked for; `en` where there is no such language, or its file did not arrive. */
  readonly locale: string;
  /** Undefined for English as it is built in. */
  readonly strings: Strings | undefined;
};

/**
 * The texts of a language, whose file is fetched on demand, with what a page says in their place. Never rejects.
 *
 * @param locale BCP 47. Its language and script decide on the file, the whole of it on how numbers are written.
 * @param overrides of a page, unchecked
 * @param warn is told once what of them is not used
 */
export async function loadStrings(
  locale: string,
  overrides?: unknown,
  warn: (text: string) => void = () => {},
): Promise<LoadedStrings> {
  const language = languageOf(locale) ?? 'en';
  const [strings, checker] = await Promise.all([
    language === 'en' ? undefined : loadFile(language, locale),
    // A page that overrides nothing pays for no check.
    overrides == null ? undefined : import('./override-strings.ts').catch(() => undefined),
  ]);
  return {
    locale: strings || languageOf(locale) === 'en' ? locale : 'en',
    strings: checker === undefined ? strings : checker.overrideStrings(strings, overrides, warn),
  };
}

async function loadFile(language: string, locale: string): Promise<Strings | undefined> {
  try {
    const file = await files[language]?.();
    return file?.createStrings(createRules(locale));
  } catch {
    return undefined;
  }
}
