import { withAnswers } from './actions/act.ts';
import type { Action } from './actions/action.ts';
import { createKnowledgeAgent } from './knowledge/knowledge-agent.ts';
import { createKnowledgeIndex, type KnowledgeIndex } from './knowledge/knowledge-index.ts';
import { loadDocuments } from './knowledge/load-documents.ts';
import { createModelAgent, type ModelAgentOptions } from './model/model-agent.ts';
import { withPace } from './pace.ts';
import type { Agent } from './types.ts';

export type AgentSettings = {
  /** Folder of Markdown documents, or their index. May be left out where a model answers. */
  readonly documents?: string | KnowledgeIndex | undefined;
  /** Without it the agent answers from the documents alone. */
  readonly model?: Omit<ModelAgentOptions, 'knowledge' | 'actions'> | undefined;
  /** What the agent can do for visitors. Default: nothing. */
  readonly actions?: readonly Action[] | undefined;
  /** How fast answers from the documents come; a model has its own pace. Default: at once. */
  readonly wordsPerSecond?: number | undefined;
};

/**
 * The agent that settings ask for: a model with the documents at hand, or the documents alone.
 *
 * @throws KnowledgeError where the folder cannot be used; TypeError where there is neither a folder nor a model,
 *   or two actions have one name
 */
export async function createAgent({ documents, model, actions = [], wordsPerSecond }: AgentSettings): Promise<Agent> {
  checkNames(actions);
  const index = typeof documents === 'string' ? createKnowledgeIndex(await loadDocuments(documents)) : documents;
  if (model !== undefined) return withAnswers(createModelAgent({ ...model, knowledge: index, actions }), actions);
  if (index === undefined)
    throw new TypeError('createAgent needs `documents` (a folder of Markdown files) or `model`.');
  const agent = withAnswers(await createKnowledgeAgent({ index, actions }), actions);
  return wordsPerSecond === undefined ? agent : withPace(agent, { wordsPerSecond });
}

function checkNames(actions: readonly Action[]): void {
  const names = actions.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new TypeError(`Two actions are called ${JSON.stringify(twice)}.`);
}
