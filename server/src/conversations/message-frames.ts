import type { ChatMessage, MessagePart, MessageStatus, StreamPart } from '../../../src/protocol/index.ts';
import { endingOf, endingParts } from './ending.ts';

/** A stream that makes the same message as the one it was made from, for when the original parts have been swept. */
export function messageParts(message: ChatMessage, status: MessageStatus): readonly StreamPart[] {
  const createdAt = message.metadata?.createdAt;
  return [
    { type: 'start', messageId: message.id, ...(createdAt === undefined ? {} : { messageMetadata: { createdAt } }) },
    ...message.parts.flatMap(contentParts),
    ...endingParts(endingOf(status), {}),
  ];
}

function contentParts(part: MessagePart, index: number): readonly StreamPart[] {
  if (part.type === 'text') {
    const id = `text-${index}`;
    return [
      { type: 'text-start', id },
      { type: 'text-delta', id, delta: part.text },
      { type: 'text-end', id },
    ];
  }
  if (part.type === 'dynamic-tool') return toolParts(part);
  // The stream's part of the AI SDK has no name.
  if (part.type === 'file') return [{ type: 'file', mediaType: part.mediaType, url: part.url }];
  return [part];
}

function toolParts(part: Extract<MessagePart, { type: 'dynamic-tool' }>): readonly StreamPart[] {
  const { toolCallId, toolName, input } = part;
  const called: StreamPart = { type: 'tool-input-available', toolCallId, toolName, input, dynamic: true };
  switch (part.state) {
    case 'input-available':
      return [called];
    case 'approval-requested':
    case 'approval-responded':
    case 'output-denied':
      return [called, { type: 'tool-approval-request', toolCallId, approvalId: part.approval?.id ?? toolCallId }];
    case 'output-available':
      return [called, { type: 'tool-output-available', toolCallId, output: part.output ?? null }];
    case 'output-error':
      return [called, { type: 'tool-output-error', toolCallId, errorText: part.errorText ?? '' }];
  }
}
