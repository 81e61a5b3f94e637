import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { nextTask, until } from '../../shell/support/until.ts';
import { ada, answer, calls, json, noContent } from './dashboard.ts';

type Told = { readonly type: string; readonly [field: string]: unknown };

export const at = (second: number): string => new Date(Date.UTC(2026, 10, 3, 12, 0, second)).toISOString();
export const text = (words: string) => [{ type: 'text', text: words, state: 'done' }];

/** A server with one conversation, which tests change as they like. */
export function haveConversation() {
  const live = {
    id: 'c1',
    agentId: 'shop',
    status: 'open',
    assignee: null as object | null,
    handoff: { state: 'requested', name: null as string | null, operatorId: null as string | null },
    unreadCount: 1,
    colleagues: [ada, { id: 'o2', name: 'Otto' }].map(({ id, name }) => ({ id, name })),
    present: [] as object[],
  };
  const messages: object[] = [
    { id: 'm1', role: 'user', parts: text('Can I talk to <b>somebody</b>?'), metadata: { createdAt: at(1) } },
    {
      id: 'm2',
      role: 'assistant',
      parts: text('I have asked **a person**.'),
      metadata: { createdAt: at(2), status: 'complete' },
    },
  ];
  const notes: object[] = [];
  const user = { identityVerified: true, userId: 'u/1', userName: 'Mo', userEmail: 'mo@example.com' };
  const conversation = {
    id: 'c1',
    agentId: 'shop',
    agentName: 'Shop help',
    title: 'Hello',
    site: 'https://shop.example',
    createdAt: at(0),
    user,
  };
  let stream: ReadableStreamDefaultController<string> | undefined;
  const path = 'conversations/c1';
  answer('get', path, () => json({ conversation }));
  answer('get', `${path}/live`, () => json({ live }));
  answer('get', `${path}/messages`, () => json({ messages, nextBefore: null }));
  answer('get', `${path}/notes`, () => json({ notes }));
  answer('post', `${path}/presence`, () => json({ operators: live.present }));
  answer('post', `${path}/read`, () => noContent());
  answer('post', `${path}/typing`, () => noContent());
  answer('get', 'canned-replies', () =>
    json({
      cannedReplies: [
        { id: 'r1', agentId: null, shortcut: 'thanks', text: 'Thank you, {name}! {operator}', updatedAt: at(0) },
        { id: 'r2', agentId: 'other', shortcut: 'thankless', text: 'No', updatedAt: at(0) },
        { id: 'r3', agentId: 'shop', shortcut: 'wait', text: 'One moment.', updatedAt: at(0) },
      ],
    }),
  );
  answer('get', 'events', () => {
    const body = new ReadableStream<string>({ start: (controller) => void (stream = controller) });
    return new Response(body.pipeThrough(new TextEncoderStream()), {
      headers: { 'content-type': 'text/event-stream' },
    });
  });
  const tell = (event: Told): void => stream?.enqueue(`data: ${JSON.stringify(event)}\n\n`);
  const change = (kind: string): void => tell({ type: 'conversation', agentId: 'shop', conversationId: 'c1', kind });
  const takeOver = (): Response => {
    Object.assign(live.handoff, { state: 'active', name: 'Ada', operatorId: 'o1' });
    live.assignee = { id: 'o1', name: 'Ada' };
    return json({ live });
  };
  return { live, messages, notes, tell, change, takeOver, isListening: () => until(() => stream, 'the events') };
}

export const box = (): HTMLTextAreaElement => document.querySelector('textarea') ?? expect.fail('there is no box');
export const bodiesOf = (path: string): readonly unknown[] =>
  calls.filter((call) => call.path === path && call.method === 'POST').map(({ body }) => body);
export const write = async (words: string): Promise<void> => {
  box().focus();
  await sendKeys({ type: words });
};
export const options = (): readonly string[] =>
  [...document.querySelectorAll('[role=option] strong')].map(({ textContent }) => textContent.trim());

/** The page says that nobody looks any more, which somebody has to take. */
export async function leave(): Promise<void> {
  document.querySelector('cw-dashboard')?.remove();
  await until(
    () => bodiesOf('conversations/c1/presence').some((body) => 'leaving' in (body as object)),
    'the farewell',
  );
  for (let turn = 0; turn < 5; turn++) await nextTask();
}
