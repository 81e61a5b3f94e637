import type { State } from './core.ts';
import type { ChatSnapshot } from './types.ts';

/** What the agent asks for before a message may leave. The server asks for the same, so a wrong "none" costs one refusal. */
export function gateOf(
  { agent, identity: { view }, notes: { form } }: Pick<State, 'agent' | 'identity' | 'notes'>,
  acceptedConsent: string | null,
): ChatSnapshot['gate'] {
  if (agent?.consent !== undefined && agent.consent.version !== acceptedConsent) return 'consent';
  const isUnproven = view.state === 'anonymous' || view.state === 'self-reported';
  if (!isUnproven && agent?.features['anonymousFallback'] !== true) return 'none';
  if (/^ver/.test(view.state)) return 'none';
  const isAsked = agent?.form?.fields.some(({ name, required }) => {
    const isKnown = form?.[name] || (view.state === 'self-reported' && view[name]);
    return !isKnown && (required || form === undefined);
  });
  return isAsked === true ? 'form' : 'none';
}
