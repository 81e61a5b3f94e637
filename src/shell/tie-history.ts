import type { ChatWidgetElement } from './element.ts';
import type { Tie } from './tie-back.ts';

/** In the page's history state, beside what the page, or its router, has there. */
const key = 'chatWidget';

type Entry = { readonly id: string; readonly href: string; readonly length: number };

/**
 * As the chat opens the history gets one entry with the same address and the page's own state, and as it is closed otherwise
 * than by Back that entry is gone back from. For a router of the page's both are steps to where it is already; once the
 * page has gone somewhere itself, its history is left alone.
 */
export function tieHistory(element: ChatWidgetElement): Tie {
  /** The entry that was added for the chat. */
  let entry: Entry | undefined;
  /** Whether the page stands at it. */
  let isAt = false;
  const isOn = (): boolean => entry !== undefined && idOf(history.state) === entry.id;
  const isUntouched = (): boolean => entry?.href === location.href && entry.length === history.length;
  const popped = (event: PopStateEvent): void => {
    const wasAt = isAt;
    isAt = isOn();
    if (!isUntouched() || wasAt === isAt) return;
    // Nothing of the page changes. What listens before us hears of it all the same.
    event.stopImmediatePropagation();
    element.open = isAt;
  };
  addEventListener('popstate', popped, { capture: true });
  return {
    opened() {
      if (isOn()) return;
      entry = addEntry() ?? entry;
      isAt = isOn();
    },
    closed() {
      // By Back it is gone already.
      if (isOn() && isUntouched()) history.back();
    },
    end: () => removeEventListener('popstate', popped, { capture: true }),
  };
}

let entries = 0;

/**
 * Undefined where there can be none: a state that nothing can be put beside, a frame without a history. Turbo takes each step
 * back for a visit and puts another body in the place of the page's.
 */
function addEntry(): Entry | undefined {
  const state: unknown = history.state;
  if (state !== null && (typeof state !== 'object' || Array.isArray(state) || 'turbo' in state)) return undefined;
  const id = `${Date.now()}-${(entries += 1)}`;
  const next = { ...state, [key]: id };
  try {
    // After a reload of the page our entry may still be there.
    if (idOf(state) === undefined) history.pushState(next, '');
    else history.replaceState(next, '');
    return { id, href: location.href, length: history.length };
  } catch {
    return undefined;
  }
}

function idOf(state: unknown): string | undefined {
  if (typeof state !== 'object' || state === null) return undefined;
  const { [key]: id } = state as { readonly [name: string]: unknown };
  return typeof id === 'string' ? id : undefined;
}
