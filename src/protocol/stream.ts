import type { Aside, MessageMetadata } from './message.ts';

/**
 * The parts of a reply's stream that this product sends or draws: the AI SDK's UI message stream, version 1.
 * @see https://ai-sdk.dev/docs/ai-sdk-ui/stream-protocol
 */
export type StreamPart =
  | { readonly type: 'start'; readonly messageId?: string; readonly messageMetadata?: MessageMetadata }
  | { readonly type: 'start-step' }
  | { readonly type: 'finish-step' }
  | { readonly type: 'text-start'; readonly id: string }
  | { readonly type: 'text-delta'; readonly id: string; readonly delta: string }
  | { readonly type: 'text-end'; readonly id: string }
  | {
      readonly type: 'tool-input-available';
      readonly toolCallId: string;
      readonly toolName: string;
      readonly input: unknown;
      readonly dynamic?: boolean;
      readonly aside?: Aside | undefined;
    }
  | { readonly type: 'tool-output-available'; readonly toolCallId: string; readonly output: unknown }
  | { readonly type: 'tool-output-error'; readonly toolCallId: string; readonly errorText: string }
  | {
      readonly type: 'tool-approval-request';
      readonly approvalId: string;
      readonly toolCallId: string;
      readonly aside?: Aside | undefined;
    }
  | { readonly type: 'source-url'; readonly sourceId: string; readonly url: string; readonly title?: string }
  | {
      readonly type: 'source-document';
      readonly sourceId: string;
      readonly mediaType: string;
      readonly title: string;
      readonly filename?: string;
    }
  | { readonly type: 'file'; readonly mediaType: string; readonly url: string }
  | { readonly type: `data-${string}`; readonly id?: string; readonly data: unknown; readonly transient?: boolean }
  | { readonly type: 'message-metadata'; readonly messageMetadata: MessageMetadata }
  | { readonly type: 'error'; readonly errorText: string }
  | { readonly type: 'abort'; readonly reason?: string }
  | { readonly type: 'finish'; readonly finishReason?: FinishReason; readonly messageMetadata?: MessageMetadata };

export type FinishReason = 'stop' | 'length' | 'content-filter' | 'tool-calls' | 'error' | 'other';

/** What the server's agents may put between `start` and `finish`; the runner adds the frame of a reply itself. */
export type ContentPart = Exclude<
  StreamPart,
  { readonly type: 'start' | 'finish' | 'error' | 'abort' | 'message-metadata' }
>;

/** `data:` of the last frame. */
export const endOfStream = '[DONE]';

const needs: { readonly [type: string]: { readonly [field: string]: 'string' | 'any' } } = {
  start: {},
  'start-step': {},
  'finish-step': {},
  'text-start': { id: 'string' },
  'text-delta': { id: 'string', delta: 'string' },
  'text-end': { id: 'string' },
  'tool-input-available': { toolCallId: 'string', toolName: 'string', input: 'any' },
  'tool-output-available': { toolCallId: 'string', output: 'any' },
  'tool-output-error': { toolCallId: 'string', errorText: 'string' },
  'tool-approval-request': { approvalId: 'string', toolCallId: 'string' },
  'source-url': { sourceId: 'string', url: 'string' },
  'source-document': { sourceId: 'string', mediaType: 'string', title: 'string' },
  file: { mediaType: 'string', url: 'string' },
  'message-metadata': { messageMetadata: 'any' },
  error: { errorText: 'string' },
  abort: {},
  finish: {},
};

/**
 * Reads one frame's `data:`. Never throws.
 *
 * @returns the part; `'done'` for the end of the stream; `'unknown'` for a part type that this version does not
 *   draw (to be counted and passed over); `'malformed'` for what is no part at all.
 */
export function decodeStreamPart(data: string): StreamPart | 'done' | 'unknown' | 'malformed' {
  if (data === endOfStream) return 'done';
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    return 'malformed';
  }
  return checkStreamPart(value);
}

function checkStreamPart(value: unknown): StreamPart | 'unknown' | 'malformed' {
  if (typeof value !== 'object' || value === null) return 'malformed';
  const part = value as { [field: string]: unknown };
  const type = part['type'];
  if (typeof type !== 'string') return 'malformed';
  if (type.startsWith('data-')) return 'data' in part ? (part as StreamPart) : 'malformed';
  if (!Object.hasOwn(needs, type)) return 'unknown';
  for (const [field, kind] of Object.entries(needs[type] ?? {})) {
    if (kind === 'any' ? !(field in part) : typeof part[field] !== kind) return 'malformed';
  }
  return part as StreamPart;
}
