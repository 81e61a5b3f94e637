import type { Questions } from '../questions.ts';
import type { Action } from './action.ts';
import { parseInput } from './call-action.ts';
import { type PhraseBook, saysNo } from './phrases.ts';

/** An answer to "I need one more thing" is this short; longer messages are about something else. */
const maxAnswerCharacters = 100;

export type Unfinished = { readonly action: Action; readonly message: string };

/** What the message before asked for and lacked, where this one says what was missing: "F-20431", after "cancel my order". */
export function unfinishedAction(
  phrases: PhraseBook,
  { question, previousQuestion }: Questions,
): Unfinished | undefined {
  const action = previousQuestion === undefined ? undefined : phrases.find(previousQuestion);
  if (action === undefined || question.length > maxAnswerCharacters || saysNo(question)) return undefined;
  const isComplete = (message: string): boolean => parseInput(action, action.inputFrom(message)).ok;
  const message = `${previousQuestion}\n${question}`;
  return !isComplete(previousQuestion ?? '') && isComplete(message) ? { action, message } : undefined;
}
