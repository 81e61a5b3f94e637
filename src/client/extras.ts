// What most visitors never do: a file of its own, fetched for the first of these calls.
import {
  header,
  type Attachment,
  type ChatMessage,
  type ConversationPage,
  type ConversationSummary,
  type MessagePage,
} from '../protocol/index.ts';
import type { Core } from './core.ts';
import type { DeliveryHooks, GateCode } from './delivery.ts';
import { Feedbacks } from './feedbacks.ts';
import { metadataOf } from './metadata.ts';
import { isPassing, withRetries } from './retry.ts';
import { toJson } from './to-json.ts';
import { headersOf, isUnauthorized, TransportError, type CallOptions, type Credentials } from './transport.ts';
import { ChatError } from './types.ts';
import { uploadByXhr } from './upload.ts';

/** After this many tries the visitor is asked whether to go on. */
const maxTries = 4;

function superseded(): ChatError {
  return new ChatError('superseded', 'Another call, or another visitor, took the place of this one.');
}

/** A page of a hundred is the server's most. */
const pageSize = 100;
const maxPages = 20;

/** While somebody types they say so this often; the other side forgets it after twice as long. */
const typingEveryMs = 4_000;

type Hooks = Pick<DeliveryHooks, 'onUnauthorized' | 'onGate'>;

export class Extras {
  readonly #core: Core;
  readonly #hooks: Hooks;
  readonly #feedbacks: Feedbacks;
  #search = new AbortController();
  #learning: Promise<boolean> | undefined;
  #typing: { readonly conversationId: string; readonly until: number } | undefined;

