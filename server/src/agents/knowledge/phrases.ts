import type { KnowledgeDocument } from './document.ts';
import { stem, wordsOf } from './words.ts';

/** Keywords of more than one word ("where is my order", "pay later") are found as phrases, stop words included. */
export type PhraseBook = {
  /** Documents one of whose phrases stands in the question, with the number of words of the longest. */
  in(question: string): ReadonlyMap<KnowledgeDocument, number>;
};

export function createPhraseBook(documents: readonly KnowledgeDocument[]): PhraseBook {
  const owners = new Map<string, KnowledgeDocument[]>();
  let longest = 0;
  for (const document of documents) {
    for (const keyword of [document.title, ...document.keywords]) {
      const words = wordsOf(keyword).map(stem);
      if (words.length < 2) continue;
      longest = Math.max(longest, words.length);
      const phrase = words.join(' ');
      owners.set(phrase, [...(owners.get(phrase) ?? []), document]);
    }
  }
  return {
    in(question) {
      const words = wordsOf(question.slice(0, 4_000)).map(stem);
      const found = new Map<KnowledgeDocument, number>();
      for (const run of runsOf(words, longest)) {
        for (const owner of owners.get(run.join(' ')) ?? []) {
          found.set(owner, Math.max(found.get(owner) ?? 0, run.length));
        }
      }
      return found;
    },
  };
}

function* runsOf(words: readonly string[], longest: number): Iterable<readonly string[]> {
  for (let from = 0; from < words.length; from += 1) {
    for (let length = 2; length <= longest && from + length <= words.length; length += 1) {
      yield words.slice(from, from + length);
    }
  }
}
