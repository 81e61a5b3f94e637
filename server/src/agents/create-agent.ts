import { createKnowledgeAgent } from './knowledge/knowledge-agent.ts';
import { createKnowledgeIndex } from './knowledge/knowledge-index.ts';
import { loadDocuments } from './knowledge/load-documents.ts';
import { createModelAgent, type ModelAgentOptions } from './model/model-agent.ts';
import type { Agent } from './types.ts';

export type AgentSettings = {
  /** Folder of Markdown documents. May be left out where a model answers. */
  readonly documents?: string | undefined;
  /** Without it the agent answers from the documents alone. */
  readonly model?: Omit<ModelAgentOptions, 'knowledge'> | undefined;
};

/**
 * The agent that settings ask for: a model with the documents at hand, or the documents alone.
 *
 * @throws KnowledgeError where the folder cannot be used; TypeError where there is neither a folder nor a model
 */
export async function createAgent({ documents, model }: AgentSettings): Promise<Agent> {
  const index = documents === undefined ? undefined : createKnowledgeIndex(await loadDocuments(documents));
  if (model !== undefined) return createModelAgent({ ...model, knowledge: index });
  if (index !== undefined) return createKnowledgeAgent({ index });
  throw new TypeError('createAgent needs `documents` (a folder of Markdown files) or `model`.');
}
