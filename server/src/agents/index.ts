export * from './types.ts';
export { KnowledgeError, type KnowledgeErrorCode } from './knowledge/knowledge-error.ts';
export { followDocuments, type FollowedIndex, type FollowOptions } from './knowledge/followed-index.ts';
export { loadDocuments, type LoadLimits } from './knowledge/load-documents.ts';
export { createKnowledgeIndex, type KnowledgeIndex, type SearchOptions } from './knowledge/knowledge-index.ts';
export type { KnowledgeMatch } from './knowledge/ranking.ts';
export type { KnowledgeDocument, Passage } from './knowledge/document.ts';
export { createKnowledgeAgent, type KnowledgeAgentOptions } from './knowledge/knowledge-agent.ts';
export { ModelError, type ModelErrorCode } from './model/model-error.ts';
export { createModelAgent, type ModelAgentOptions } from './model/model-agent.ts';
export { createAgent, type AgentSettings } from './create-agent.ts';
export {
  defineAction,
  type Action,
  type ActionAccess,
  type ActionCall,
  type ActionSettings,
} from './actions/action.ts';
export { handoffAction } from './actions/handoff-action.ts';
export type { ActionRun, HeldAction, ActionUser, Actor, UnverifiedUser, VerifiedUser } from './actions/actor.ts';
export { nobody } from './actions/actor.ts';
export type { AllowRule } from './actions/allow-rule.ts';
export { actionSettingsSchema, createHttpAction, signingSecretSchema } from './actions/http-action.ts';