  constructor(core: Core, hooks: Hooks) {
    this.#core = core;
    this.#hooks = hooks;
    this.#feedbacks = new Feedbacks(core, (id, body) =>
      this.#call(`/messages/${encodeURIComponent(id)}/feedback`, { method: 'POST', body, keepalive: true }),
    );
  }

  async feedback(messageId: string, rating: 'up' | 'down' | null, comment?: string): Promise<void> {
    await this.#feedbacks.give(messageId, rating === null ? undefined : { rating, ...(comment && { comment }) });
    this.#core.emit('feedback-given', { id: messageId, rating });
  }

  async renameConversation(id: string, title: string): Promise<void> {
    const core = this.#core;
    const { signal } = core;
    const wanted = title.trim();
    const before = core.state.conversations.find((row) => row.id === id)?.title;
    this.#retitle(id, wanted);
    try {
      await this.#call(`/conversations/${encodeURIComponent(id)}`, { method: 'PATCH', body: { title: wanted } });
    } catch (error) {
      const isStill = core.state.conversations.some((row) => row.id === id && row.title === wanted);
      if (!signal.aborted && isStill && before !== undefined) this.#retitle(id, before);
      throw error;
    }
  }

  async searchConversations(query: string, before?: string): Promise<ConversationPage> {
    this.#search.abort();
    const mine = (this.#search = new AbortController());
    const words = query.trim();
    const asked = new URLSearchParams({ ...(words && { query: words }), ...(before && { before }) }).toString();
    const path = `/conversations${asked && `?${asked}`}`;
    const page = await this.#json<ConversationPage>(path, mine.signal).catch((error: unknown) => {
      throw mine.signal.aborted ? superseded() : error;
    });
    if (words === '') this.#list(page.conversations, before !== undefined);
    return page;
  }

  async allMessages(conversationId: string): Promise<readonly ChatMessage[]> {
    let all: readonly ChatMessage[] = [];
    let before: string | null = '';
    for (let page = 0; page < maxPages && before !== null; page++) {
      const query: string = `?limit=${pageSize}${before && `&before=${encodeURIComponent(before)}`}`;
      const path = `/conversations/${encodeURIComponent(conversationId)}/messages${query}`;
      const { messages, nextBefore }: MessagePage = await this.#json<MessagePage>(path);
      all = [...messages, ...all];
      before = nextBefore;
    }
    return all;
  }

  async attach(
    file: Blob,
    filename: string,
    onProgress: (fraction: number) => void = () => {},
    signal?: AbortSignal,
  ): Promise<Attachment> {
    const { environment, transport } = this.#core;
    const url = `${transport.base}/attachments?filename=${encodeURIComponent(filename)}`;
    const mediaType = file.type || 'application/octet-stream';
    // Of whoever has attached it, however often it is sent and whoever the visitor is by then.
    const whose = this.#whose();
    return this.#answered(signal, onProgress, (answers) =>
      this.#asVisitor(signal, whose, async (as, both) => {
        const headers = { ...headersOf(as, false, undefined), ...answers, 'Content-Type': mediaType };
        const upload = { url, headers, body: file, signal: both, onProgress };
        const sent = environment.upload?.(upload) ?? uploadByXhr(environment, upload);
        const response = await sent.catch(() => {
          throw new TransportError('network', 0);
        });
        return (await (await transport.judge(response, as)).json()) as Attachment;
      }),
    );
  }

  async detach(attachmentId: string): Promise<void> {
    const path = `/attachments/${encodeURIComponent(attachmentId)}`;
    await this.#call(path, { method: 'DELETE' }).catch((error: unknown) => {
      // Deleted before, as the answer to an earlier try was lost.
      if (!(error instanceof TransportError && error.code === 'attachment_not_found')) throw error;
    });
  }

  /** Whatever host the address names: the headers go to this agent's server. */
  async readAttachment(url: string, signal?: AbortSignal): Promise<Blob> {
    const id = /\/attachments\/([\w-]+)$/.exec(url)?.[1];
    if (id === undefined) throw new ChatError('attachment_not_found', 'This is no attachment of the chat.');
    const response = await this.#call(`/attachments/${id}`, {}, signal);
    return response.blob().catch(() => {
      throw new TransportError('network', 0);
    });
  }

  typing(isTyping: boolean): void {
    const core = this.#core;
    const { id } = core.state.conversation;
    const now = core.environment.now();
    const isSaid = this.#typing?.conversationId === id && now < this.#typing.until;
    if (isTyping === isSaid) return;
    this.#typing = isTyping ? { conversationId: id, until: now + typingEveryMs } : undefined;
    const path = `/conversations/${encodeURIComponent(id)}/typing`;
    const said = core.transport.call(path, {
      as: core.credentials(),
      signal: core.signal,
      method: 'POST',
      body: { typing: isTyping },
    });
    // It is said again soon; nobody waits for it.
    said.catch(() => undefined);
  }

  /**
   * Sends a file once the visitor has answered what the agent asks for first, and again where that shows only then. Without
   * a connection it waits for one, as messages do.
   */
  async #answered(
    own: AbortSignal | undefined,
    onProgress: (fraction: number) => void,
    send: (answers: { readonly [name: string]: string }) => Promise<Attachment>,
  ): Promise<Attachment> {
    const core = this.#core;
    const { signal: epoch } = core;
    const signal = AbortSignal.any([epoch, ...(own === undefined ? [] : [own])]);
    for (;;) {
      await this.#until(signal, () => core.snapshot.gate === 'none' && this.#isOnline()).catch((error: unknown) => {
        throw epoch.aborted ? superseded() : error;
      });
      const answers = answersOf(core);
      try {
        return await send(answers);
      } catch (error) {
        const isCutOff = isPassing(error) && !core.environment.online();
        if (signal.aborted || !(isCutOff || isGate(error))) throw error;
        onProgress(0);
        if (!isGate(error)) continue;
        // What the visitor has answered meanwhile is said with the next try.
        const isLastWord = toJson(answers) === toJson(answersOf(core));
        if (isLastWord && !(await this.#learn(error.code))) throw error;
      }
    }
  }

  /** What is said here is taken back, and so heard of, when the connection is. */
  #isOnline(): boolean {
    const isOnline = this.#core.environment.online();
    if (!isOnline && this.#core.state.connection !== 'offline') this.#core.update({ connection: 'offline' });
    return isOnline;
  }

  /** Once, for all uploads that are refused at the same time. */
  #learn(code: GateCode): Promise<boolean> {
    this.#learning ??= this.#hooks.onGate(code).finally(() => (this.#learning = undefined));
    return this.#learning;
  }

  /** A page that is read twice, as after a lost answer, makes no doubles. */
  #list(rows: readonly ConversationSummary[], isMore: boolean): void {
    const known = isMore ? this.#core.state.conversations : [];
    const others = rows.filter(({ id }) => !known.some((row) => row.id === id));
    this.#core.update({ conversations: [...known, ...others] });
  }

  #retitle(id: string, title: string): void {
    const { conversations } = this.#core.state;
    this.#core.update({ conversations: conversations.map((row) => (row.id === id ? { ...row, title } : row)) });
  }

  async #json<T>(path: string, signal?: AbortSignal): Promise<T> {
    const { transport } = this.#core;
    return this.#asVisitor(signal, this.#whose(), (as, both) =>
      this.#tried(both, () => transport.json<T>(path, { as, signal: both })),
    );
  }

  #call(path: string, options: Omit<CallOptions, 'as' | 'signal'>, signal?: AbortSignal): Promise<Response> {
    const { transport } = this.#core;
    return this.#asVisitor(signal, this.#whose(), (as, both) =>
      this.#tried(both, () => transport.call(path, { ...options, as, signal: both })),
    );
  }

  #tried<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    return withRetries(this.#core, signal, work, maxTries);
  }

  /** What is done while a token is judged is its owner's, or is not done; a refused one was nobody's then already. */
  #whose(): string | undefined {
    const { view, who, subject } = this.#core.state.identity;
    return view.state === 'verifying' ? who : subject;
  }

  /**
   * Does something as a visitor: once their identity stands, and once more where the server refuses their token and there
   * is a fresh one. Ends with them.
   */
  async #asVisitor<T>(
    own: AbortSignal | undefined,
    whose: string | undefined,
    work: (as: Credentials, signal: AbortSignal) => Promise<T>,
  ) {
    const core = this.#core;
    const { signal: epoch } = core;
    const signal = AbortSignal.any([epoch, ...(own === undefined ? [] : [own])]);
    try {
      await this.#standing(signal);
      const as = core.credentials(whose);
      signal.throwIfAborted();
      return await work(as, signal).catch(async (error: unknown) => {
        signal.throwIfAborted();
        if (!isUnauthorized(error) || !this.#hooks.onUnauthorized(error, as.token)) throw error;
        await this.#standing(signal);
        const again = core.credentials(whose);
        signal.throwIfAborted();
        return await work(again, signal);
      });
    } catch (error) {
      throw epoch.aborted && !(error instanceof ChatError) ? superseded() : error;
    }
  }

  /** Nothing leaves while it is in the air who the visitor is. */
  #standing(signal: AbortSignal): Promise<void> {
    return this.#until(signal, () => this.#core.state.identity.view.state !== 'verifying');
  }

  /** Rejects with the signal's reason. */
  #until(signal: AbortSignal, isFulfilled: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason as Error);
      if (isFulfilled()) return resolve();
      const stop = this.#core.subscribe(() => isFulfilled() && end(resolve));
      const aborted = () => end(() => reject(signal.reason as Error));
      const end = (settle: () => void) => {
        stop();
        signal.removeEventListener('abort', aborted);
        settle();
      };
      signal.addEventListener('abort', aborted);
    });
  }
}

function isGate(error: unknown): error is TransportError & { readonly code: GateCode } {
  return error instanceof TransportError && /^(consent|form)_required$/.test(error.code);
}

/** For an agent that asks for something: the header that says it. Nothing else of the visitor or the page goes along. */
function answersOf(core: Core): { readonly [name: string]: string } {
  const { agent } = core.state;
  if (agent?.consent === undefined && agent?.form === undefined) return {};
  const { consent, context } = metadataOf(core) as { consent?: unknown; context?: { name?: unknown; email?: unknown } };
  const said = { consent, context: { name: context?.name, email: context?.email } };
  return { [header.metadata]: encodeURIComponent(toJson(said)) };
}
