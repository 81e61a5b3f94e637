import { createHttpAction, handoffAction, type Action } from '../agents/index.ts';
import type { DecodedAgent } from './config-schema.ts';
import type { Issue } from './issues.ts';

type ActionSources = {
  /** What tokens of visitors are signed with, at any agent of the configuration. */
  readonly visitorSecrets: ReadonlySet<string>;
  /** Actions that were written elsewhere. */
  readonly actionsFor?: ((agentId: string) => readonly Action[] | undefined) | undefined;
};

/** What an agent can do: the actions that its configuration describes, and those that were written in code. */
export function agentActions(
  agent: DecodedAgent,
  place: string,
  { visitorSecrets, actionsFor }: ActionSources,
  issues: Issue[],
): readonly Action[] {
  const configured = agent.actions.flatMap((settings, at) => {
    const secret = settings.signingSecret ?? agent.signingSecret;
    if (secret !== undefined && !visitorSecrets.has(secret)) return [createHttpAction(settings, secret)];
    issues.push({ path: `${place}.actions[${at}].signingSecret`, message: secret === undefined ? isNeeded : isShared });
    return [];
  });
  const all = [...configured, ...(actionsFor?.(agent.id) ?? [])];
  const byName = new Map(all.map((action) => [action.name, action]));
  if (byName.size < all.length) issues.push({ path: `${place}.actions`, message: 'two actions have the same name' });
  // One of the same name that was configured or written takes its place.
  if (agent.handoff && !byName.has(handoffAction.name)) byName.set(handoffAction.name, handoffAction);
  return [...byName.values()];
}

const isNeeded =
  'is needed, here or for the whole agent: what the calls are signed with, at least 32 bytes (`openssl rand -hex 32` makes one)';

const isShared = "must not be a key that visitors' tokens are signed with: whoever is called could pose as a visitor";

/** The shared secrets with which anybody's token could be signed. Those that the database holds are not known here. */
export function visitorSecretsOf(
  agents: readonly DecodedAgent[],
  environmentSecret: string | undefined,
): ReadonlySet<string> {
  const configured = agents.flatMap(({ keys = [] }) => keys.flatMap((key) => ('secret' in key ? [key.secret] : [])));
  return new Set(environmentSecret === undefined ? configured : [...configured, environmentSecret]);
}
