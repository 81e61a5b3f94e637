import type { ChatWidgetElement } from './element.ts';
import { tieHistory } from './tie-history.ts';

/** Where the panel fills the screen, as its styles have it. */
const fullScreen = '(max-width: 480px), (max-height: 440px)';

/** Of https://html.spec.whatwg.org/multipage/interaction.html#close-watcher, which not all browsers have. */
type CloseWatcher = EventTarget & { destroy(): void };

/**
 * Back closes a chat that fills the screen of a phone. Where the browser itself can say that something is to be closed, the
 * page's history has no part in it; elsewhere it gets one entry more. Returns the way out.
 */
export function tieBack(element: ChatWidgetElement): () => void {
  const { CloseWatcher } = globalThis as { readonly CloseWatcher?: new () => CloseWatcher };
  const tie = CloseWatcher === undefined ? tieHistory(element) : tieWatcher(element, CloseWatcher);
  const opened = (): void => {
    const isEmbedded = /^(inline|page)$/.test(element.getAttribute('mode') ?? '');
    if (element.open && !isEmbedded && matchMedia(fullScreen).matches) tie.opened();
  };
  element.addEventListener('chat-opened', opened);
  element.addEventListener('chat-closed', tie.closed);
  opened();
  return () => {
    element.removeEventListener('chat-opened', opened);
    element.removeEventListener('chat-closed', tie.closed);
    tie.end();
  };
}

export type Tie = { readonly opened: () => void; readonly closed: () => void; readonly end: () => void };

function tieWatcher(element: ChatWidgetElement, Watcher: new () => CloseWatcher): Tie {
  let watcher: CloseWatcher | undefined;
  const end = (): void => {
    watcher?.destroy();
    watcher = undefined;
  };
  return {
    opened() {
      if (watcher !== undefined) return;
      watcher = new Watcher();
      watcher.addEventListener('close', () => element.close());
    },
    closed: end,
    end,
  };
}
