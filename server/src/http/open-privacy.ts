import { randomUUID } from 'node:crypto';
import type { AgentRegistry } from '../config/index.ts';
import { createPrivacy, type Privacy } from '../privacy/index.ts';
import type { Services } from './call.ts';

type Sources = Pick<Services, 'store' | 'conversations' | 'attachments' | 'clock' | 'log'> & {
  readonly agents: AgentRegistry;
  readonly everyMs: number | undefined;
};

/** What removes and hands out what is somebody's, for as long as the agents say that it is kept. */
export function openPrivacy({ agents, everyMs, ...services }: Sources): Privacy {
  return createPrivacy({
    ...services,
    processId: randomUUID(),
    retentionEveryMs: everyMs,
    rules: () =>
      agents.all().flatMap(({ id, retentionDays: days }) => (days === undefined ? [] : [{ agentId: id, days }])),
  });
}
