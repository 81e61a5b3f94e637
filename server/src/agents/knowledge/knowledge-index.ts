import MiniSearch from 'minisearch';
import type { KnowledgeDocument } from './document.ts';
import { entriesOf, fieldsOf, type Entry, type Fields } from './entries.ts';
import { createPassageFit } from './passage-fit.ts';
import { createPhraseBook } from './phrases.ts';
import { rank, type KnowledgeMatch, type Term } from './ranking.ts';
import { createVocabulary } from './vocabulary.ts';
import { contentTerms, stem, termOf, wordsOf } from './words.ts';

export type SearchOptions = {
  /** The visitor's question before this one; it helps where the new one is short ("and to Austria?"). */
  readonly previousQuestion?: string | undefined;
  /** Default 3. */
  readonly maxMatches?: number;
  /** Matches below it are left out. Default `minConfidence`. */
  readonly minConfidence?: number;
};

export type KnowledgeIndex = {
  readonly documents: readonly KnowledgeDocument[];
  /** The best passage of each fitting document, best first; empty when nothing fits. Synchronous, never throws. */
  search(question: string, options?: SearchOptions): readonly KnowledgeMatch[];
};

/** Below it an answer is more often wrong than right: tuned on the table in test/agents/questions.ts. */
const minConfidence = 0.5;

/** Builds the index in memory: about 25 ms for 200 passages, and well below a millisecond for a search in them. */
export function createKnowledgeIndex(documents: readonly KnowledgeDocument[]): KnowledgeIndex {
  const entries = entriesOf(documents);
  const engine = createEngine(entries);
  const passageFit = createPassageFit(entries);
  const vocabulary = createVocabulary(entries);
  const phrases = createPhraseBook(documents);

  const match = (terms: readonly Term[], question: string): readonly KnowledgeMatch[] => {
    const weights = new Map(terms.map((term) => [term.text, term.weight]));
    const results = engine.search(terms.map((term) => term.text).join(' '), {
      boostTerm: (text) => weights.get(text) ?? 1,
      boostDocument: (id) => (entries[Number(id)]?.isFirst === true ? 1.08 : 1),
    });
    const asked = { terms, words: new Set(wordsOf(question).map(stem)) };
    return rank(results, entries, terms, vocabulary.rarity, phrases.in(question), passageFit(asked));
  };

  return {
    documents,
    search(question, options = {}) {
      const { previousQuestion, maxMatches = 3, minConfidence: threshold = minConfidence } = options;
      const terms = termsOf(question, previousQuestion).map((term) => ({
        ...term,
        text: vocabulary.corrected(term.text),
      }));
      const matches = match(terms, question);
      return matches.filter(({ confidence }) => confidence >= threshold).slice(0, maxMatches);
    },
  };
}

/** Words of the previous question count half, and only where the new one cannot stand alone. */
function termsOf(question: string, previousQuestion: string | undefined): readonly Term[] {
  const own = contentTerms(question);
  const terms = own.map((text) => ({ text, weight: 1 }));
  if (previousQuestion === undefined || !isFollowUp(question, own.length)) return terms;
  const earlier = contentTerms(previousQuestion).filter((text) => !own.includes(text));
  return [...terms, ...earlier.map((text) => ({ text, weight: own.length === 0 ? 1 : 0.5 }))];
}

function isFollowUp(question: string, ownTerms: number): boolean {
  const words = wordsOf(question);
  if (words.length === 0 || ownTerms > 3) return false;
  // "Where is my order?" stands alone although "order" is all that it asks about; "and orders?" does not.
  return ownTerms === 0 || words.length <= 2 || /^\s*(and|but|or|also|what about|how about|then|so)\b/i.test(question);
}

type Row = Fields & { readonly id: number };

function createEngine(entries: readonly Entry[]): MiniSearch<Row> {
  const engine = new MiniSearch<Row>({
    fields: ['title', 'keywords', 'headings', 'text'],
    tokenize: (text) => [...wordsOf(text)],
    processTerm: (word) => termOf(word) ?? null,
    searchOptions: {
      // A question's words have been processed already.
      tokenize: (text) => text.split(' '),
      processTerm: (term) => term,
      boost: { title: 3, keywords: 2.5, headings: 2.5 },
      // Four letters begin too many other words: "gold" is not "golden".
      prefix: (term) => term.length >= 5,
      fuzzy: (term) => (term.length >= 9 ? 2 : term.length >= 5 ? 1 : false),
      weights: { fuzzy: 0.35, prefix: 0.45 },
    },
  });
  engine.addAll(entries.map((entry, id) => ({ id, ...fieldsOf(entry) })));
  return engine;
}
