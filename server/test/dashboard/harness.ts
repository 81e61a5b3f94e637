import type { TestContext } from 'node:test';
import { startServer, type Harness, type HarnessOptions } from '../http/harness.ts';

export const password = 'a password for the tests';

export type Called = {
  readonly status: number;
  /** The answer's JSON; undefined where there is none. */
  readonly body: unknown;
  readonly headers: Headers;
  readonly text: string;
};

export type CallOptions = {
  readonly method?: string;
  readonly body?: unknown;
  /** Instead of, and beside, what the pages send. Empty: not sent. */
  readonly headers?: { readonly [name: string]: string };
};

/** A browser on the dashboard: what it is signed in as, it stays. */
export type Desk = {
  /** `path` below `/dashboard/api`. */
  readonly call: (path: string, options?: CallOptions) => Promise<Called>;
  /** The same, unread: for streams. */
  readonly fetch: (path: string, options?: CallOptions) => Promise<Response>;
  /** What the browser holds. */
  readonly cookie: () => string | undefined;
  readonly useCookie: (cookie: string | undefined) => void;
};

export type Role = 'admin' | 'operator' | 'viewer';

export type DashboardHarness = Harness & {
  /** Of nobody yet. */
  readonly newDesk: () => Desk;
  /** Of the first administrator, made by the one-time link. */
  readonly admin: Desk;
  /** Of somebody new with this role. */
  readonly deskOf: (role: Role, options?: { readonly agentIds?: readonly string[] | null }) => Promise<Desk>;
};

/** A chat server, as `startServer` makes it, with an administrator of its dashboard. */
export async function startDashboard(test: TestContext, options: HarnessOptions = {}): Promise<DashboardHarness> {
  const config = { ...options.config, publicUrl: 'https://chat.example' };
  const harness = await startServer(test, { ...options, config });
  const newDesk = () => createDesk(harness, config.publicUrl);
  const admin = newDesk();
  const token = await harness.server.createSetupLink();
  const person = { name: 'Alma Admin', email: 'admin@example.com', password };
  const { status, text } = await admin.call('/setup', { body: { token, ...person } });
  if (status !== 200) throw new Error(`There is no administrator: ${text}`);
  let count = 0;

  return {
    ...harness,
    newDesk,
    admin,
    async deskOf(role, { agentIds = null } = {}) {
      const body = { name: `Otto ${role}`, email: `${role}-${++count}@example.com`, role, agentIds };
      const invited = await admin.call('/operators', { body });
      const link = (invited.body as { link?: string }).link ?? '';
      const desk = newDesk();
      const accepted = await desk.call('/invitations/accept', { body: { token: link.split('#')[1], password } });
      if (accepted.status !== 200) throw new Error(`${role}: ${invited.text} ${accepted.text}`);
      return desk;
    },
  };
}

export function createDesk({ server }: Harness, publicUrl: string): Desk {
  let cookie: string | undefined;
  const send = async (path: string, { method, body, headers = {} }: CallOptions = {}): Promise<Response> => {
    const own = new Headers({ origin: publicUrl, 'x-chat-dashboard': '1', 'content-type': 'application/json' });
    if (cookie !== undefined) own.set('cookie', cookie);
    for (const [name, value] of Object.entries(headers)) value === '' ? own.delete(name) : own.set(name, value);
    const response = await server.fetch(
      new Request(`${publicUrl}/dashboard/api${path}`, {
        method: method ?? (body === undefined ? 'GET' : 'POST'),
        headers: own,
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    );
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      cookie = /Max-Age=0/.test(line) ? undefined : pair;
    }
    return response;
  };
  return {
    fetch: send,
    async call(path, options) {
      const response = await send(path, options);
      const text = await response.text();
      const isJson = text !== '' && /json\b/.test(response.headers.get('content-type') ?? '');
      return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : undefined };
    },
    cookie: () => cookie,
    useCookie: (other) => void (cookie = other),
  };
}
