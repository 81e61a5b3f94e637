import type { Aside, StreamPart, ToolPart } from '../../protocol/index.ts';

// What a route says of its tools beside what is shown: a signature of what it asks, what the model's provider wants to read
// again. Under the names that the AI SDK has for it in a stream, and in the messages that its clients send.

type Names = { readonly [inStream: string]: string };

const ofCall: Names = {
  title: 'title',
  providerExecuted: 'providerExecuted',
  providerMetadata: 'callProviderMetadata',
  toolMetadata: 'toolMetadata',
};
const ofApproval: Names = {
  approvalDescriptor: 'descriptor',
  inputSchemaInput: 'inputSchemaInput',
  reason: 'requestReason',
  signature: 'signature',
};

/** A part of the stream with all of that set aside, for the messages to come. */
export function withToolAside(part: StreamPart): StreamPart {
  if (part.type === 'tool-input-available') return { ...part, aside: picked(part, ofCall) };
  if (part.type === 'tool-approval-request') return { ...part, aside: picked(part, ofApproval) };
  return part;
}

/** A tool as the route knows it. */
export function withoutToolAside({ aside, approval, ...part }: ToolPart): ToolPart {
  if (approval === undefined) return { ...aside, ...part };
  const { aside: asked, ...answer } = approval;
  return { ...aside, ...part, approval: { ...asked, ...answer } };
}

/** Undefined where nothing is said. */
function picked(part: object, names: Names): Aside | undefined {
  const fields = Object.entries(part).filter(([name, value]) => Object.hasOwn(names, name) && value !== null);
  return fields.length === 0 ? undefined : Object.fromEntries(fields.map(([name, value]) => [names[name], value]));
}
