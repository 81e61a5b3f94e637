import type { InboxFilter } from '../server/src/storage/index.ts';

// What bench/operator-search.ts looks for, and among what. The same each time, in each database.

export const messagesPerConversation = 10;
export const wordsPerMessage = 25;
const vocabularySize = 50_000;
const agents = ['shop', 'help', 'sales', 'partners'];

/** The same numbers each time (mulberry32, public domain). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Texts in which few words are nearly always, and most next to never (Zipf). */
function createTexts(messageCount: number): () => string {
  const random = createRandom(1);
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
  const syllables = [...'bdfgklmnprstvz'].flatMap((consonant) => [...'aeiou'].map((vowel) => consonant + vowel));
  const vocabulary = Array.from(
    { length: vocabularySize },
    () => pick(syllables) + pick(syllables) + pick(syllables) + (random() < 0.5 ? pick(syllables) : ''),
  );
  /** What is looked for, and in which share of the messages it is. */
  const planted = { order: 0.3, refund: 0.001, voucher4711: 5 / messageCount };
  return () => {
    const words = Array.from(
      { length: wordsPerMessage },
      () => vocabulary[Math.floor(vocabularySize ** random()) - 1] ?? 'word',
    );
    for (const [word, share] of Object.entries(planted)) if (random() < share) words.push(word);
    return words.join(' ');
  };
}

export type SeedConversation = {
  readonly id: string;
  readonly agentId: string;
  readonly startedAt: number;
  readonly texts: readonly string[];
};

/** The one that was quiet longest first; each ends before the next one begins. */
export function* seedConversations(messageCount: number): Generator<SeedConversation> {
  const textOf = createTexts(messageCount);
  for (let n = 0; n * messagesPerConversation < messageCount; n++) {
    yield {
      id: `c${n}`,
      agentId: agents[n % agents.length] ?? '',
      startedAt: n * messagesPerConversation,
      texts: Array.from({ length: messagesPerConversation }, textOf),
    };
  }
}

export type Search = {
  readonly what: string;
  readonly filter: InboxFilter;
  /** Default: the first one. */
  readonly page?: number;
};

const all = { agentIds: null } as const;

export const searches: readonly Search[] = [
  { what: 'a word of every third message', filter: { ...all, query: 'order' } },
  { what: 'the same, its second page', filter: { ...all, query: 'order' }, page: 2 },
  { what: 'the same, its hundredth page', filter: { ...all, query: 'order' }, page: 100 },
  { what: 'the same, at one of four agents', filter: { agentIds: ['help'], query: 'order' } },
  { what: 'the same, with a filter that fits none', filter: { ...all, query: 'order', status: 'closed' } },
  { what: 'its first two letters', filter: { ...all, query: 'or' } },
  { what: 'one letter, which nearly all messages have', filter: { ...all, query: 'b' } },
  { what: 'two common words', filter: { ...all, query: 'order ba' } },
  { what: 'a word of every thousandth', filter: { ...all, query: 'refund' } },
  { what: 'the same, its tenth page', filter: { ...all, query: 'refund' }, page: 10 },
  { what: 'the same, with a filter that fits none', filter: { ...all, query: 'refund', status: 'closed' } },
  { what: 'a common word with it', filter: { ...all, query: 'order refund' } },
  { what: 'a single letter with it', filter: { ...all, query: 'refund b' } },
  { what: 'a word of five messages', filter: { ...all, query: 'voucher4711' } },
  { what: 'a word that nobody has said', filter: { ...all, query: 'xylophone' } },
  { what: 'a common word with one that nobody has said', filter: { ...all, query: 'order xylophone' } },
  { what: 'the list without a search', filter: all },
  { what: 'a filter that fits none of 20,000 looked at', filter: { ...all, status: 'closed' } },
];
