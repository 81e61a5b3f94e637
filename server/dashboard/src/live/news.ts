import type { ReactiveController } from 'lit';
import { api, type DashboardEvent, path, session, subscribe } from '../api/index.ts';
import { navigate } from '../navigation.ts';
import type { Live } from './types.ts';

/** Whether the browser can notify, and may: it is asked only after a click. */
export const canAsk = (): boolean => 'Notification' in window && Notification.permission === 'default';
const mayNotify = (): boolean => 'Notification' in window && Notification.permission === 'granted';

export async function askToNotify(): Promise<boolean> {
  return 'Notification' in window && (await Notification.requestPermission()) === 'granted';
}

/**
 * Tells an operator who looks elsewhere that visitors write: a number in the window's title, and a notification where the
 * browser may. Without a word of what was said: notifications are read by whoever stands beside.
 */
export class News implements ReactiveController {
  readonly #waiting = new Set<string>();
  #unsubscribe: (() => void) | undefined;

  hostConnected(): void {
    this.#unsubscribe = subscribe((event) => void this.#hear(event), { whileHidden: true });
    document.addEventListener('visibilitychange', this.#whenSeen);
  }

  hostDisconnected(): void {
    this.#unsubscribe?.();
    document.removeEventListener('visibilitychange', this.#whenSeen);
    this.#whenSeen();
  }

  async #hear({ type, kind, conversationId = '' }: DashboardEvent): Promise<void> {
    if (isSeen() || type !== 'conversation') return;
    if (kind !== 'message' && kind !== 'handoff') return;
    const found = await api.get<{ live: Live }>(path`conversations/${conversationId}/live`).catch(() => undefined);
    if (found === undefined || !concernsMe(found.live) || isSeen()) return;
    if (this.#waiting.has(conversationId)) return;
    this.#waiting.add(conversationId);
    showCount(this.#waiting.size);
    if (mayNotify()) notify(found.live);
  }

  readonly #whenSeen = (): void => {
    this.#waiting.clear();
    showCount(0);
  };
}

const isSeen = (): boolean => document.visibilityState === 'visible';

/** Who asks for anybody, and what is mine and unread. */
function concernsMe({ handoff, assignee, unreadCount }: Live): boolean {
  if (handoff.state === 'requested') return true;
  const me = session.current?.operator?.id;
  return unreadCount > 0 && (assignee?.id === me || handoff.operatorId === me);
}

function showCount(count: number): void {
  const title = document.title.replace(/^\(\d+\) /, '');
  document.title = count === 0 ? title : `(${count}) ${title}`;
}

function notify({ id, handoff }: Live): void {
  const text = handoff.state === 'requested' ? 'A visitor asks for a person.' : 'A visitor has written.';
  const shown = new Notification('Chat dashboard', { body: text, tag: id, icon: '/dashboard/assets/icon.svg' });
  shown.addEventListener('click', () => {
    window.focus();
    navigate(path`/dashboard/conversations/${id}`);
    shown.close();
  });
}
