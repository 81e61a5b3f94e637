import { decodeStreamPart, type ChatMessage, type StreamPart } from '../../protocol/index.ts';
import type { Adapter, Reader, Turn } from './adapter.ts';
import { withToolAside } from './tool-aside.ts';
import { toUiMessages, withAuthorAside } from './ui-messages.ts';

// The AI SDK's UI message stream: https://ai-sdk.dev/docs/ai-sdk-ui/stream-protocol

export const aiSdk: Adapter = { toBody, createReader };

function toBody({ id, messages, trigger, messageId, metadata }: Turn): object {
  return {
    id,
    messages: toUiMessages(messages),
    trigger,
    ...(messageId === undefined ? {} : { messageId }),
    ...(Object.keys(metadata).length > 0 ? { metadata } : {}),
  };
}

function createReader({ messages, uuid }: Turn): Reader {
  let isBegun = false;
  const known = new Set<string>();

  function* begin(messageId?: string): Iterable<StreamPart> {
    isBegun = true;
    // A route that is not told otherwise sends no id; one that goes on with an answer sends that one's again.
    const isTaken = messages.some(({ id, metadata }) => id === messageId && metadata?.status !== 'streaming');
    yield { type: 'start', messageId: messageId === undefined || isTaken ? uuid() : messageId };
  }

  /** The outcome of what the answer before this one has asked for is shown with this one. */
  function* introduce(toolCallId: string): Iterable<StreamPart> {
    const earlier = known.has(toolCallId) ? undefined : findCall(messages, toolCallId);
    known.add(toolCallId);
    if (earlier === undefined) return;
    const { toolName, input, aside } = earlier;
    yield { type: 'tool-input-available', toolCallId, toolName, input, ...(aside && { aside }) };
  }

  function* take(part: StreamPart): Iterable<StreamPart> {
    if (part.type === 'start') {
      yield* begin(part.messageId);
      if (part.messageMetadata) yield { type: 'message-metadata', messageMetadata: part.messageMetadata };
      return;
    }
    if (!isBegun) yield* begin();
    if (part.type === 'tool-input-available') known.add(part.toolCallId);
    else if (part.type === 'tool-output-available' || part.type === 'tool-output-error')
      yield* introduce(part.toolCallId);
    yield part;
  }

  function* read(data: string): Iterable<StreamPart> {
    const part = decodeStreamPart(data);
    if (part === 'malformed') throw new SyntaxError('no part');
    if (part === 'unknown') for (const known of partsOf(data)) yield* take(known);
    else if (part === 'done') yield { type: 'finish' };
    else if (!isDecidedAlready(part)) yield* take(withToolAside(withAuthorAside(part)));
  }

  return (data) => [...read(data)];
}

/** A call whose input was wrong is one that failed; of the rest nothing is drawn. */
function partsOf(data: string): readonly StreamPart[] {
  const { type, toolCallId, toolName, input, errorText } = JSON.parse(data) as { readonly [field: string]: unknown };
  const fields = [toolCallId, toolName, errorText];
  if (type !== 'tool-input-error' || fields.some((field) => typeof field !== 'string')) return [];
  const [id, name, text] = fields as [string, string, string];
  return [
    { type: 'tool-input-available', toolCallId: id, toolName: name, input },
    { type: 'tool-output-error', toolCallId: id, errorText: text },
  ];
}

/** Nobody is to be asked what the backend has answered itself. */
function isDecidedAlready(part: StreamPart): boolean {
  return part.type === 'tool-approval-request' && 'isAutomatic' in part && part.isAutomatic === true;
}

function findCall(messages: readonly ChatMessage[], toolCallId: string) {
  for (const part of messages.at(-1)?.parts ?? []) {
    if (part.type === 'dynamic-tool' && part.toolCallId === toolCallId) return part;
  }
  return undefined;
}
