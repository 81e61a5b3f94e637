import { createHash } from 'node:crypto';
import { agentInfo, problem } from './agent-info.ts';
import { ServerStream } from './server-stream.ts';
import type { OnInvalidToken } from './steps.ts';

export { ServerStream };

/** One request, as the wire carries it. `path` is below the agent's address. */
export type Call = {
  readonly method: string;
  readonly path: string;
  readonly token: string | undefined;
  readonly session: string | undefined;
  /** Whom the page takes its visitor for. */
  readonly source?: string | undefined;
  readonly lastEventId: string | undefined;
  readonly body: unknown;
};

export type Answer = {
  readonly status: number;
  readonly json?: unknown;
  /** Why the request went on without its token. */
  readonly reason?: string | undefined;
  readonly stream?: ServerStream;
};

type Claims = { readonly sub: string; readonly exp: number; readonly isGood: boolean };
type Stored = {
  readonly id: string;
  readonly role: 'user' | 'assistant';
  text: string;
  status?: string;
  feedback?: unknown;
  readonly editedFrom?: string | undefined;
};
type SentPart = { readonly text?: string; readonly url?: string };
type StoredFile = { owner: string; readonly filename: string };
type Reply = {
  readonly id: string;
  readonly questionId: string;
  readonly question: string;
  readonly frames: string[];
  isRunning: boolean;
  readonly readers: Set<Reader>;
};
type Reader = {
  readonly stream: ServerStream;
  readonly token: string | undefined;
  readonly session: string | undefined;
};
type Conversation = {
  readonly id: string;
  owner: string;
  updated: number;
  readonly messages: Stored[];
  replies: Reply[];
};
type EventRow = {
  readonly n: number;
  readonly owner: string;
  readonly conversationId: string;
  readonly messageId: string;
};
type Listener = Reader & { readonly owner: string; sent: number };

const toleranceMs = 60_000;
const uuid = /^[0-9a-f-]{36}$/;

/**
 * The protocol in memory and in one task: fast enough for ten thousand schedules. What it leaves out (pages of history,
 * limits, other policies than those two of `onInvalidToken`) the client's other tests show on the real server.
 */
export class ModelServer {
  readonly conversations = new Map<string, Conversation>();
  /** Whether replies run until `finishReply`, or are there at once. */
  holdsReplies = false;
  readonly #clock: { readonly now: number };
  readonly #onInvalidToken: OnInvalidToken;
  readonly #tokens = new Map<string, Claims>();
  readonly #files = new Map<string, StoredFile>();
  readonly #revoked = new Set<string>();
  readonly #closed = new Set<string>();
  readonly #events: EventRow[] = [];
  readonly #listeners = new Set<Listener>();
  #serial = 0;

  constructor(clock: { readonly now: number }, onInvalidToken: OnInvalidToken) {
    this.#clock = clock;
    this.#onInvalidToken = onInvalidToken;
  }

