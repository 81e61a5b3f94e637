/** The stream of one reply, in the hands of the test. */
export class ReplyStream {
  readonly messageId: string;
  readonly response: Response;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #frames = 0;

  /** @param resumedAt number of the last frame that the widget has, where it resumes */
  constructor(messageId: string, resumedAt = 0) {
    this.messageId = messageId;
    this.#frames = resumedAt;
    const body = new ReadableStream<Uint8Array>({ start: (controller) => void (this.#controller = controller) });
    this.response = new Response(body, {
      headers: { 'Content-Type': 'text/event-stream', 'x-vercel-ai-ui-message-stream': 'v1' },
    });
  }

  /** Frames as our server sends them, each with its id. */
  send(...parts: readonly object[]): this {
    for (const part of parts) this.raw(`id: ${this.messageId}:${++this.#frames}\ndata: ${JSON.stringify(part)}\n\n`);
    return this;
  }

  /** Bytes as they are. */
  raw(text: string): this {
    this.#controller?.enqueue(new TextEncoder().encode(text));
    return this;
  }

  /** `start`, and the beginning of a text. */
  begin(text: string): this {
    return this.send({ type: 'start', messageId: this.messageId }, { type: 'text-start', id: 't' }).say(text);
  }

  say(text: string): this {
    return this.send({ type: 'text-delta', id: 't', delta: text });
  }

  /** All that follows the last word. */
  finish(): void {
    this.send({ type: 'text-end', id: 't' }, { type: 'finish' }).raw('data: [DONE]\n\n');
    this.#controller?.close();
  }

  /** The connection breaks: the widget reads an error, not an end. */
  cut(): void {
    this.#controller?.error(new TypeError('cut by the test'));
  }

  /** The connection ends without the last words. */
  close(): void {
    this.#controller?.close();
  }
}
