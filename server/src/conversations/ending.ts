import type { MessageStatus, Reply, StreamPart } from '../../../src/protocol/index.ts';

/** How a reply ended. */
export type Ending =
  | { readonly status: 'complete' | 'stopped' | 'interrupted' }
  | { readonly status: 'failed'; readonly errorText: string };

/** All that a visitor ever reads about a failure. What really happened is in the log. */
export const failureText = {
  agentFailed: 'Something went wrong while answering. Please try again.',
  tooLong: 'The answer became too long and was cut off.',
  tooSlow: 'The answer took too long and was cut off.',
  interrupted: 'The answer was interrupted. Please ask for it again.',
} as const;

/** The last frames of a reply: its open text blocks closed, then how it ended. */
export function endingParts(ending: Ending, open: Reply['open']): readonly StreamPart[] {
  const closing = Object.keys(open).map((id): StreamPart => ({ type: 'text-end', id }));
  const messageMetadata = { status: ending.status };
  switch (ending.status) {
    case 'complete':
      return [...closing, { type: 'finish', finishReason: 'stop', messageMetadata }];
    case 'stopped':
      return [...closing, { type: 'abort' }];
    case 'failed':
      return [
        ...closing,
        { type: 'error', errorText: ending.errorText },
        { type: 'finish', finishReason: 'error', messageMetadata },
      ];
    case 'interrupted':
      return [
        ...closing,
        { type: 'error', errorText: failureText.interrupted },
        { type: 'finish', finishReason: 'error', messageMetadata },
      ];
  }
}

export function isLastPart(part: StreamPart | undefined): boolean {
  return part?.type === 'finish' || part?.type === 'abort';
}

/** The ending that a stored status stands for, where its own frames are gone. */
export function endingOf(status: MessageStatus): Ending {
  switch (status) {
    case 'complete':
    case 'stopped':
    case 'interrupted':
      return { status };
    case 'failed':
      return { status, errorText: failureText.agentFailed };
    case 'streaming':
      return { status: 'interrupted' };
  }
}
