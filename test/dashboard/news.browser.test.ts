import { expect } from '@open-wc/testing';
import type { ReactiveController } from 'lit';
import { session } from '../../server/dashboard/src/api/index.ts';
import { canAsk, News } from '../../server/dashboard/src/live/news.ts';
import { nextTask, until } from '../shell/support/until.ts';
import { ada, answer, answerSession, calls, json, useDashboard } from './support/dashboard.ts';

type Shown = { readonly title: string; readonly options: NotificationOptions };

const shown: Shown[] = [];
let permission: NotificationPermission = 'granted';
let visibility: DocumentVisibilityState = 'hidden';
const { Notification: browsers } = window;
let news: ReactiveController | undefined;
let told: ReadableStreamDefaultController<string> | undefined;

class TestNotification extends EventTarget {
  static get permission(): NotificationPermission {
    return permission;
  }
  constructor(title: string, options: NotificationOptions) {
    super();
    shown.push({ title, options });
  }
}

const liveOf = (id: string, is: object): object => ({
  live: {
    id,
    agentId: 'shop',
    status: 'open',
    assignee: null,
    handoff: { state: 'none', name: null, operatorId: null },
    unreadCount: 1,
    colleagues: [],
    present: [],
    ...is,
  },
});
const tell = (conversationId: string, kind = 'message'): void =>
  told?.enqueue(`data: ${JSON.stringify({ type: 'conversation', agentId: 'shop', conversationId, kind })}\n\n`);
const look = (as: DocumentVisibilityState): void => {
  visibility = as;
  document.dispatchEvent(new Event('visibilitychange'));
};

/** Ada looks elsewhere, and is told of whatever happens. */
async function lookElsewhere(): Promise<void> {
  answerSession(ada);
  await session.load();
  answer('get', 'events', () => {
    const body = new ReadableStream<string>({ start: (controller) => void (told = controller) });
    return new Response(body.pipeThrough(new TextEncoderStream()), {
      headers: { 'content-type': 'text/event-stream' },
    });
  });
  answer('get', 'conversations/mine/live', () => json(liveOf('mine', { assignee: { id: ada.id, name: 'Ada' } })));
  answer('get', 'conversations/theirs/live', () => json(liveOf('theirs', { assignee: { id: 'o2', name: 'Otto' } })));
  answer('get', 'conversations/read/live', () =>
    json(liveOf('read', { assignee: { id: ada.id, name: 'Ada' }, unreadCount: 0 })),
  );
  answer('get', 'conversations/asks/live', () =>
    json(liveOf('asks', { handoff: { state: 'requested', name: null, operatorId: null } })),
  );
  look('hidden');
  news = new News();
  news.hostConnected?.();
  await until(() => told, 'the events');
}

const asked = (id: string): Promise<unknown> =>
  until(() => calls.some(({ path }) => path === `conversations/${id}/live`), id);

describe('news for who looks elsewhere', () => {
  afterEach(() => {
    news?.hostDisconnected?.();
    told = undefined;
    shown.length = 0;
    permission = 'granted';
    look('visible');
  });
  useDashboard();
  before(() => {
    Object.defineProperty(window, 'Notification', { value: TestNotification, configurable: true });
    Object.defineProperty(document, 'visibilityState', { get: () => visibility, configurable: true });
  });
  after(() => {
    Object.defineProperty(window, 'Notification', { value: browsers, configurable: true });
    Reflect.deleteProperty(document, 'visibilityState');
  });

  it('counts conversations that are mine and unread, or that ask for anybody, and notifies without a word of them', async () => {
    document.title = 'Inbox';
    await lookElsewhere();
    for (const id of ['theirs', 'read', 'mine', 'asks']) {
      tell(id);
      await asked(id);
    }
    tell('mine');
    tell('theirs', 'note');
    await until(() => document.title === '(2) Inbox', 'the count');
    await nextTask();
    expect(shown.map(({ options: { body, tag } }) => [tag, body])).to.deep.equal([
      ['mine', 'A visitor has written.'],
      ['asks', 'A visitor asks for a person.'],
    ]);
    look('visible');
    expect(document.title).to.equal('Inbox');
  });

  it('notifies nobody who has not allowed it, and asks by itself never', async () => {
    permission = 'default';
    await lookElsewhere();
    tell('mine');
    await until(() => document.title.startsWith('(1)'), 'the count');
    expect(shown).to.deep.equal([]);
    expect(canAsk()).to.equal(true);
  });
});