  /** A token in shape, which this server knows. */
  sign(sub: string, { lifetimeMs = 600_000, isGood = true } = {}): string {
    const exp = Math.floor((this.#clock.now + lifetimeMs) / 1000);
    const payload = Buffer.from(JSON.stringify({ sub, exp, n: ++this.#serial })).toString('base64url');
    const token = `eyJh.${payload}.${isGood ? 'good' : 'bad'}`;
    this.#tokens.set(token, { sub, exp, isGood });
    return token;
  }

  subjectOf(token: string): string | undefined {
    return this.#tokens.get(token)?.sub;
  }

  /** Why a token is refused; undefined for one that is not. */
  refusal(token: string): 'malformed' | 'invalid_signature' | 'expired' | 'revoked' | undefined {
    const claims = this.#tokens.get(token);
    if (claims === undefined) return 'malformed';
    if (!claims.isGood) return 'invalid_signature';
    if (this.#clock.now >= claims.exp * 1000 + toleranceMs) return 'expired';
    return this.#revoked.has(token) ? 'revoked' : undefined;
  }

  handle(call: Call): Answer {
    const { path } = call;
    if (path === '') return { status: 200, json: agentInfo(this.#onInvalidToken === 'anonymous') };
    if (path === '/logout') return this.#logout(call);
    if (path === '/identity') return this.#identity(call);
    const owner = this.#ownerOf(call);
    if (typeof owner !== 'string') return owner;
    const reason = call.token === undefined ? undefined : this.refusal(call.token);
    // What is open for nobody does not live by the token that was refused.
    return { ...this.#answer(reason === undefined ? call : { ...call, token: undefined }, owner), reason };
  }

  #answer(call: Call, owner: string): Answer {
    const { path, method } = call;
    if (path === '/chat') return this.#send(call, owner);
    if (path === '/conversations') return this.#list(owner);
    if (path === '/events') return this.#listen(call, owner);
    if (path === '/attachments') return this.#upload(call, owner);
    const [, room, id = '', rest] = path.split('/');
    if (room === 'messages') return this.#judge(call, id, owner);
    const conversation = this.conversations.get(id);
    if (!uuid.test(id) || conversation?.owner !== owner) return problem(404, 'conversation_not_found');
    if (room === 'chat' && rest === 'stream') return this.#resume(call, conversation);
    if (room === 'chat' && rest === 'stop') return this.#stop(conversation);
    if (rest === 'read' && method === 'POST') return { status: 204 };
    return { status: 200, json: { messages: messagesOf(conversation), nextBefore: null } };
  }

  /** Conversations with a reply that runs, oldest first. */
  running(): string[] {
    return [...this.conversations.values()]
      .filter(({ replies }) => replies.some(({ isRunning }) => isRunning))
      .map(({ id }) => id);
  }

  finishReply(conversationId: string): void {
    const conversation = this.conversations.get(conversationId);
    const reply = conversation?.replies.find(({ isRunning }) => isRunning);
    if (conversation !== undefined && reply !== undefined) this.#finish(conversation, reply, 'complete');
  }

  /** Ends the live events of those whose token has run out. */
  tick(): void {
    for (const listener of [...this.#listeners]) {
      if (listener.token !== undefined && this.refusal(listener.token) === 'expired')
        this.#endEvents(listener, 'expired');
    }
  }

  /** As a backend does that has ended its own session. */
  revoke(token: string): void {
    this.#logout({ token, session: undefined });
  }

  #logout({ token, session }: Pick<Call, 'token' | 'session'>): Answer {
    if (token !== undefined && this.#tokens.get(token)?.isGood === true) this.#revoked.add(token);
    if (session !== undefined) this.#closed.add(session);
    const isOver = (reader: Reader) =>
      (token !== undefined && reader.token === token) || (session !== undefined && reader.session === session);
    for (const listener of [...this.#listeners]) if (isOver(listener)) this.#endEvents(listener, 'revoked');
    for (const { replies } of this.conversations.values()) {
      for (const { readers } of replies) {
        for (const reader of [...readers]) {
          if (!isOver(reader)) continue;
          readers.delete(reader);
          reader.stream.end();
        }
      }
    }
    return { status: 204 };
  }

  #identity({ token, session }: Call): Answer {
    if (token === undefined) return { status: 200, json: { verified: false, source: 'anonymous' } };
    const reason = this.refusal(token);
    if (reason !== undefined) return { status: 200, json: { verified: false, reason } };
    const { sub, exp } = this.#tokens.get(token) as Claims;
    const json = {
      verified: true,
      source: 'verified',
      subject: sub,
      claims: { sub },
      expiresAt: exp * 1000,
      claimedConversations: session === undefined ? 0 : this.#claim(session, sub),
      now: this.#clock.now,
    };
    return { status: 200, json };
  }

  #claim(session: string, sub: string): number {
    if (this.#closed.has(session)) return 0;
    let count = 0;
    for (const file of this.#files.values()) if (file.owner === `session:${session}`) file.owner = `subject:${sub}`;
    for (const conversation of this.conversations.values()) {
      if (conversation.owner !== `session:${session}`) continue;
      conversation.owner = `subject:${sub}`;
      count += 1;
    }
    return count;
  }

  #ownerOf({ token, session, source }: Call): string | Answer {
    const reason = token === undefined ? undefined : this.refusal(token);
    const goesOn = this.#onInvalidToken === 'anonymous' && source !== 'verified';
    if (reason !== undefined && !goesOn) return problem(401, 'invalid_token', { reason });
    if (token === undefined || reason !== undefined) {
      if (session === undefined || this.#closed.has(session)) return problem(422, 'invalid_request');
      return `session:${session}`;
    }
    return `subject:${(this.#tokens.get(token) as Claims).sub}`;
  }

  #send(call: Call, owner: string): Answer {
    const body = call.body as { id: string; messages: { id: string; parts: SentPart[] }[]; messageId?: string };
    const message = body.messages.at(-1);
    const files = message?.parts.flatMap(({ url }) => (url === undefined ? [] : [this.#files.get(url)])) ?? [];
    if (files.some((file) => file?.owner !== owner)) return problem(422, 'invalid_request');
    const text = [
      ...(message?.parts.flatMap(({ text: said = [] }) => said) ?? []),
      ...files.map((file) => file?.filename),
    ].join();
    const id = message?.id ?? '';
    const conversation = this.conversations.get(body.id) ?? this.#create(body.id, owner);
    if (conversation.owner !== owner) return problem(404, 'conversation_not_found');
    const known = conversation.messages.find((other) => other.id === id);
    if (known !== undefined) {
      const reply = conversation.replies.find(({ questionId }) => questionId === id);
      if (known.text !== text || reply === undefined) return problem(409, 'message_conflict');
      return this.#stream(call, reply, 0);
    }
    if (conversation.replies.some(({ isRunning }) => isRunning)) return problem(409, 'conversation_busy');
    if (body.messageId !== undefined) {
      const at = conversation.messages.findLastIndex(({ role }) => role === 'user');
      if (!conversation.messages.some((other) => other.id === body.messageId)) return problem(404, 'message_not_found');
      if (conversation.messages[at]?.id !== body.messageId) return problem(409, 'message_conflict');
      conversation.messages.splice(at);
      conversation.replies = conversation.replies.filter(({ questionId }) => questionId !== body.messageId);
    }
    return this.#begin(call, conversation, { id, role: 'user', text, editedFrom: body.messageId });
  }

  #upload({ body }: Call, owner: string): Answer {
    const { filename } = body as { filename: string };
    const url = `http://localhost:8787/v1/agents/shop/attachments/f${this.#files.size}`;
    this.#files.set(url, { owner, filename });
    return { status: 201, json: { id: `f${this.#files.size}`, filename, mediaType: 'text/plain', bytes: 1, url } };
  }

  #judge({ body }: Call, messageId: string, owner: string): Answer {
    const message = [...this.conversations.values()]
      .filter((conversation) => conversation.owner === owner)
      .flatMap(({ messages }) => messages)
      .find(({ id, role }) => id === messageId && role === 'assistant');
    if (message === undefined) return problem(404, 'message_not_found');
    message.feedback = body;
    return { status: 204 };
  }

  #create(id: string, owner: string): Conversation {
    const conversation = { id, owner, updated: 0, messages: [], replies: [] };
    this.conversations.set(id, conversation);
    return conversation;
  }

  #begin(call: Call, conversation: Conversation, message: Stored): Answer {
    const { id, text } = message;
    conversation.messages.push(message);
    this.#announce(conversation, id);
    const reply: Reply = {
      id: `reply-${createHash('sha1').update(id).digest('hex').slice(0, 12)}`,
      questionId: id,
      question: text,
      frames: [],
      isRunning: true,
      readers: new Set(),
    };
    conversation.replies.push(reply);
    this.#say(reply, { type: 'start', messageId: reply.id });
    this.#say(reply, { type: 'text-start', id: 't' });
    const answer = this.#stream(call, reply, 0);
    if (!this.holdsReplies) this.#finish(conversation, reply, 'complete');
    return answer;
  }

  #finish(conversation: Conversation, reply: Reply, status: 'complete' | 'stopped'): void {
    const text = status === 'complete' ? `You said: ${reply.question}` : '';
    if (text !== '') this.#say(reply, { type: 'text-delta', id: 't', delta: text });
    this.#say(reply, { type: 'text-end', id: 't' });
    this.#say(reply, { type: status === 'complete' ? 'finish' : 'abort' });
    reply.isRunning = false;
    conversation.messages.push({ id: reply.id, role: 'assistant', text, status });
    this.#announce(conversation, reply.id);
    for (const { stream } of reply.readers) {
      stream.push('data: [DONE]\n\n');
      stream.end();
    }
    reply.readers.clear();
  }

  #say(reply: Reply, part: object): void {
    const frame = `id: ${reply.id}:${reply.frames.length + 1}\ndata: ${JSON.stringify(part)}\n\n`;
    reply.frames.push(frame);
    for (const { stream } of reply.readers) stream.push(frame);
  }

  #stream({ token, session }: Call, reply: Reply, after: number): Answer {
    const stream = new ServerStream();
    stream.push(reply.frames.slice(after).join(''));
    const reader = { stream, token, session };
    if (reply.isRunning) reply.readers.add(reader);
    else {
      stream.push('data: [DONE]\n\n');
      stream.end();
    }
    stream.onClose = () => void reply.readers.delete(reader);
    return { status: 200, stream };
  }

  #resume(call: Call, { replies }: Conversation): Answer {
    const reply = replies.find(({ isRunning }) => isRunning);
    if (reply === undefined) return { status: 204 };
    const [id, n] = (call.lastEventId ?? '').split(':');
    return this.#stream(call, reply, id === reply.id ? Number(n) : 0);
  }

  #stop(conversation: Conversation): Answer {
    const reply = conversation.replies.find(({ isRunning }) => isRunning);
    if (reply !== undefined) this.#finish(conversation, reply, 'stopped');
    return { status: 204 };
  }

  #list(owner: string): Answer {
    const conversations = [...this.conversations.values()]
      .filter((conversation) => conversation.owner === owner)
      .toSorted((a, b) => b.updated - a.updated)
      .map(({ id, messages }) => ({ id, title: messages[0]?.text ?? '', lastMessage: '', unreadCount: 0 }));
    return { status: 200, json: { conversations, nextBefore: null } };
  }

  #announce(conversation: Conversation, messageId: string): void {
    const n = this.#events.length + 1;
    conversation.updated = n;
    this.#events.push({ n, owner: conversation.owner, conversationId: conversation.id, messageId });
    for (const listener of this.#listeners) this.#catchUp(listener);
  }

  #listen({ token, session, lastEventId }: Call, owner: string): Answer {
    const stream = new ServerStream();
    const sent = lastEventId === undefined ? this.#events.length : Number(lastEventId);
    const listener: Listener = { stream, token, session, owner, sent };
    stream.push(': live\n\n');
    this.#listeners.add(listener);
    stream.onClose = () => void this.#listeners.delete(listener);
    this.#catchUp(listener);
    return { status: 200, stream };
  }

  #catchUp(listener: Listener): void {
    for (const { n, owner, conversationId, messageId } of this.#events.slice(listener.sent)) {
      listener.sent = n;
      const conversation = this.conversations.get(conversationId);
      const message = conversation && messagesOf(conversation).find(({ id }) => id === messageId);
      if (owner !== listener.owner || conversation?.owner !== owner || message === undefined) continue;
      const data = JSON.stringify({ conversationId, message });
      listener.stream.push(`id: ${n}\nevent: message\ndata: ${data}\n\n`);
    }
  }

  #endEvents(listener: Listener, state: 'revoked' | 'expired'): void {
    this.#listeners.delete(listener);
    listener.stream.push(`event: identity\ndata: {"state":"${state}"}\n\n`);
    listener.stream.end();
  }
}

function messagesOf({ messages, replies }: Conversation) {
  const running = replies.find(({ isRunning }) => isRunning);
  const growing: Stored[] =
    running === undefined ? [] : [{ id: running.id, role: 'assistant', text: '', status: 'streaming' }];
  return [...messages, ...growing].map(({ id, role, text, status, feedback, editedFrom }) => ({
    id,
    role,
    parts: text === '' && role === 'assistant' ? [] : [{ type: 'text', text }],
    metadata: { status, feedback, editedFrom },
  }));
}
