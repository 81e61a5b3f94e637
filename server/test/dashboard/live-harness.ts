import assert from 'node:assert/strict';
import { allFrames, framesOf, newSession, sendBody, userMessage } from '../http/harness.ts';
import type { DashboardHarness, Desk } from './harness.ts';

/** A visitor's conversation with what they and their agent have said. */
export async function haveConversation({ send }: DashboardHarness, text = 'Where is my order?') {
  const session = newSession();
  const body = sendBody(text);
  await allFrames(await send('/chat', { session, body }));
  const say = async (more: string) =>
    allFrames(await send('/chat', { session, body: sendBody('', { id: body.id, messages: [userMessage(more)] }) }));
  return { id: body.id, session, say, at: (path: string) => `/conversations/${body.id}/${path}` };
}

export type Live = {
  readonly status: string;
  readonly assignee: { readonly id: string; readonly name: string } | null;
  readonly handoff: { readonly state: string; readonly name: string | null; readonly operatorId: string | null };
  readonly unreadCount: number;
  readonly colleagues: readonly { readonly id: string; readonly name: string }[];
  readonly present: readonly { readonly id: string; readonly name: string; readonly typing: boolean }[];
};

export async function liveOf(desk: Desk, path: string): Promise<Live> {
  const { status, body, text } = await desk.call(path);
  assert.equal(status, 200, text);
  return (body as { live: Live }).live;
}

export async function operatorIdOf(desk: Desk): Promise<string> {
  const { body } = await desk.call('/session');
  return (body as { operator: { id: string } }).operator.id;
}

type Event = { readonly type: string; readonly [field: string]: unknown };

/** The live events of a desk. `until` reads on to the one that fits, and gives all up to it. */
export async function openEvents(desk: Desk) {
  const response = await desk.fetch('/events');
  assert.equal(response.status, 200);
  const frames = framesOf(response);
  const next = async (): Promise<Event | undefined> => {
    const { value, done } = await frames.next();
    return done === true ? undefined : (JSON.parse(value.data) as Event);
  };
  return {
    next,
    async until(fits: (event: Event) => boolean): Promise<Event[]> {
      const seen: Event[] = [];
      for (;;) {
        const event = await next();
        if (event === undefined) throw new Error(`The stream has ended after ${JSON.stringify(seen)}`);
        seen.push(event);
        if (fits(event)) return seen;
      }
    },
    close: () => frames.return(undefined),
  };
}

export const isKind =
  (kind: string, conversationId?: string) =>
  (event: Event): boolean =>
    event['kind'] === kind && (conversationId === undefined || event['conversationId'] === conversationId);
