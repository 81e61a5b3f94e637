import type { TestContext } from 'node:test';
import { listen } from '../../src/http/index.ts';
import type { Harness } from '../http/harness.ts';

/** What HTTP has in a field's value (RFC 9110 section 5.5); a client cannot send anything else, nor a server read it. */
const fieldValue = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Whether a token can travel in a header. */
export function canTravel(token: string): boolean {
  return fieldValue.test(token);
}

/** The same harness, each of its requests through a port of this machine; those that HTTP cannot say go in directly. */
export async function overHttp(test: TestContext, harness: Harness): Promise<Harness> {
  const { url, close } = await listen(harness.server, { port: 0, host: '127.0.0.1' });
  test.after(close);
  return {
    ...harness,
    send(path, sent = {}) {
      const { method, token, session, body, headers } = sent;
      if (token !== undefined && !canTravel(token)) return harness.send(path, sent);
      const all = new Headers(headers);
      if (token !== undefined) all.set('authorization', `Bearer ${token}`);
      if (session !== undefined) all.set('x-chat-session', session);
      if (body !== undefined) all.set('content-type', 'application/json');
      const target = path.startsWith('http') ? new URL(path).pathname : `/v1/agents/shop${path}`;
      return fetch(url + target, {
        method: method ?? (body === undefined ? 'GET' : 'POST'),
        headers: all,
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
    },
  };
}
