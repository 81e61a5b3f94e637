import type { ChatWidgetElement } from './element.ts';

/** What each chat of the page has unread: the title says it once for all. */
const counts = new Map<ChatWidgetElement, number>();

/** What stands in the title because of us, and what stood there before. */
let shown: { readonly text: string; readonly before: string } | undefined;

/**
 * "(2) Shop" while nobody looks at the page and two messages are unread. A title that the page has changed meanwhile is the
 * page's, and is counted before or left alone, never put back. `unread-title="off"` turns it off. Returns the way out.
 */
export function tieTitle(element: ChatWidgetElement): () => void {
  const update = (): void => {
    counts.set(element, element.getAttribute('unread-title') === 'off' ? 0 : element.state.unreadCount);
    write();
  };
  element.addEventListener('chat-unread-changed', update);
  document.addEventListener('visibilitychange', update);
  update();
  return () => {
    element.removeEventListener('chat-unread-changed', update);
    document.removeEventListener('visibilitychange', update);
    counts.delete(element);
    write();
  };
}

function write(): void {
  const count = [...counts.values()].reduce((sum, each) => sum + each, 0);
  const before = shown?.text === document.title ? shown.before : document.title;
  const text = document.hidden && count > 0 ? `(${count > 99 ? '99+' : count}) ${before}` : before;
  shown = text === before ? undefined : { text, before };
  if (text === document.title) return;
  document.title = text;
  // As it reads back: white space in it may be put together.
  if (shown !== undefined) shown = { text: document.title, before };
}
