import type { ChatMessage, MessagePart, MessageStatus, ToolPart } from './message.ts';
import type { StreamPart } from './stream.ts';

/**
 * One reply as it grows. `open` maps the ids of text blocks that are still written to their place in `message.parts`.
 */
export type Reply = {
  readonly message: ChatMessage;
  readonly open: { readonly [textId: string]: number };
  readonly status: MessageStatus;
  /** Text for the visitor, where the stream said `error`. */
  readonly errorText?: string;
};

export function emptyReply(messageId: string): Reply {
  return { message: { id: messageId, role: 'assistant', parts: [] }, open: {}, status: 'streaming' };
}

/** The reply after one more part. Pure; a part that does not fit (a delta without its start) changes nothing. */
export function reduceReply(reply: Reply, part: StreamPart): Reply {
  switch (part.type) {
    case 'start':
      return mergeMetadata(
        part.messageId === undefined ? reply : { ...reply, message: { ...reply.message, id: part.messageId } },
        part.messageMetadata,
      );
    case 'text-start':
      return {
        ...append(reply, { type: 'text', text: '', state: 'streaming' }),
        open: { ...reply.open, [part.id]: reply.message.parts.length },
      };
    case 'text-delta':
      return editText(reply, part.id, (text) => ({ type: 'text', text: text + part.delta, state: 'streaming' }));
    case 'text-end':
      return closeText(reply, part.id);
    case 'message-metadata':
      return mergeMetadata(reply, part.messageMetadata);
    case 'error':
      return { ...reply, status: 'failed', errorText: part.errorText };
    case 'abort':
      return endReply(reply, 'stopped');
    case 'finish':
      return endReply(mergeMetadata(reply, part.messageMetadata), 'complete');
    case 'start-step':
    case 'finish-step':
      return reply;
    default:
      return reduceContent(reply, part);
  }
}

function reduceContent(reply: Reply, part: StreamPart): Reply {
  switch (part.type) {
    case 'tool-input-available':
      return append(reply, {
        type: 'dynamic-tool',
        toolName: part.toolName,
        toolCallId: part.toolCallId,
        state: 'input-available',
        input: part.input,
        ...(part.aside && { aside: part.aside }),
      });
    case 'tool-output-available':
      return editTool(reply, part.toolCallId, { state: 'output-available', output: part.output });
    case 'tool-output-error':
      return editTool(reply, part.toolCallId, { state: 'output-error', errorText: part.errorText });
    case 'tool-approval-request':
      return editTool(reply, part.toolCallId, {
        state: 'approval-requested',
        approval: { id: part.approvalId, ...(part.aside && { aside: part.aside }) },
      });
    case 'source-url':
    case 'source-document':
    case 'file':
      return append(reply, part);
    default:
      return part.type.startsWith('data-') ? putData(reply, part as DataPart) : reply;
  }
}

type DataPart = Extract<StreamPart, { type: `data-${string}` }>;

/** A data part with the id of an earlier one replaces it; a transient one is never kept. */
function putData(reply: Reply, { transient, ...part }: DataPart): Reply {
  if (transient === true) return reply;
  const at = reply.message.parts.findIndex(
    (old) => part.id !== undefined && old.type === part.type && 'id' in old && old.id === part.id,
  );
  return at < 0 ? append(reply, part) : replacePart(reply, at, part);
}

/** All text blocks closed, the status final. A failure stays a failure, whatever comes after it. */
export function endReply(reply: Reply, status: Exclude<MessageStatus, 'streaming'>): Reply {
  let closed = reply;
  for (const id of Object.keys(reply.open)) closed = closeText(closed, id);
  return { ...closed, status: reply.status === 'failed' ? 'failed' : status };
}

function append(reply: Reply, part: MessagePart): Reply {
  return { ...reply, message: { ...reply.message, parts: [...reply.message.parts, part] } };
}

function replacePart(reply: Reply, at: number, part: MessagePart): Reply {
  return { ...reply, message: { ...reply.message, parts: reply.message.parts.with(at, part) } };
}

function editText(reply: Reply, id: string, edit: (text: string) => MessagePart): Reply {
  const at = reply.open[id];
  const old = at === undefined ? undefined : reply.message.parts[at];
  return at === undefined || old?.type !== 'text' ? reply : replacePart(reply, at, edit(old.text));
}

function closeText(reply: Reply, id: string): Reply {
  const { [id]: _, ...open } = reply.open;
  return { ...editText(reply, id, (text) => ({ type: 'text', text, state: 'done' })), open };
}

function editTool(reply: Reply, toolCallId: string, change: Partial<ToolPart>): Reply {
  const at = reply.message.parts.findIndex((part) => part.type === 'dynamic-tool' && part.toolCallId === toolCallId);
  const old = reply.message.parts[at] as ToolPart | undefined;
  return old === undefined ? reply : replacePart(reply, at, { ...old, ...change });
}

function mergeMetadata(reply: Reply, metadata: ChatMessage['metadata']): Reply {
  return metadata === undefined || typeof metadata !== 'object' || metadata === null
    ? reply
    : { ...reply, message: { ...reply.message, metadata: { ...reply.message.metadata, ...metadata } } };
}
