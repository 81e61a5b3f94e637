import { Readable } from 'node:stream';
import type { ReadableStream as NodeStream } from 'node:stream/web';
import { convertToModelMessages, isStepCount, streamText, tool, validateUIMessages, type UIMessage } from 'ai';
import { MockLanguageModelV4 } from 'ai/test';
import { z } from 'zod';
import { serve, type Exchange, type OtherBackend, type Pen } from './serve.ts';

type ModelPart =
  Awaited<ReturnType<MockLanguageModelV4['doStream']>>['stream'] extends ReadableStream<infer Part> ? Part : never;

const usage = {
  inputTokens: { total: 1, noCache: undefined, cacheRead: undefined, cacheWrite: undefined },
  outputTokens: { total: 1, text: undefined, reasoning: undefined },
};

export type AiSdkOptions = {
  /** The tools that the model calls before it says anything, at each question. */
  readonly calls?: (question: number) => readonly { readonly toolName: keyof typeof tools; readonly input: object }[];
  /** Whether the route gives its answers ids, as one that stores them does. */
  readonly hasIds?: boolean;
  /** Signs what it asks the visitor to approve, and acts on nothing else. */
  readonly signsApprovals?: boolean;
};

const tools = {
  find_order: tool({
    inputSchema: z.object({ id: z.number() }),
    execute: ({ id }) => {
      if (id === 13) throw new Error('the database is away');
      return { id, state: 'sent' };
    },
  }),
  cancel_order: tool({ inputSchema: z.object({ id: z.number() }), execute: () => 'cancelled', needsApproval: true }),
};

/** `streamText().toUIMessageStreamResponse()`, as the AI SDK's own documentation shows it, with a model in the test's hands. */
export function startAiSdk(secret: string, options: AiSdkOptions = {}): Promise<OtherBackend> {
  /** Frames of the reply that runs, for those who come back to it. */
  const running = new Map<string, ReadableStream<Uint8Array>>();
  let questions = 0;
  return serve({
    type: 'ai-sdk',
    secret,
    async answer(exchange) {
      const { id, messages } = exchange.body as { id: string; messages: UIMessage[] };
      const question = ++questions;
      const { pen, model } = createModel(exchange, options.calls?.(question) ?? []);
      const result = streamText({
        model,
        ...(options.calls && { tools }),
        ...(options.signsApprovals && { experimental_toolApprovalSecret: secret }),
        stopWhen: isStepCount(3),
        messages: await convertToModelMessages(await validateUIMessages({ messages })),
        onError: () => undefined,
      });
      const answer = result.toUIMessageStreamResponse(
        options.hasIds ? { originalMessages: messages, generateMessageId: () => `answer-${question}` } : {},
      );
      const [now, later] = (answer.body ?? new ReadableStream<Uint8Array>()).tee();
      running.set(id, later);
      const { response } = exchange;
      response.writeHead(answer.status, Object.fromEntries(answer.headers));
      response.flushHeaders();
      pipe(now, response);
      return pen;
    },
    resume(id, response) {
      const stream = running.get(id);
      running.delete(id);
      if (stream === undefined) return void response.writeHead(204).end();
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      pipe(stream, response);
    },
  });
}

function pipe(stream: ReadableStream<Uint8Array>, response: Exchange['response']): void {
  Readable.fromWeb(stream as NodeStream)
    .on('error', () => response.destroy())
    .pipe(response);
}

function createModel({ response, subject, hungUp }: Exchange, calls: readonly { toolName: string; input: object }[]) {
  let controller: ReadableStreamDefaultController<ModelPart> | undefined;
  const backlog: ((to: ReadableStreamDefaultController<ModelPart>) => void)[] = [];
  const write = (work: (to: ReadableStreamDefaultController<ModelPart>) => void): void => {
    if (controller === undefined) backlog.push(work);
    else work(controller);
  };
  let steps = 0;
  const model = new MockLanguageModelV4({
    async doStream() {
      const toCall = steps++ === 0 ? calls : [];
      return {
        stream: new ReadableStream<ModelPart>({
          start(to) {
            to.enqueue({ type: 'stream-start', warnings: [] });
            if (toCall.length > 0) return callTools(to, toCall);
            to.enqueue({ type: 'text-start', id: '0' });
            controller = to;
            for (const work of backlog.splice(0)) work(to);
          },
        }),
      };
    },
  });
  const pen: Pen = {
    subject,
    hungUp,
    say: (delta) => write((to) => to.enqueue({ type: 'text-delta', id: '0', delta })),
    finish: () =>
      write((to) => {
        to.enqueue({ type: 'text-end', id: '0' });
        to.enqueue({ type: 'finish', usage, finishReason: { unified: 'stop', raw: 'stop' } });
        to.close();
      }),
    fail: () =>
      write((to) => {
        to.enqueue({ type: 'error', error: new Error('sk-123 is over its quota') });
        to.close();
      }),
    cut: () => void response.destroy(),
  };
  return { pen, model };
}

function callTools(
  to: ReadableStreamDefaultController<ModelPart>,
  calls: readonly { readonly toolName: string; readonly input: object }[],
): void {
  calls.forEach(({ toolName, input }, index) => {
    to.enqueue({ type: 'tool-call', toolCallId: `call-${index}`, toolName, input: JSON.stringify(input) });
  });
  to.enqueue({ type: 'finish', usage, finishReason: { unified: 'tool-calls', raw: 'tool_calls' } });
  to.close();
}
