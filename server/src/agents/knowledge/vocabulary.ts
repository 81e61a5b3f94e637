import { fieldsOf, type Entry } from './entries.ts';
import { termOf, wordsOf } from './words.ts';

/** In a handful of passages every word is in most of them, and would look common. */
const smallestSize = 100;

export type Vocabulary = {
  /** Inverse document frequency; a word that no document has weighs most, because it may be what matters. */
  readonly rarity: (term: string) => number;
  /** A word that no document has, with two neighbouring letters swapped ("adderss"), where that gives one it has. */
  readonly corrected: (term: string) => string;
};

export function createVocabulary(entries: readonly Entry[]): Vocabulary {
  const counts = new Map<string, number>();
  for (const entry of entries) {
    const terms = new Set(Object.values(fieldsOf(entry)).flatMap((text) => wordsOf(text).map(termOf)));
    for (const term of terms) if (term !== undefined) counts.set(term, (counts.get(term) ?? 0) + 1);
  }
  const size = Math.max(entries.length, smallestSize);
  return {
    rarity: (term) => Math.log(1 + size / (counts.get(term) ?? 0.5)),
    corrected(term) {
      if (counts.has(term) || term.length < 5) return term;
      return swaps(term).find((swapped) => counts.has(swapped)) ?? term;
    },
  };
}

function swaps(term: string): readonly string[] {
  return Array.from({ length: Math.min(term.length, 30) - 1 }, (_, at) => {
    const [first = '', second = ''] = term.slice(at, at + 2);
    return term.slice(0, at) + second + first + term.slice(at + 2);
  });
}
