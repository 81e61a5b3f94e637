import type { SendMetadata } from '../protocol/index.ts';
import type { Core } from './core.ts';

/** What goes along with a message: the page's, and the visitor's answers to what the agent asks for. */
export function metadataOf({ state, acceptedConsent }: Core): SendMetadata {
  const { metadata, identity, notes } = state;
  const { name, email } = { ...(identity.view.state === 'self-reported' && identity.view), ...notes.form };
  const context = typeof metadata['context'] === 'object' && metadata['context'] !== null ? metadata['context'] : {};
  return {
    ...metadata,
    ...((name || email) && { context: { ...context, ...(name && { name }), ...(email && { email }) } }),
    ...(acceptedConsent !== null && { consent: acceptedConsent }),
  };
}
