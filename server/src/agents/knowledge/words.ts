/**
 * Words that say nothing about what a question is about. English; a question in another language keeps all its words,
 * finds none of them, and is honestly answered with "nothing fits".
 */
const stopWords = new Set(
  `a about accept accepted accepts actually again all already also am an and any anything are as ask at be because been before being but by
  can cannot could couldn did didn different do does doesn doing don done each either else even ever every find for found from get gets
  getting give go goes going got had has hasn have haven having he hello help her here hers hey hi him his how hows i
  if in into is isn it its itself just know let like ll long look m many may maybe me mean might mine more most much
  must my myself need needs no nor not now of off often ok okay on once one only or other our ours out over own please
  possible question re really regarding s same say see shall she should shouldn show since so some somebody someone
  something soon still such sure t take takes tell than thank thanks that the their them then there these they thing
  things this those though through to too under until up us use used using usually ve very want wants was wasn way we
  well were what whats when where wheres whether which while who whom whose why will with within without won wonder
  would wouldn yes yet you your yours cant dont doesnt didnt isnt wont im ive id hasnt havent couldnt wouldnt
  youre theres whens`.split(/\s+/),
);

/** Longer questions are searched by their beginning. */
const maxWords = 60;

/**
 * All words, lower-case, without accents, apostrophes closed up ("can't" is "cant"). Never throws.
 *
 * A run of more than 64 letters is taken for several words: stemming and fuzzy search cost the square of a word's length, and
 * one message of a single run would take half a gigabyte.
 */
export function wordsOf(text: string): readonly string[] {
  const folded = text.slice(0, 4_000_000).normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return folded.replace(/(\p{L})['’](\p{L})/gu, '$1$2').match(/[\p{L}\p{N}]{1,64}/gu) ?? [];
}

/** The words that carry a question, stemmed, each once. */
export function contentTerms(text: string): readonly string[] {
  const terms = wordsOf(text.slice(0, 4_000))
    .slice(0, maxWords)
    .flatMap((word) => termOf(word) ?? []);
  return [...new Set(terms)];
}

/** What a word is indexed and searched as; undefined for a stop word, a single letter and an order number. */
export function termOf(word: string): string | undefined {
  if (stopWords.has(word) || word.length < 2 || /^\d{5,}$/.test(word)) return undefined;
  return stem(word);
}

/**
 * A light stemmer: plurals, -ing and -ed. Enough to bring "watering", "waters" and "watered" together without
 * joining words that only look alike, as stronger stemmers do.
 */
export function stem(word: string): string {
  const singular = withoutPlural(word);
  const base = /^(.*[aeiouy].*)(?:ing|ed)$/.exec(singular)?.[1];
  if (base === undefined || base.length < 3) return withoutFinalE(singular);
  return withoutFinalE(/([bdgmnprt])\1$/.test(base) ? base.slice(0, -1) : base);
}

function withoutPlural(word: string): string {
  if (word.length < 4 || /(ss|us|is)$/.test(word)) return word;
  if (/ies$/.test(word)) return `${word.slice(0, -3)}y`;
  if (/(x|ch|sh|ss|z)es$/.test(word)) return word.slice(0, -2);
  return /s$/.test(word) ? word.slice(0, -1) : word;
}

function withoutFinalE(word: string): string {
  return word.length > 4 && /[^aeiou]e$/.test(word) ? word.slice(0, -1) : word;
}
