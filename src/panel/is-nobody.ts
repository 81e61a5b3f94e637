import type { ChatSnapshot } from '../client/index.ts';

/** The server has no such agent: there is nothing to greet with, and nobody to write to. */
export function isNobody({ agent, failure }: ChatSnapshot): boolean {
  return agent === undefined && failure?.code === 'agent_not_found';
}
