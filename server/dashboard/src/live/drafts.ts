import type { ComposerMode } from './composer.ts';

export type Draft = { readonly mode: ComposerMode; readonly text: string };

const prefix = 'chat-dashboard-draft ';

/**
 * What somebody was writing, for this tab only: there again after a reload, and when they come back to the conversation.
 * `key` says whose it is and where. Without storage nothing is kept, and nothing fails.
 */
export function keepDraft(key: string, draft: Draft): void {
  try {
    if (draft.text.trim() === '') sessionStorage.removeItem(prefix + key);
    else sessionStorage.setItem(prefix + key, JSON.stringify(draft));
  } catch {
    // Storage may be refused or full: the text is on the screen all the same.
  }
}

export function draftOf(key: string): Draft | undefined {
  try {
    const { mode, text } = JSON.parse(sessionStorage.getItem(prefix + key) ?? 'null') as Record<string, unknown>;
    return typeof text === 'string' ? { mode: mode === 'note' ? 'note' : 'reply', text } : undefined;
  } catch {
    return undefined;
  }
}

/** Whoever signs in next at this tab reads none of it. */
export function forgetDrafts(): void {
  try {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith(prefix)) sessionStorage.removeItem(key);
  } catch {
    // Where storage is refused there is nothing in it.
  }
}
