import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { stepCountIs, streamText, type LanguageModel } from 'ai';
import type { ContentPart } from '../../../../src/protocol/index.ts';
import { say } from '../actions/act.ts';
import type { Action } from '../actions/action.ts';
import { sourcePart } from '../knowledge/answers.ts';
import type { KnowledgeIndex } from '../knowledge/knowledge-index.ts';
import type { KnowledgeMatch } from '../knowledge/ranking.ts';
import { questionsOf } from '../questions.ts';
import type { Agent, Turn } from '../types.ts';
import { ModelError, toModelError } from './model-error.ts';
import { type FileContents, type ModelFiles, readFiles } from './model-files.ts';
import { modelMessages, systemPrompt } from './model-prompt.ts';
import { createModelTools, type ModelTools } from './model-tools.ts';
import { createPartQueue, type PartQueue } from './part-queue.ts';
import { createWatchdog, type Watchdog } from './watchdog.ts';

export type ModelAgentOptions = {
  /** Base of an OpenAI-compatible API, such as `http://localhost:11434/v1`. */
  readonly url: string;
  /** The model's name there. */
  readonly model: string;
  /** Sent as `Authorization: Bearer`. Undefined: no such header. */
  readonly apiKey?: string | undefined;
  /** The operator's own words to the model. */
  readonly instructions?: string | undefined;
  /** Passages that fit the question are given to the model, and to the visitor as sources. */
  readonly knowledge?: KnowledgeIndex | undefined;
  /** What the model can do, as its tools. Default: nothing. */
  readonly actions?: readonly Action[] | undefined;
  /** What of the visitor's files it is given. Default: their names. */
  readonly files?: ModelFiles | undefined;
  /** How often the model is asked in one turn: once more after each round of tools. Default 5. */
  readonly maxSteps?: number;
  /** Until the first piece of text, attempts and waits between them included. Default 30,000 ms. */
  readonly firstPieceTimeoutMs?: number;
  /** Between two pieces. Default 20,000 ms. */
  readonly idleTimeoutMs?: number;
  /** After a connection that failed, 408, 409, 429 or 5xx; never once text has come. Default 1. */
  readonly maxRetries?: number;
  /** Characters of the conversation that are sent. Default 24,000. */
  readonly maxHistoryCharacters?: number;
  /** Tokens of an answer. Default 1,500. */
  readonly maxOutputTokens?: number;
};

const maxPassages = 4;

/**
 * An agent that lets a model answer, through any OpenAI-compatible endpoint. Its `reply` throws `ModelError` where the
 * model gave no whole answer; the text up to there has been yielded. When the turn's signal is aborted the request to
 * the model is closed and the reply ends without an error.
 */
export function createModelAgent(options: ModelAgentOptions): Agent {
  const { url, model: name, apiKey } = options;
  const provider = createOpenAICompatible({
    name: 'model',
    baseURL: url.replace(/\/+$/, '').replace(/\/chat\/completions$/, ''),
    ...(apiKey === undefined ? {} : { apiKey }),
  });
  const model = provider(name);
  return { reply: (turn) => reply(turn, model, options) };
}

async function* reply(turn: Turn, model: LanguageModel, options: ModelAgentOptions): AsyncGenerator<ContentPart> {
  const { question, previousQuestion } = questionsOf(turn.history);
  const matches = options.knowledge?.search(question, { previousQuestion, maxMatches: maxPassages }) ?? [];
  const { firstPieceTimeoutMs: firstPieceMs = 30_000, idleTimeoutMs: idleMs = 20_000, actions = [] } = options;
  const watchdog = createWatchdog(turn.signal, { firstPieceMs, idleMs });
  const parts = createPartQueue();
  const onRunning = (count: number): void => (count > 0 ? watchdog.hold() : watchdog.feed());
  const tools = createModelTools({ actions, turn, parts, onRunning });
  try {
    const files = await readFiles(turn, options.files);
    const stream = ask({ turn, model, matches, files, options, tools, signal: watchdog.signal });
    yield* partsOfModel(stream, { watchdog, parts, tools });
  } catch (error) {
    if (turn.signal.aborted) return;
    throw watchdog.timedOut ? new ModelError('model_timeout') : toModelError(error);
  } finally {
    // Also reached when the reader of this reply goes away: the request must not go on.
    watchdog.stop();
  }
  if (!turn.signal.aborted) for (const { document } of matches) yield sourcePart(document);
}

type ModelStream = ReturnType<typeof streamText>['stream'];

type Question = {
  readonly turn: Turn;
  readonly model: LanguageModel;
  readonly matches: readonly KnowledgeMatch[];
  readonly files: FileContents;
  readonly options: ModelAgentOptions;
  readonly tools: ModelTools;
  readonly signal: AbortSignal;
};

function ask({ turn, model, matches, files, options, tools: { tools, waits }, signal }: Question): ModelStream {
  const {
    instructions,
    maxRetries = 1,
    maxHistoryCharacters = 24_000,
    maxOutputTokens = 1_500,
    maxSteps = 5,
  } = options;
  const hasTools = Object.keys(tools).length > 0;
  return streamText({
    model,
    instructions: systemPrompt(turn, matches, instructions, hasTools ? 'tools' : 'none'),
    messages: modelMessages(turn.history, maxHistoryCharacters, files),
    maxRetries,
    maxOutputTokens,
    abortSignal: signal,
    ...(hasTools ? { tools, stopWhen: [stepCountIs(maxSteps), waits] } : {}),
    // The default one prints the error, and with it the request's headers.
    onError: () => undefined,
  }).stream;
}

type Reading = { readonly watchdog: Watchdog; readonly parts: PartQueue; readonly tools: ModelTools };

/**
 * The AI SDK reports errors, also a socket that was cut and an end without a reason to finish, as parts of the stream:
 * they have to be thrown here, or the reply would look complete.
 */
async function* partsOfModel(stream: ModelStream, { watchdog, parts, tools }: Reading): AsyncGenerator<ContentPart> {
  let characters = 0;
  let isFinished = false;
  for await (const part of parts.beside(stream)) {
    yield* parts.take();
    if (part === undefined) continue;
    if (watchdog.signal.aborted) throw new ModelError('model_cut');
    if (part.type === 'error') throw toModelError(part.error);
    if (part.type === 'abort') throw new ModelError('model_cut');
    if (part.type === 'text-start' || part.type === 'text-end') yield { type: part.type, id: part.id };
    if (part.type === 'reasoning-delta' && tools.running() === 0) watchdog.feed();
    if (part.type === 'text-delta') {
      if (tools.running() === 0) watchdog.feed();
      characters += part.text.length;
      yield { type: 'text-delta', id: part.id, delta: part.text };
    }
    isFinished = part.type === 'finish';
  }
  yield* parts.take();
  if (!isFinished) throw new ModelError('model_cut');
  if (characters > 0) return;
  // A model that only used its tools, or used them up, has answered; somebody has to say it.
  const words = tools.lastWords();
  if (words === undefined) throw new ModelError('model_empty');
  yield* say(words, watchdog.signal);
}
