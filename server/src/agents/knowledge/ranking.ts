import type { SearchResult } from 'minisearch';
import type { KnowledgeDocument, Passage } from './document.ts';
import type { Entry } from './entries.ts';

export type KnowledgeMatch = {
  readonly document: KnowledgeDocument;
  readonly passage: Passage;
  /** How well the question is covered by the document, 0 to 1: rare words count more than common ones. */
  readonly confidence: number;
  /** For comparing matches of one search only. */
  readonly score: number;
};

/** A word of a question; words of the question before it weigh less. */
export type Term = { readonly text: string; readonly weight: number };

/** In units of `rarity`. */
const enoughToTell = 2;

/** A term that no document has, since terms have two letters at least. */
const unheardOf = '';

/** What a word of the question is worth, by where the passage has it. */
const worthIn = { heading: 1, text: 0.75, approximate: 0.6, number: 0.3 } as const;

/** The documents among the results of a search, best first. */
export function rank(
  results: readonly SearchResult[],
  entries: readonly Entry[],
  terms: readonly Term[],
  rarity: (term: string) => number,
  phrased: ReadonlyMap<KnowledgeDocument, number>,
  fitOf: (entry: Entry) => number,
): readonly KnowledgeMatch[] {
  const found = new Map<KnowledgeDocument, Found>();
  for (const result of results) {
    const entry = entries[Number(result.id)];
    if (entry === undefined) continue;
    const one = toFound(entry, result, terms, fitOf);
    const best = found.get(entry.document);
    found.set(entry.document, best === undefined ? one : joined(best, one));
  }
  const matches = [...found.values()].map((one) => toMatch(one, terms, rarity, phrased.get(one.entry.document) ?? 0));
  return matches.toSorted((a, b) => b.score - a.score);
}

/**
 * A document among the results: its best score, what each word of the question is worth in it, and the passage to show.
 * Title and keywords stand for the document as a whole, so they do not tell which passage that is: `fit` does.
 */
type Found = {
  readonly entry: Entry;
  readonly fit: number;
  readonly score: number;
  readonly worths: readonly number[];
  readonly documentWorths: readonly number[];
};

function toFound(entry: Entry, result: SearchResult, terms: readonly Term[], fitOf: (entry: Entry) => number): Found {
  const worths = terms.map((term) => worthOf(term.text, result));
  return { entry, fit: fitOf(entry) * Math.sqrt(result.score), score: result.score, worths, documentWorths: worths };
}

function joined(best: Found, other: Found): Found {
  const documentWorths = best.documentWorths.map((worth, at) => Math.max(worth, other.worths[at] ?? 0));
  const shown = other.fit > best.fit ? { entry: other.entry, fit: other.fit } : {};
  return { ...best, ...shown, documentWorths };
}

function toMatch(
  { entry, score, worths, documentWorths }: Found,
  terms: readonly Term[],
  rarity: (term: string) => number,
  phraseWords: number,
): KnowledgeMatch {
  const { covered, total } = coverage(terms, rarity, documentWorths);
  const share = total === 0 ? 0 : covered / total;
  // A word that half of the passages have ("plant", in a plant shop) tells nothing on its own.
  const told = hasOwnWord(terms, documentWorths) ? Math.min(1, covered / enoughToTell) : 0;
  const confidence = Math.min(1, share * told * togetherness(terms, rarity, worths));
  return {
    document: entry.document,
    passage: entry.passage,
    confidence: phraseWords > 0 ? Math.max(confidence, 0.8) : confidence,
    score: score * (0.4 + share) * (1 + 0.3 * phraseWords),
  };
}

/** Words of the previous question alone make no answer. */
function hasOwnWord(terms: readonly Term[], worths: readonly number[]): boolean {
  return terms.some(({ weight }, at) => weight === 1 && (worths[at] ?? 0) > 0);
}

/** Two words of a question in one passage are seldom there by chance; a single one in running text may well be. */
function togetherness(terms: readonly Term[], rarity: (term: string) => number, worths: readonly number[]): number {
  const together = terms.filter((_, at) => (worths[at] ?? 0) >= worthIn.text);
  const [only] = together;
  if (together.length >= 3) return 1.5;
  if (together.length === 2) return 1.35;
  if (only === undefined || worths.includes(worthIn.heading)) return 1;
  return rarity(only.text) / rarity(unheardOf);
}

function worthOf(term: string, result: SearchResult): number {
  if (!result.queryTerms.includes(term)) return 0;
  if (/^\d+$/.test(term)) return worthIn.number;
  const fields = Object.hasOwn(result.match, term) ? result.match[term] : undefined;
  if (fields !== undefined) return fields.some((field) => field !== 'text') ? worthIn.heading : worthIn.text;
  // People mistype the first letter least: "weight" is not "eight".
  return Object.keys(result.match).some((found) => found[0] === term[0]) ? worthIn.approximate : 0;
}

function coverage(
  terms: readonly Term[],
  rarity: (term: string) => number,
  worths: readonly number[],
): { readonly covered: number; readonly total: number } {
  let total = 0;
  let covered = 0;
  for (const [at, { text, weight }] of terms.entries()) {
    total += weight * rarity(text);
    covered += weight * rarity(text) * (worths[at] ?? 0);
  }
  return { covered, total };
}
