import { setImmediate } from 'node:timers/promises';
import type { ContentPart } from '../../../../src/protocol/index.ts';
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
import { deltasOf } from './deltas.ts';
import { createKnowledgeIndex, type KnowledgeIndex } from './knowledge-index.ts';
import { loadDocuments } from './load-documents.ts';
import { isPersonalQuestion } from './personal-question.ts';
import { smallTalkOf } from './small-talk.ts';

/** A folder of Markdown documents, or an index that has been built already. */
export type KnowledgeAgentOptions = { readonly documents: string } | { readonly index: KnowledgeIndex };

const textId = 'text-1';

/**
 * An agent that answers with the fitting passage of a help centre and its source, without any model, and says so when
 * nothing fits. Answers in English; the passages come as they are written.
 *
 * @throws KnowledgeError where the folder cannot be used
 */
export async function createKnowledgeAgent(options: KnowledgeAgentOptions): Promise<Agent> {
  const index = 'index' in options ? options.index : createKnowledgeIndex(await loadDocuments(options.documents));
  return { reply: (turn) => speak(answer(turn, index), turn.signal) };
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

/** Yields to the event loop between two pieces, so that a long answer holds up nobody else's. */
async function* speak(said: Answer, signal: AbortSignal): AsyncGenerator<ContentPart> {
  yield { type: 'text-start', id: textId };
  for (const delta of deltasOf(said.text)) {
    if (signal.aborted) return;
    yield { type: 'text-delta', id: textId, delta };
    await setImmediate();
  }
  yield { type: 'text-end', id: textId };
  if (said.needsSignIn === true) yield { type: 'data-sign-in-required', data: {} };
  for (const source of said.sources) yield sourcePart(source);
}
