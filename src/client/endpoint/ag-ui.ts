import { textOf, type StreamPart } from '../../protocol/index.ts';
import type { Reader, Turn } from './adapter.ts';

// AG-UI: https://docs.ag-ui.com/concepts/events

type AgUiEvent = {
  readonly type?: string;
  readonly messageId?: string;
  readonly role?: string;
  readonly delta?: string | undefined;
  readonly toolCallId?: string;
  readonly toolCallName?: string;
  readonly content?: unknown;
};

/** Body of the request: a `RunAgentInput`. */
export function toBody({ id, messages, metadata, uuid }: Turn): object {
  return {
    threadId: id,
    runId: uuid(),
    messages: messages
      .map((message) => ({ id: message.id, role: message.role, content: textOf(message) }))
      .filter(({ content }) => content !== ''),
    tools: [],
    context: [],
    state: {},
    forwardedProps: metadata,
  };
}

/** All messages of a run are one answer here, under an id of our own. */
export function createReader({ uuid }: Pick<Turn, 'uuid'>): Reader {
  const run = new Run();
  let isBegun = false;
  return (data) => {
    const event = JSON.parse(data) as AgUiEvent;
    const { type = '' } = event;
    const parts = Object.hasOwn(reactions, type) ? [...(reactions[type]?.(run, event) ?? [])] : [];
    const start: readonly StreamPart[] = isBegun ? [] : [{ type: 'start', messageId: uuid() }];
    isBegun = true;
    return [...start, ...parts];
  };
}

/** What is open in a run. */
class Run {
  readonly #calls = new Map<string, { readonly name: string; input: string }>();
  #text: string | undefined;
  /** Of the message and the call that chunks without an id go on with; '' for a message that is not the agent's. */
  #lastText = '';
  #lastCall = '';

  *beginText({ messageId = this.#lastText, role = 'assistant', delta }: AgUiEvent): Iterable<StreamPart> {
    this.#lastText = role === 'assistant' ? messageId : '';
    yield* this.growText({ delta });
  }

  *growText({ messageId = this.#lastText, delta }: AgUiEvent): Iterable<StreamPart> {
    if (!delta || this.#lastText === '') return;
    if (this.#text !== messageId) {
      yield* this.endText();
      this.#text = messageId;
      yield { type: 'text-start', id: messageId };
    }
    yield { type: 'text-delta', id: messageId, delta };
  }

  *endText(): Iterable<StreamPart> {
    if (this.#text !== undefined) yield { type: 'text-end', id: this.#text };
    this.#text = undefined;
  }

  beginCall({ toolCallId = this.#lastCall, toolCallName = '', delta = '' }: AgUiEvent): void {
    this.#lastCall = toolCallId;
    if (!this.#calls.has(toolCallId)) this.#calls.set(toolCallId, { name: toolCallName, input: '' });
    this.growCall({ toolCallId, delta });
  }

  /** A chunk of another call is the end of the one before it. */
  *chunkCall(event: AgUiEvent): Iterable<StreamPart> {
    if (event.toolCallId !== undefined && event.toolCallId !== this.#lastCall) yield* this.endCall(this.#lastCall);
    this.beginCall(event);
  }

  growCall({ toolCallId = '', delta = '' }: AgUiEvent): void {
    const call = this.#calls.get(toolCallId);
    if (call !== undefined) call.input += delta;
  }

  *endCall(toolCallId = ''): Iterable<StreamPart> {
    const call = this.#calls.get(toolCallId);
    this.#calls.delete(toolCallId);
    if (call === undefined) return;
    yield* this.endText();
    yield { type: 'tool-input-available', toolCallId, toolName: call.name, input: parsed(call.input), dynamic: true };
  }

  *showResult({ toolCallId = '', content }: AgUiEvent): Iterable<StreamPart> {
    yield* this.endCall(toolCallId);
    const output = typeof content === 'string' ? parsed(content, content) : content;
    yield { type: 'tool-output-available', toolCallId, output };
  }

  *end(): Iterable<StreamPart> {
    yield* this.endText();
    for (const id of this.#calls.keys()) yield* this.endCall(id);
    yield { type: 'finish', finishReason: 'stop' };
  }
}

/** All others (steps, state, reasoning, what the application means by its own) are passed over. */
const reactions: { readonly [type: string]: (run: Run, event: AgUiEvent) => Iterable<StreamPart> | void } = {
  TEXT_MESSAGE_START: (run, event) => run.beginText(event),
  TEXT_MESSAGE_CHUNK: (run, event) => run.beginText(event),
  TEXT_MESSAGE_CONTENT: (run, event) => run.growText(event),
  TEXT_MESSAGE_END: (run) => run.endText(),
  TOOL_CALL_START: (run, event) => run.beginCall(event),
  TOOL_CALL_CHUNK: (run, event) => run.chunkCall(event),
  TOOL_CALL_ARGS: (run, event) => run.growCall(event),
  TOOL_CALL_END: (run, event) => run.endCall(event.toolCallId),
  TOOL_CALL_RESULT: (run, event) => run.showResult(event),
  RUN_FINISHED: (run) => run.end(),
  // Its message is for developers, and may hold anything.
  RUN_ERROR: () => [{ type: 'error', errorText: '' }],
};

/** As it was written where that is no JSON. */
function parsed(text: string, otherwise: unknown = {}): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text || otherwise;
  }
}
