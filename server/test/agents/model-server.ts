import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the agent sent to the model. */
export type ModelRequest = {
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: {
    readonly model: string;
    readonly stream: boolean;
    readonly max_tokens?: number;
    readonly messages: readonly { readonly role: string; readonly content: string }[];
  };
};

export type ModelServer = {
  readonly url: string;
  readonly requests: readonly ModelRequest[];
  /** Settles when the agent has hung up on the newest request before it was answered in full. */
  hungUp(): Promise<void>;
  close(): Promise<void>;
};

/** Answers one request; the second argument counts them from 1. */
export type Script = (response: ServerResponse, count: number) => void;

/** A model's server on loopback that speaks the OpenAI chat-completions protocol, as a test tells it to. */
export async function startModelServer(script: Script): Promise<ModelServer> {
  const requests: ModelRequest[] = [];
  const hangUps: Promise<void>[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    hangUps.push(
      new Promise((resolve) => {
        response.on('close', () => {
          if (!response.writableFinished) resolve();
        });
      }),
    );
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as ModelRequest['body'];
      requests.push({ url: request.url, headers: request.headers, body });
      script(response, requests.length);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    hungUp: () => hangUps.at(-1) ?? Promise.reject(new Error('nobody has asked')),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The status line and the frames of some text, without an end. */
export function begin(response: ServerResponse, ...texts: readonly string[]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.flushHeaders();
  for (const text of texts) response.write(frame({ delta: { role: 'assistant', content: text }, finish_reason: null }));
}

export function finish(response: ServerResponse, reason = 'stop'): void {
  response.write(frame({ delta: {}, finish_reason: reason }));
  response.end('data: [DONE]\n\n');
}

export function refuse(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: { [name: string]: string } = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

function frame(choice: { readonly delta: object; readonly finish_reason: string | null }): string {
  return `data: ${JSON.stringify({ id: 'c-1', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, ...choice }] })}\n\n`;
}

/** Asks for tools, as many at once as are given, and ends the step. */
export function callTools(
  response: ServerResponse,
  calls: readonly { readonly name: string; readonly input: unknown }[],
): void {
  begin(response);
  const toolCalls = calls.map(({ name, input }, index) => ({
    index,
    // The same id for every call of every step, as careless servers do.
    id: `call_${index}`,
    type: 'function',
    function: { name, arguments: typeof input === 'string' ? input : JSON.stringify(input) },
  }));
  response.write(frame({ delta: { role: 'assistant', tool_calls: toolCalls }, finish_reason: null }));
  finish(response, 'tool_calls');
}
