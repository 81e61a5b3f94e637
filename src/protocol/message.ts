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
  /** What a visitor attached; `url` is read with the headers of every other call. */
  | { readonly type: 'file'; readonly mediaType: string; readonly url: string; readonly filename?: string }
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
  readonly approval?: {
    readonly id: string;
    readonly approved?: boolean;
    readonly reason?: string;
    readonly aside?: Aside;
  };
  readonly aside?: Aside;
};

/** What another backend has said beside what is shown, for itself to read again. Our server says nothing so. */
export type Aside = { readonly [field: string]: unknown };

/**
 * `streaming`: its reply runs. `complete`: finished. `stopped`: the visitor stopped it.
 * `failed`: the agent failed. `interrupted`: the server process that wrote it died; it can be asked for again.
 */
export type MessageStatus = 'streaming' | 'complete' | 'stopped' | 'failed' | 'interrupted';

export type MessageMetadata = {
  /** ISO 8601, UTC, by the server's clock. */
  readonly createdAt?: string;
  /** Of an answer by another backend: when it began, by the browser's clock. Our server says nothing so. */
  readonly begunHereAt?: string;
  readonly status?: MessageStatus;
  /** What the visitor said of an answer. */
  readonly feedback?: Feedback;
  /** Who wrote it, where that was not the agent. */
  readonly author?: { readonly kind: 'operator'; readonly name: string };
  /** The visitor's message that this one has taken the place of. */
  readonly editedFrom?: string;
};

export type Feedback = { readonly rating: 'up' | 'down'; readonly comment?: string };

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
