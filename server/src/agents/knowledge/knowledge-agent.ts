import type { ContentPart } from '../../../../src/protocol/index.ts';
import { act, say } from '../actions/act.ts';
import type { Action } from '../actions/action.ts';
import { obstacleOf } from '../actions/call-action.ts';
import { createActionPhrases, type PhraseBook } from '../actions/phrases.ts';
import { questionsOf } from '../questions.ts';
import type { Agent, Turn } from '../types.ts';
import {
  answerFrom,
  answerNothingFits,
  answerSmallTalk,
  cannotLookYet,
  signInNeeded,
  sourcePart,
  type Answer,
} from './answers.ts';
import { createKnowledgeIndex, type KnowledgeIndex } from './knowledge-index.ts';
import { loadDocuments } from './load-documents.ts';
import { isPersonalQuestion } from './personal-question.ts';
import { smallTalkOf } from './small-talk.ts';

/** A folder of Markdown documents, or an index that has been built already. */
export type KnowledgeAgentOptions = ({ readonly documents: string } | { readonly index: KnowledgeIndex }) & {
  /** What it can do, by the phrases that they list. Default: nothing. */
  readonly actions?: readonly Action[] | undefined;
};

/**
 * An agent that answers with the fitting passage of a help centre and its source, without any model, and says so when
 * nothing fits. Runs the actions whose phrases it is told. Answers in English; the passages come as they are written.
 *
 * @throws KnowledgeError where the folder cannot be used
 */
export async function createKnowledgeAgent(options: KnowledgeAgentOptions): Promise<Agent> {
  const index = 'index' in options ? options.index : createKnowledgeIndex(await loadDocuments(options.documents));
  const phrases = createActionPhrases(options.actions ?? []);
  return { reply: (turn) => reply(turn, index, phrases) };
}

function reply(turn: Turn, index: KnowledgeIndex, phrases: PhraseBook): AsyncIterable<ContentPart> {
  const { question, previousQuestion } = questionsOf(turn.history);
  const action = phrases.find(question);
  if (action === undefined) return speak(answer(turn, index), turn.signal);
  if (obstacleOf(action, turn.actor?.user) !== 'sign-in-required') return act(action, question, turn);
  // What everybody may know about it is said all the same.
  const matches = index.search(question, { previousQuestion });
  return speak({ ...answerFrom(matches, signInNeeded), needsSignIn: true }, turn.signal);
}

function answer(turn: Turn, index: KnowledgeIndex): Answer {
  const { question, previousQuestion } = questionsOf(turn.history);
  const talk = smallTalkOf(question);
  if (talk !== undefined) return answerSmallTalk(talk, turn.agentName, turn.user, index);
  const matches = index.search(question, { previousQuestion });
  if (!isPersonalQuestion(question)) return matches.length > 0 ? answerFrom(matches) : answerNothingFits(index);
  if (turn.user.verified) return answerFrom(matches, cannotLookYet);
  return { ...answerFrom(matches, signInNeeded), needsSignIn: true };
}

async function* speak(said: Answer, signal: AbortSignal): AsyncGenerator<ContentPart> {
  yield* say(said.text, signal);
  if (signal.aborted) return;
  if (said.needsSignIn === true) yield { type: 'data-sign-in-required', data: {} };
  for (const source of said.sources) yield sourcePart(source);
}
