import type { ChatMessage, MessagePart, StreamPart, ToolPart } from '../../protocol/index.ts';
import { withoutToolAside } from './tool-aside.ts';

type UiPart = MessagePart | { readonly type: 'step-start' };

type Metadata = NonNullable<ChatMessage['metadata']> & { readonly authorAside?: unknown };

/** A message as the AI SDK's clients send it. */
export type UiMessage = {
  readonly id: string;
  readonly role: ChatMessage['role'];
  readonly parts: readonly UiPart[];
  readonly metadata?: object;
};

/**
 * The conversation as the AI SDK's clients send it. What a tool did after it was approved, which is a message of its own
 * here, is one with the message that asked. Tools without an outcome are left out: model providers refuse what holds them.
 */
export function toUiMessages(messages: readonly ChatMessage[]): readonly UiMessage[] {
  return messages
    .reduce(joined, [])
    .map((message) => ({
      ...rest(message),
      parts: withSteps(message.parts.filter(isWhole).map((part) => (isTool(part) ? withoutToolAside(part) : part))),
    }))
    .filter(({ parts }) => parts.length > 0);
}

/**
 * A part of a backend's stream, its author set aside: to us that is a person on our server, and another backend may call
 * anything so.
 */
export function withAuthorAside(part: StreamPart): StreamPart {
  const { messageMetadata: said } = part as { readonly messageMetadata?: unknown };
  if (typeof said !== 'object' || said === null || !('author' in said)) return part;
  const { author: authorAside, ...rest } = said;
  const aside: Metadata = { ...rest, authorAside };
  return { ...part, messageMetadata: aside } as StreamPart;
}

/** Of the message's metadata what the backend said itself. */
function rest({ id, role, metadata }: ChatMessage): Omit<UiMessage, 'parts'> {
  const { status: _, begunHereAt: __, createdAt, authorAside, ...own }: Metadata = metadata ?? {};
  const author = authorAside === undefined ? {} : { author: authorAside };
  const said = role === 'user' ? {} : { ...own, ...author, ...(createdAt && { createdAt }) };
  return { id, role, ...(Object.keys(said).length > 0 ? { metadata: said } : {}) };
}

function joined(all: ChatMessage[], message: ChatMessage): ChatMessage[] {
  const last = all.at(-1);
  if (last?.role !== 'assistant' || message.role !== 'assistant') return [...all, message];
  const outcomes = new Map(message.parts.filter(isTool).map((part) => [part.toolCallId, part]));
  const asked = last.parts.map((part): MessagePart => {
    const outcome = isTool(part) ? outcomes.get(part.toolCallId) : undefined;
    if (outcome === undefined) return part;
    outcomes.delete(outcome.toolCallId);
    return { ...part, ...outcome };
  });
  const added = message.parts.filter((part) => !isTool(part) || outcomes.has(part.toolCallId));
  return [...all.slice(0, -1), { ...last, parts: [...asked, ...added] }];
}

const isTool = (part: MessagePart): part is ToolPart => part.type === 'dynamic-tool';

const isWhole = (part: MessagePart): boolean =>
  isTool(part) ? part.state !== 'input-available' && part.state !== 'approval-requested' : !isEmptyText(part);

const isEmptyText = (part: MessagePart): boolean => part.type === 'text' && 'text' in part && part.text === '';

/** What a model says after a tool is another step of it. */
function withSteps(parts: readonly MessagePart[]): readonly UiPart[] {
  const step: UiPart = { type: 'step-start' };
  return parts.flatMap((part, index): UiPart[] => {
    const before = parts[index - 1];
    const isNext = before !== undefined && isTool(before) && part.type === 'text';
    return isNext ? [step, part] : [part];
  });
}
