import type { FormValues } from './types.ts';

/** What a visitor has typed that is no message yet. It stays in the tab, as long as the visitor does. */
export type Notes = {
  readonly drafts: readonly Draft[];
  /** The answered form. */
  readonly form: FormValues | undefined;
};

type Draft = {
  /** Empty for a conversation that has not begun. */
  readonly conversationId: string;
  readonly text: string;
  /** Whom it was typed as (`Identity.who`). */
  readonly who: string | undefined;
};

/** Older drafts than these are dropped, so that the browser's storage cannot fill up. */
const maxDrafts = 20;

export const noNotes: Notes = { drafts: [], form: undefined };

export function draftOf({ drafts }: Notes, id: string, who: string | undefined): string {
  return drafts.find((draft) => draft.conversationId === id && isOf(draft, who))?.text ?? '';
}

export function withDraft(notes: Notes, conversationId: string, text: string, who: string | undefined): Notes {
  const others = notes.drafts.filter((draft) => draft.conversationId !== conversationId);
  return { ...notes, drafts: (text === '' ? others : [{ conversationId, text, who }, ...others]).slice(0, maxDrafts) };
}

/** An identity is proved: what another one typed goes, and what nobody typed is from now on theirs. */
export function notesFor({ drafts }: Notes, who: string | undefined): Notes {
  return { drafts: drafts.filter((draft) => isOf(draft, who)).map((draft) => ({ ...draft, who })), form: undefined };
}

function isOf(draft: Draft, who: string | undefined): boolean {
  return draft.who === undefined || draft.who === who;
}

/** Reads what an earlier page left in storage. What does not fit is dropped. */
export function decodeNotes(value: unknown): Notes {
  const { drafts, form } = (value ?? {}) as { readonly [field: string]: unknown };
  return {
    drafts: Array.isArray(drafts) ? drafts.filter(isDraft) : [],
    form: typeof form === 'object' && form !== null ? form : undefined,
  };
}

function isDraft(value: unknown): value is Draft {
  const { conversationId, text, who } = (value ?? {}) as { readonly [field: string]: unknown };
  const isOwner = who === undefined || typeof who === 'string';
  return typeof conversationId === 'string' && typeof text === 'string' && isOwner;
}
