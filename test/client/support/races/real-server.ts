import type { TestContext } from 'node:test';
import { startServer } from '../../../../server/test/http/harness.ts';
import { ServerStream, type Answer, type Call } from './model-server.ts';
import type { Server, StoredConversation } from './run-schedule.ts';
import type { OnInvalidToken } from './steps.ts';

const base = 'http://localhost:8787/v1/agents/shop';
const users = ['ada', 'grace', 'linus'];

/** The real server on a real store, for schedules. Its replies are there at once: nobody holds them. */
export async function startRealServer(t: TestContext, onInvalidToken: OnInvalidToken): Promise<Server> {
  const { server, clock, sign, send } = await startServer(t, {
    agent: { policy: { onInvalidToken } },
    config: { attachments: {} },
  });
  const tokens = new Map<string, { readonly sub: string; readonly expiresAt: number; readonly isGood: boolean }>();
  const revoked = new Set<string>();
  const sessions = new Set<string>();
  let serial = 0;
  let moves = 0;

  async function handle(call: Call): Promise<Answer> {
    if (call.session !== undefined) sessions.add(call.session);
    if (call.path === '/logout' && call.token !== undefined) revoked.add(call.token);
    const abort = new AbortController();
    const response = await server.fetch(requestOf(call, abort.signal));
    moves += 1;
    const { status, body } = response;
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
    const reason = response.headers.get('x-chat-identity-reason') ?? undefined;
    if (!isStream || body === null) return { status, reason, json: await response.json().catch(() => undefined) };
    return { status, reason, stream: pour(body, abort, () => (moves += 1)) };
  }

  /** A token that the schedule does not know of. */
  const inspect = async (token: string | undefined, session: string, owner: string): Promise<StoredConversation[]> => {
    const read = async (path: string) =>
      handle({ method: 'GET', path, token, session, lastEventId: undefined, body: undefined });
    const { status, json } = await read('/conversations');
    if (status !== 200) return [];
    const { conversations } = json as { conversations: { id: string }[] };
    return Promise.all(
      conversations.map(async ({ id }) => {
        const page = (await read(`/conversations/${id}/messages`)).json as {
          messages: { role: string; parts: { text?: string; filename?: string }[] }[];
        };
        const texts = page.messages
          .filter(({ role }) => role === 'user')
          .map(({ parts }) => parts.map(({ text, filename }) => text ?? filename).join());
        return { id, owner, texts };
      }),
    );
  };

  return {
    clock,
    handle,
    sign(sub, { isGood = true } = {}) {
      const options = isGood ? {} : { secret: 'a-secret-that-this-server-does-not-have-at-all' };
      const token = sign({ sub, jti: `${++serial}` }, { ...options, lifetimeSeconds: 600 });
      tokens.set(token, { sub, expiresAt: clock.now + 600_000, isGood });
      return token;
    },
    async revoke(token) {
      revoked.add(token);
      await send('/logout', { method: 'POST', token });
    },
    subjectOf: (token) => tokens.get(token)?.sub,
    refusal(token) {
      const known = tokens.get(token);
      if (known?.isGood !== true) return 'invalid_signature';
      // The server allows for 60 s between clocks.
      if (clock.now >= known.expiresAt + 60_000) return 'expired';
      return revoked.has(token) ? 'revoked' : undefined;
    },
    setHoldsReplies: () => undefined,
    running: () => [],
    finishReply: () => undefined,
    tick: () => undefined,
    async settle() {
      for (let before = -1; before !== moves;) {
        before = moves;
        await new Promise((resolve) => void setTimeout(resolve, 2));
      }
    },
    async stored() {
      const anybody = 'x'.repeat(43);
      const bySubject = await Promise.all(users.map((sub) => inspect(sign({ sub }), anybody, `subject:${sub}`)));
      const bySession = await Promise.all([...sessions].map((one) => inspect(undefined, one, `session:${one}`)));
      return [...bySubject, ...bySession].flat();
    },
  };
}

function requestOf({ method, path, token, session, source, lastEventId, body }: Call, signal: AbortSignal): Request {
  const headers = new Headers();
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
  if (session !== undefined) headers.set('x-chat-session', session);
  if (source !== undefined) headers.set('x-chat-identity-source', source);
  if (lastEventId !== undefined) headers.set('last-event-id', lastEventId);
  const isFile = path === '/attachments';
  if (body !== undefined) headers.set('content-type', isFile ? 'text/plain' : 'application/json');
  const search = isFile ? `?${new URLSearchParams(body as { filename: string }).toString()}` : '';
  return new Request(base + path + search, {
    method,
    headers,
    signal,
    ...(body === undefined ? {} : { body: isFile ? 'a file' : JSON.stringify(body) }),
  });
}

function pour(body: ReadableStream<Uint8Array>, abort: AbortController, onMove: () => void): ServerStream {
  const stream = new ServerStream();
  const decoder = new TextDecoder();
  const reader = body.getReader();
  stream.onClose = () => {
    abort.abort();
    void reader.cancel().catch(() => undefined);
  };
  const read = async () => {
    for (;;) {
      const { done, value } = await reader.read();
      onMove();
      if (done) return stream.end();
      stream.push(decoder.decode(value, { stream: true }));
    }
  };
  read().catch(() => stream.end());
  return stream;
}
