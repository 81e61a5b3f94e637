import type { ContentPart } from '../../../../src/protocol/index.ts';
import type { ActionRun, ActionUser, Actor, Agent, HeldAction, Turn } from '../../../src/agents/index.ts';
import { turnOf } from '../turns.ts';

export const nobody: ActionUser = { verified: false, claims: {}, metadata: {} };

export function person(sub: string, claims: { readonly [name: string]: unknown } = {}): ActionUser {
  const email = `${sub}@shop.example`;
  return { verified: true, sub, email, name: sub, claims: { sub, email, name: sub, ...claims }, metadata: {} };
}

export type Acting = {
  readonly turn: Turn;
  readonly runs: readonly ActionRun[];
  readonly held: readonly HeldAction[];
};

/** A turn of this user in which actions can run. */
export function actingTurn(
  question: string,
  user: ActionUser,
  changes: Partial<Turn> & { readonly lapse?: Actor['lapse'] } = {},
): Acting {
  const { lapse = () => Promise.resolve(undefined), ...others } = changes;
  const runs: ActionRun[] = [];
  const held: HeldAction[] = [];
  const actor: Actor = { user, lapse, report: async (run) => void runs.push(run) };
  const turn = turnOf(question, {
    actor,
    askApproval: async (action) => {
      held.push(action);
      return `approval-${held.length}`;
    },
    user: user.verified ? { verified: true, subject: user.sub, claims: {} } : { verified: false, selfReported: {} },
    ...others,
  });
  return { turn, runs, held };
}

export async function partsOf(agent: Agent, turn: Turn): Promise<readonly ContentPart[]> {
  const parts: ContentPart[] = [];
  for await (const part of agent.reply(turn)) parts.push(part);
  return parts;
}
