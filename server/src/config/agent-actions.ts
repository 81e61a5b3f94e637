import { createHttpAction, deriveActionSecret, type Action } from '../agents/index.ts';
import type { DecodedAgent } from './config-schema.ts';
import type { Issue } from './issues.ts';

type ActionSources = {
  readonly environmentSecret: string | undefined;
  /** Actions that were written elsewhere. */
  readonly actionsFor?: ((agentId: string) => readonly Action[] | undefined) | undefined;
};

/** What an agent can do: the actions that its configuration describes, and those that were written in code. */
export function agentActions(
  agent: DecodedAgent,
  place: string,
  { environmentSecret, actionsFor }: ActionSources,
  issues: Issue[],
): readonly Action[] {
  const secret = actionSecretOf(agent, environmentSecret);
  const visitorSecrets = [...secretsOf(agent), ...(environmentSecret === undefined ? [] : [environmentSecret])];
  const configured = agent.actions.flatMap((settings, at) => {
    const own = settings.signingSecret ?? secret;
    if (own !== undefined && visitorSecrets.includes(own)) {
      const message =
        "must not be a key that visitors' tokens are signed with: whoever is called could pose as a visitor";
      issues.push({ path: `${place}.actions[${at}].signingSecret`, message });
      return [];
    }
    if (own !== undefined) return [createHttpAction(settings, own)];
    const message = 'is needed, here or for the whole agent, where the agent has no secret key to make one of';
    issues.push({ path: `${place}.actions[${at}].signingSecret`, message });
    return [];
  });
  const all = [...configured, ...(actionsFor?.(agent.id) ?? [])];
  const byName = new Map(all.map((action) => [action.name, action]));
  if (byName.size < all.length) issues.push({ path: `${place}.actions`, message: 'two actions have the same name' });
  return [...byName.values()];
}

/** What signs calls to the host, where an action has no secret of its own. */
function actionSecretOf(agent: DecodedAgent, environmentSecret: string | undefined): string | undefined {
  if (agent.signingSecret !== undefined) return agent.signingSecret;
  const agentSecret = secretsOf(agent)[0] ?? environmentSecret;
  return agentSecret === undefined ? undefined : deriveActionSecret(agentSecret);
}

function secretsOf({ keys = [] }: DecodedAgent): readonly string[] {
  return keys.flatMap((key) => ('secret' in key ? [key.secret] : []));
}
