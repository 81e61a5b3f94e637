import { stem, wordsOf } from '../knowledge/words.ts';
import type { Action } from './action.ts';

/** Longer messages are about more than one thing to do. */
const maxWords = 40;

/** "How do I…", "can I…", "what happens if I…": asks about the thing, and not for it. */
const asksAbout =
  /^(?:\w+ ){0,3}?(?:how|why|can i|could i|may i|am i|do i|should i|when (?:can|could|do|should) i|where (?:do|can|could|should) i|what (?:if|happens)|is it possible)\b/;

const negations: ReadonlySet<string> = new Set(['not', 'dont', 'never', 'no', 'without', 'cannot', 'cant']);
/** Words before a phrase in which a "not" is about it: "please do not cancel my order". */
const negationReach = 3;

/** Which action a message asks for, by the phrases that actions list. English, like the words it is built on. */
export type PhraseBook = { find(message: string): Action | undefined };

/** The longest phrase wins; of two as long the action that was listed first. */
export function createActionPhrases(actions: readonly Action[]): PhraseBook {
  const phrases = actions
    .flatMap((action) => action.phrases.map((phrase) => ({ action, words: wordsOf(phrase).map(stem) })))
    .filter(({ words }) => words.length > 0)
    .toSorted((a, b) => b.words.length - a.words.length);
  return {
    find(message) {
      const words = wordsOf(message.slice(0, 4_000));
      if (words.length > maxWords) return undefined;
      const isQuestion = asksAbout.test(words.join(' '));
      const stems = words.map(stem);
      const fitting = phrases.filter(({ action }) => action.isAskedInQuestions || !isQuestion);
      return fitting.find((phrase) => saysAnywhere(words, stems, phrase.words))?.action;
    },
  };
}

/** Whether a message takes something back, or asks, rather than says what was missing. */
export function saysNo(message: string): boolean {
  const words = wordsOf(message);
  const isQuestion = message.trimEnd().endsWith('?') || asksAbout.test(words.join(' '));
  return isQuestion || words.some((word) => negations.has(word) || word === 'forget');
}

function saysAnywhere(words: readonly string[], stems: readonly string[], phrase: readonly string[]): boolean {
  return stems.some((_, at) => {
    if (!phrase.every((word, offset) => stems[at + offset] === word)) return false;
    return !words.slice(Math.max(0, at - negationReach), at).some((word) => negations.has(word));
  });
}
