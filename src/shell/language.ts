import type { ChatClient } from '../client/index.ts';
import type { AgentInfo, AgentWords } from '../protocol/index.ts';
import { languageOf, loadStrings, type Strings } from '../strings/index.ts';

/** After which a language whose file did not arrive is asked for again, once. */
const retryMs = 10_000;

/**
 * @param launcher is said to be of the language
 * @param client knows what the agent says in it
 * @param changed draws everything anew
 */
export function createLanguage(
  launcher: HTMLElement,
  client: ChatClient,
  changed: () => void,
  warn: (text: string) => void,
): Language {
  return new Language(launcher, client, changed, warn);
}

/** What the widget says, in its visitor's language: in English until that has come. */
export class Language {
  readonly #launcher: HTMLElement;
  readonly #changed: () => void;
  readonly #warn: (text: string) => void;
  #wanted: readonly unknown[] = [];
  /** Of the texts that are there: BCP 47, with a region where one is known. */
  locale = 'en';
  /** Undefined for English as it is built in. */
  strings: Strings | undefined;
  /** The agent's, where it has some in this language. */
  suggestions: AgentWords['suggestions'];
  readonly #unsubscribe: () => void;
  #texts: Strings | undefined;
  #translations: AgentInfo['translations'];

  constructor(launcher: HTMLElement, client: ChatClient, changed: () => void, warn: (text: string) => void) {
    this.#launcher = launcher;
    this.#changed = changed;
    this.#warn = warn;
    this.#translations = client.snapshot.agent?.translations;
    this.#unsubscribe = client.subscribe(({ agent }) => {
      if (agent?.translations === this.#translations) return;
      this.#translations = agent?.translations;
      this.#translate();
      changed();
    });
  }

  /**
   * @param attribute the page's choice; '' where it made none
   * @param overrides texts of the page's own, unchecked
   * @returns settles when the texts have come, or will not
   */
  async choose(attribute: string, overrides: unknown): Promise<void> {
    const wanted = [this.#localeFor(attribute), overrides];
    if (wanted.every((value, index) => value === this.#wanted[index])) return;
    this.#wanted = wanted;
    await this.#load(true);
  }

  end(): void {
    this.#wanted = [];
    this.#unsubscribe();
  }

  /** English as it is built in has the agent's words as they are; what a page says stands above them. */
  #translate(): void {
    const texts = this.#texts;
    const language = languageOf(this.locale);
    const all = texts === undefined ? [] : Object.entries(this.#translations ?? {});
    const [, words] = all.find(([tag]) => languageOf(tag) === language) ?? [];
    this.suggestions = words?.suggestions;
    this.strings = texts && words?.greeting ? { pageGreeting: words.greeting, ...texts } : texts;
  }

  async #load(isFirst: boolean): Promise<void> {
    const wanted = this.#wanted;
    const [locale, overrides] = wanted as readonly [string, unknown];
    const loaded = await loadStrings(locale, overrides, this.#warn);
    if (wanted !== this.#wanted) return;
    this.locale = loaded.locale;
    this.#texts = loaded.strings;
    this.#translate();
    this.#launcher.lang = loaded.locale;
    this.#changed();
    if (isFirst && loaded.locale !== locale) {
      setTimeout(() => wanted === this.#wanted && void this.#load(false), retryMs);
    }
  }

  /** The page's choice, else the document's language, else the first of the browser's that there are texts in. */
  #localeFor(attribute: string): string {
    const others = [document.documentElement.lang, ...navigator.languages];
    if (attribute !== '' && languageOf(attribute) === undefined) {
      this.#warn(`there are no texts for locale="${attribute}"; the document's language, or the browser's, counts.`);
    }
    const chosen = [attribute, ...others].find((tag) => languageOf(tag)) ?? 'en';
    // A page that says `en` alone leaves open how dates are written; the visitor's browser knows.
    const isLocal = (tag: string): boolean => tag.startsWith(`${chosen}-`) && languageOf(tag) === languageOf(chosen);
    return Intl.getCanonicalLocales(others.find(isLocal) ?? chosen)[0] ?? chosen;
  }
}
