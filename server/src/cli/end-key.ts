import { acceptedKeys, nameKeys } from './accepted-keys.ts';
import { positionalsOf, type Invocation, type Say } from './tool.ts';
import type { Workplace } from './workplace.ts';

/** `retire` and `remove`, with what that means: another key may hold the same secret, or come back into its place. */
export async function endKey(
  invocation: Invocation,
  verb: 'retire' | 'remove',
  place: Workplace,
  say: Say,
): Promise<void> {
  const { ring, agent } = place;
  const [id = ''] = positionalsOf(invocation, 'key');
  const same = await ring.sameAs(agent, id);
  const before = await acceptedKeys(place);
  await ring[verb](agent.agentId, id);
  const after = await acceptedKeys(place);
  const stillAcceptedBy = same.filter((each) => after.includes(each));
  const countsAgain = after.filter((each) => !before.includes(each));
  const sentences = [
    outcomeOf(id, verb, same, stillAcceptedBy),
    ...(countsAgain.length === 0 ? [] : [againOf(countsAgain, agent)]),
  ];
  say(sentences.join('\n'), { id, sameKeys: same, stillAcceptedBy, countsAgain });
}

function outcomeOf(
  id: string,
  verb: 'retire' | 'remove',
  same: readonly string[],
  stillAcceptedBy: readonly string[],
): string {
  const done = `Key "${id}" is ${verb}d`;
  if (stillAcceptedBy.length > 0) {
    return `${done}, but its tokens GO ON BEING ACCEPTED: ${nameKeys(stillAcceptedBy)} holds the same secret or public key. End that too.`;
  }
  const also =
    same.length === 0
      ? ''
      : ` ${nameKeys(same)} holds the same secret or public key, and does not count now: end that too.`;
  return `${done}: its tokens are refused from the next request on.${also}`;
}

function againOf(ids: readonly string[], { environmentKeys }: Workplace['agent']): string {
  if (environmentKeys.some((key) => ids.includes(key.id))) {
    return 'The agent has no key of its own any more: that of WIDGET_JWT_HMAC_SECRET counts again.';
  }
  return `In its place ${nameKeys(ids)} counts again, which was active beyond maxActiveKeys.`;
}
