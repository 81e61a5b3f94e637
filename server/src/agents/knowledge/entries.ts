import type { KnowledgeDocument, Passage } from './document.ts';
import { plainText } from './plain-text.ts';
import { contentTerms } from './words.ts';

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
  readonly isFirst: boolean;
  /** What it says that it is about: the words of its own heading, of the document's title for the introduction. */
  readonly about: readonly string[];
};

export function entriesOf(documents: readonly KnowledgeDocument[]): readonly Entry[] {
  return documents.flatMap((document) =>
    document.passages.map((passage, at) => {
      const about = contentTerms(passage.headings.at(-1) ?? document.title);
      return { document, passage, isFirst: at === 0, about };
    }),
  );
}

export function fieldsOf({ document, passage }: Entry): Fields {
  return {
    title: document.title,
    keywords: document.keywords.join(' '),
    headings: passage.headings.join(' '),
    text: plainText(passage.text),
  };
}
