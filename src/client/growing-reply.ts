import { emptyReply, endReply, reduceReply, type StreamPart } from '../protocol/index.ts';
import type { Conversation } from './conversation.ts';
import { withMessage } from './stored-messages.ts';
import type { Failure } from './types.ts';

/** One more part of the reply. `start` begins it anew: a stream that is read from its beginning repeats what it said. */
export function withPart(conversation: Conversation, part: StreamPart, frameId: string | undefined): Conversation {
  const before = part.type === 'start' ? emptyReply(part.messageId ?? conversation.id) : conversation.reply;
  const reply = reduceReply(before ?? emptyReply(`${conversation.id}:reply`), part);
  const isSeen = reply.message.parts.length > 0;
  return {
    ...conversation,
    stored: conversation.stored.filter(({ id }) => id !== reply.message.id),
    reply,
    lastFrameId: frameId ?? conversation.lastFrameId,
    phase: isSeen ? 'streaming' : 'waiting',
  };
}

/** The reply has ended (or is followed no longer): it becomes a stored message, with all that came of it. */
export function withReplyEnded(conversation: Conversation, failure?: Failure): Conversation {
  const idle: Conversation = { ...conversation, reply: undefined, lastFrameId: undefined, phase: 'idle' };
  if (conversation.reply === undefined) return idle;
  const { reply } = conversation;
  const otherwise = failure === undefined ? 'complete' : 'interrupted';
  const ended = endReply(reply, reply.status === 'streaming' ? otherwise : reply.status);
  const { message } = ended;
  const stored = withMessage(idle, { ...message, metadata: { ...message.metadata, status: ended.status } });
  return failure === undefined ? stored : { ...stored, failures: { ...stored.failures, [message.id]: failure } };
}

/** The action's card as it is once the visitor has answered; the reply that goes on is another message. */
export function withApproval(conversation: Conversation, approvalId: string, approved: boolean): Conversation {
  const stored = conversation.stored.map((message) => ({
    ...message,
    parts: message.parts.map((part) =>
      part.type === 'dynamic-tool' && part.approval?.id === approvalId
        ? ({
            ...part,
            state: approved ? 'approval-responded' : 'output-denied',
            approval: { ...part.approval, approved },
          } as const)
        : part,
    ),
  }));
  return { ...conversation, stored };
}
