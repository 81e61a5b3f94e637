import type { KnowledgeDocument } from './document.ts';
import type { Entry } from './entries.ts';
import type { Term } from './ranking.ts';

/** What a word of the question is worth, by where the passage says it. A table's cell names what its row is about. */
const worthIn = { heading: 1, cell: 0.9, text: 0.75 } as const;

/** How much a passage fits that has none of the question's words: something has to be shown of a document that does. */
const fitBase = 0.1;

/** Where it fits as well as a section does, the introduction is the better answer: the section after it is shown too. */
const introductionBoost = 1.2;

/** What a word of the title is worth to a section. */
const titleWord = 0.5;

/** An article goes from what many ask to what few do. */
const laterPenalty = 0.02;

/** What "how often" in a heading is worth to a question that asks how often, besides the words that both are about. */
const wordingWeight = 0.5;

/** A question as passages are compared with it. */
export type Asked = {
  readonly terms: readonly Term[];
  /** All its words, stemmed. */
  readonly words: ReadonlySet<string>;
};

/** How well a passage answers a question, for comparing it with others of its own document. */
export type PassageFit = (asked: Asked) => (entry: Entry) => number;

export function createPassageFit(entries: readonly Entry[]): PassageFit {
  const peers = Map.groupBy(entries, ({ document }) => document);
  return (asked) => {
    // Once for each document: it may have thousands of passages.
    const told = new Map<KnowledgeDocument, Telling>();
    return (entry) => {
      const { document } = entry;
      const telling = told.get(document) ?? tellingIn(peers.get(document) ?? [], asked.terms);
      told.set(document, telling);
      return fitOf(entry, telling, asked);
    };
  };
}

/** How much each of the question's words tells a document's passages apart: nothing where none says it, little where most do. */
type Telling = ReadonlyMap<string, number>;

function tellingIn(peers: readonly Entry[], terms: readonly Term[]): Telling {
  return new Map(
    terms.map(({ text, weight }) => {
      const having = peers.filter((peer) => worthOf(text, peer) > 0).length;
      return [text, having === 0 ? 0 : weight * Math.log(1 + peers.length / having)];
    }),
  );
}

function fitOf(entry: Entry, telling: Telling, { words }: Asked): number {
  let covered = 0;
  let total = 0;
  for (const [term, apart] of telling) {
    const tells = apart * tellsOf(term, entry);
    total += tells;
    covered += tells * worthOf(term, entry);
  }
  const about = shareOf(entry.about, (word) => (telling.has(word) ? tellsOf(word, entry) : 0));
  const wording = shareOf(entry.headingWords, (word) => (words.has(word) ? 1 : 0));
  return (
    (fitBase + covered / Math.max(total, 1e-9)) *
    (1 + about + wordingWeight * wording) *
    (entry.isFirst ? introductionBoost : 1 - laterPenalty * Math.min(entry.at, 10))
  );
}

function worthOf(term: string, { headingTerms, cellTerms, textTerms }: Entry): number {
  if (headingTerms.has(term)) return worthIn.heading;
  if (cellTerms.has(term)) return worthIn.cell;
  return textTerms.has(term) ? worthIn.text : 0;
}

/** The article is about its title's words anyway, and its introduction stands for it. */
function tellsOf(term: string, { isFirst, titleTerms }: Entry): number {
  return titleTerms.has(term) && !isFirst ? titleWord : 1;
}

function shareOf(words: readonly string[], worthOfWord: (word: string) => number): number {
  return words.reduce((sum, word) => sum + worthOfWord(word), 0) / Math.max(words.length, 1);
}
