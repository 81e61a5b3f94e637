import type { KnowledgeDocument, Passage } from './document.ts';
import { plainText } from './plain-text.ts';
import { contentTerms, stem, termOf, wordsOf } from './words.ts';

/** A passage as it is searched. */
export type Fields = {
  readonly title: string;
  readonly keywords: string;
  readonly headings: string;
  readonly text: string;
};

export type Entry = {
  readonly document: KnowledgeDocument;
  readonly passage: Passage;
  /** Which passage of its document, from 0. */
  readonly at: number;
  readonly isFirst: boolean;
  /** What it says that it is about: the words of its own heading, of the document's title for the introduction. */
  readonly about: readonly string[];
  /** The same with the words that say nothing alone ("how often"), stemmed. */
  readonly headingWords: readonly string[];
  readonly titleTerms: ReadonlySet<string>;
  readonly headingTerms: ReadonlySet<string>;
  /** In tables. */
  readonly cellTerms: ReadonlySet<string>;
  readonly textTerms: ReadonlySet<string>;
};

export function entriesOf(documents: readonly KnowledgeDocument[]): readonly Entry[] {
  return documents.flatMap((document) =>
    document.passages.map((passage, at) => {
      const isFirst = at === 0;
      const ownHeading = passage.headings.at(-1) ?? document.title;
      const rows = passage.text.split('\n').filter((line) => line.trimStart().startsWith('|'));
      return {
        document,
        passage,
        at,
        isFirst,
        about: contentTerms(ownHeading),
        headingWords: wordsOf(ownHeading).map(stem),
        titleTerms: termsIn([document.title]),
        headingTerms: termsIn(isFirst ? [...passage.headings, document.title] : passage.headings),
        cellTerms: termsIn(rows),
        textTerms: termsIn([plainText(passage.text)]),
      };
    }),
  );
}

function termsIn(texts: readonly string[]): ReadonlySet<string> {
  return new Set(texts.flatMap((text) => wordsOf(text).flatMap((word) => termOf(word) ?? [])));
}

export function fieldsOf({ document, passage }: Entry): Fields {
  return {
    title: document.title,
    keywords: document.keywords.join(' '),
    headings: passage.headings.join(' '),
    text: plainText(passage.text),
  };
}
