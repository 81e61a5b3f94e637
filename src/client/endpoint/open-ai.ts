import { endOfStream, textOf, type FinishReason, type StreamPart } from '../../protocol/index.ts';
import type { Reader, Turn } from './adapter.ts';

// Chat completions: https://platform.openai.com/docs/api-reference/chat/create

type Delta = {
  readonly content?: string | null;
  readonly refusal?: string | null;
  readonly tool_calls?: readonly ToolCallDelta[] | null;
};

type ToolCallDelta = {
  readonly index?: number;
  readonly function?: { readonly name?: string; readonly arguments?: string };
};

type Chunk = {
  readonly error?: unknown;
  readonly choices?: readonly { readonly delta?: Delta; readonly message?: Delta; readonly finish_reason?: unknown }[];
};

const finishReasons: { readonly [reason: string]: FinishReason } = {
  stop: 'stop',
  length: 'length',
  content_filter: 'content-filter',
  tool_calls: 'tool-calls',
  function_call: 'tool-calls',
};

export function toBody({ messages, model }: Turn): object {
  return {
    ...(model && { model }),
    messages: messages
      .map((message) => ({ role: message.role, content: textOf(message) }))
      .filter(({ content }) => content !== ''),
    stream: true,
  };
}

export function createReader({ uuid }: Pick<Turn, 'uuid'>): Reader {
  /** By their places in the answer. */
  const calls = new Map<unknown, { id: string; name: string; input: string }>();
  const textId = 'text';
  let state: 'new' | 'begun' | 'text' | 'over' = 'new';

  function* begin(): Iterable<StreamPart> {
    if (state === 'new') yield { type: 'start', messageId: uuid() };
    if (state === 'new') state = 'begun';
  }

  function* grow({ content, refusal, tool_calls: more }: Delta): Iterable<StreamPart> {
    const delta = (content ?? '') + (refusal ?? '');
    if (delta !== '' && state === 'begun') {
      state = 'text';
      yield { type: 'text-start', id: textId };
    }
    if (delta !== '') yield { type: 'text-delta', id: textId, delta };
    for (const [position, { index = position, function: called }] of (more ?? []).entries()) {
      // Not the id that it came with: careless servers give each call the same one, or none.
      const call = calls.get(index) ?? { id: uuid(), name: '', input: '' };
      calls.set(index, call);
      call.name += called?.name ?? '';
      call.input += called?.arguments ?? '';
    }
  }

  function* end(finishReason: FinishReason): Iterable<StreamPart> {
    if (state === 'over') return;
    if (state === 'text') yield { type: 'text-end', id: textId };
    state = 'over';
    for (const { id, name, input } of calls.values()) {
      yield { type: 'tool-input-available', toolCallId: id, toolName: name, input: parsed(input), dynamic: true };
    }
    yield { type: 'finish', finishReason };
  }

  function* read(data: string): Iterable<StreamPart> {
    if (data === endOfStream) {
      yield* begin();
      return yield* end('stop');
    }
    const { error, choices } = JSON.parse(data) as Chunk;
    yield* begin();
    // What it says is for developers, and may hold anything.
    if (error) return yield { type: 'error', errorText: '' };
    const [choice] = choices ?? [];
    if (choice === undefined || state === 'over') return;
    yield* grow(choice.delta ?? choice.message ?? {});
    const { finish_reason: reason } = choice;
    if (typeof reason === 'string') yield* end(finishReasons[reason] ?? 'other');
  }

  return (data) => [...read(data)];
}

/** As the model wrote it where that is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text || '{}') as unknown;
  } catch {
    return text;
  }
}
