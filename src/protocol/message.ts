/** Parts of a stored message, as the AI SDK's UI messages name them. Unknown types are carried, never shown. */
export type MessagePart =
  | { readonly type: 'text'; readonly text: string; readonly state?: 'streaming' | 'done' }
  | { readonly type: 'source-url'; readonly sourceId: string; readonly url: string; readonly title?: string }
  | {
      readonly type: 'source-document';
      readonly sourceId: string;
      readonly mediaType: string;
      readonly title: string;
      readonly filename?: string;
    }
  | ToolPart
  | { readonly type: `data-${string}`; readonly id?: string; readonly data: unknown };

export type ToolPart = {
  readonly type: 'dynamic-tool';
  readonly toolName: string;
  readonly toolCallId: string;
  /** `approval-responded`: the visitor said yes, and a reply of its own goes on. `output-denied`: no, or too late. */
  readonly state:
    | 'input-available'
    | 'approval-requested'
    | 'approval-responded'
    | 'output-available'
    | 'output-error'
    | 'output-denied';
  readonly input: unknown;
  readonly output?: unknown;
  readonly errorText?: string;
  /** `reason` is `expired` where nobody answered in time. */
  readonly approval?: { readonly id: string; readonly approved?: boolean; readonly reason?: string };
};

/**
 * `streaming`: its reply runs. `complete`: finished. `stopped`: the visitor stopped it.
 * `failed`: the agent failed. `interrupted`: the server process that wrote it died; it can be asked for again.
 */
export type MessageStatus = 'streaming' | 'complete' | 'stopped' | 'failed' | 'interrupted';

export type MessageMetadata = {
  /** ISO 8601, UTC, by the server's clock. */
  readonly createdAt?: string;
  readonly status?: MessageStatus;
};

export type ChatMessage = {
  readonly id: string;
  readonly role: 'user' | 'assistant';
  readonly parts: readonly MessagePart[];
  readonly metadata?: MessageMetadata;
};

/** All text of a message, its text parts joined by a blank line. */
export function textOf(message: Pick<ChatMessage, 'parts'>): string {
  return message.parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n\n');
}
