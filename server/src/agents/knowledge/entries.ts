import type { KnowledgeDocument, Passage } from './document.ts';
import { plainText } from './plain-text.ts';

/** A passage as it is searched. */
export type Fields = {
  readonly title: string;
  readonly keywords: string;
  readonly headings: string;
  readonly text: string;
};

export type Entry = { readonly document: KnowledgeDocument; readonly passage: Passage; readonly isFirst: boolean };

export function fieldsOf({ document, passage }: Entry): Fields {
  return {
    title: document.title,
    keywords: document.keywords.join(' '),
    headings: passage.headings.join(' '),
    text: plainText(passage.text),
  };
}
