import { type ContentPart, decodeStreamPart, type Reply } from '../../../src/protocol/index.ts';

/** Fields that a strict AI SDK client knows, and that this product uses; others are left out. */
const fields: { readonly [type: string]: { readonly [field: string]: 'string' | 'boolean' | 'any' } } = {
  'start-step': {},
  'finish-step': {},
  'text-start': { id: 'string' },
  'text-delta': { id: 'string', delta: 'string' },
  'text-end': { id: 'string' },
  'tool-input-available': { toolCallId: 'string', toolName: 'string', input: 'any', dynamic: 'boolean' },
  'tool-output-available': { toolCallId: 'string', output: 'any' },
  'tool-output-error': { toolCallId: 'string', errorText: 'string' },
  'tool-approval-request': { approvalId: 'string', toolCallId: 'string' },
  'source-url': { sourceId: 'string', url: 'string', title: 'string' },
  'source-document': { sourceId: 'string', mediaType: 'string', title: 'string', filename: 'string' },
};

const dataFields = { id: 'string', data: 'any', transient: 'boolean' } as const;

/**
 * Reads what an agent yielded. Agents are plugged in and models speak through them, so this is a boundary: the result is
 * plain JSON, a known part with known fields, and fits the reply so far (a strict client throws on a delta without its start).
 *
 * @returns undefined for what must not reach a visitor's stream.
 */
export function readContentPart(value: unknown, reply: Reply): ContentPart | undefined {
  const part = decode(value);
  if (part === undefined || !Object.hasOwn(part, 'type')) return undefined;
  // Whether a person answers is the server's to say.
  if (part.type === 'data-handoff') return undefined;
  const known = part.type.startsWith('data-') ? dataFields : fields[part.type];
  if (known === undefined) return undefined;
  const cleaned = { type: part.type, ...pick(part, known) } as ContentPart;
  return fits(cleaned, reply) ? cleaned : undefined;
}

function decode(value: unknown) {
  try {
    const json: string | undefined = JSON.stringify(value);
    const part = json === undefined ? 'malformed' : decodeStreamPart(json);
    return typeof part === 'string' ? undefined : part;
  } catch {
    // A cycle, a BigInt, a `toJSON` that throws.
    return undefined;
  }
}

function pick(part: object, known: { readonly [field: string]: 'string' | 'boolean' | 'any' }): object {
  return Object.fromEntries(
    Object.entries(part).filter(([name, value]) => {
      const kind = Object.hasOwn(known, name) ? known[name] : undefined;
      return kind === 'any' || (kind !== undefined && typeof value === kind);
    }),
  );
}

function fits(part: ContentPart, reply: Reply): boolean {
  switch (part.type) {
    case 'text-start':
      return !Object.hasOwn(reply.open, part.id);
    case 'text-delta':
    case 'text-end':
      return Object.hasOwn(reply.open, part.id);
    case 'tool-output-available':
    case 'tool-output-error':
    case 'tool-approval-request':
      return reply.message.parts.some((old) => old.type === 'dynamic-tool' && old.toolCallId === part.toolCallId);
    default:
      return true;
  }
}

/** How much of a reply's bound a part takes. */
export function contentBytes(part: ContentPart): number {
  return Buffer.byteLength(part.type === 'text-delta' ? part.delta : JSON.stringify(part));
}
