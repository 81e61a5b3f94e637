import type { ContentPart } from '../../../../src/protocol/index.ts';
import { act, say } from '../actions/act.ts';
import type { Action } from '../actions/action.ts';
import { obstacleOf } from '../actions/call-action.ts';
import { createActionPhrases, type PhraseBook } from '../actions/phrases.ts';
import { unfinishedAction } from '../actions/unfinished.ts';
import { attachedTypes, isFilesAlone, questionsOf } from '../questions.ts';
import type { Agent, Turn } from '../types.ts';
import {
  answerFrom,
  answerNothingFits,
  answerSmallTalk,
  answersWordsAlone,
  cannotReadFiles,
  cannotLookYet,
  offerActions,
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
  const { actions = [] } = options;
  const means = { index, phrases: createActionPhrases(actions), actions };
  return { reply: (turn) => reply(turn, means) };
}

/** What the agent answers from. */
type Means = { readonly index: KnowledgeIndex; readonly phrases: PhraseBook; readonly actions: readonly Action[] };

function reply(turn: Turn, means: Means): AsyncIterable<ContentPart> {
  const { index, phrases } = means;
  const questions = questionsOf(turn.history);
  const { question, previousQuestion } = questions;
  const asked = phrases.find(question);
  const wanted = asked === undefined ? unfinishedAction(phrases, questions) : { action: asked, message: question };
  if (wanted === undefined) return speak(answer(turn, means), turn);
  const { action, message } = wanted;
  if (obstacleOf(action, turn.actor?.user) !== 'sign-in-required') return act(action, message, turn);
  // What everybody may know about it is said all the same.
  const matches = index.search(question, { previousQuestion });
  return speak({ ...answerFrom(matches, signInNeeded), needsSignIn: true }, turn);
}

function answer(turn: Turn, { index, actions }: Means): Answer {
  if (isFilesAlone(turn.history)) return { text: cannotReadFiles, sources: [] };
  const { question, previousQuestion } = questionsOf(turn.history);
  const talk = smallTalkOf(question);
  if (talk !== undefined) return answerSmallTalk(talk, turn.agentName, turn.user, index);
  const matches = index.search(question, { previousQuestion });
  if (!isPersonalQuestion(question)) return matches.length > 0 ? answerFrom(matches) : answerNothingFits(index);
  const personal = actions.filter(({ access, phrases }) => access === 'verified' && phrases.length > 0);
  // Signing in would change nothing: the same question would find the same article.
  if (personal.length === 0) return answerFrom(matches, cannotLookYet);
  if (turn.user.verified) return answerFrom(matches, offerActions(personal));
  return { ...answerFrom(matches, signInNeeded), needsSignIn: true };
}

async function* speak(said: Answer, { history, signal }: Turn): AsyncGenerator<ContentPart> {
  const files = isFilesAlone(history) ? [] : attachedTypes(history);
  yield* say(files.length === 0 ? said.text : `${answersWordsAlone(files)}\n\n${said.text}`, signal);
  if (signal.aborted) return;
  if (said.needsSignIn === true) yield { type: 'data-sign-in-required', data: {} };
  for (const source of said.sources) yield sourcePart(source);
}
