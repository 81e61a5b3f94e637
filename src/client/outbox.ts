import type { Attachment } from '../protocol/index.ts';
import type { Failure } from './types.ts';

/** A message that the visitor has sent off and the server has not confirmed yet. */
export type OutboxEntry = {
  /** The message's id: its idempotency key on the server. */
  readonly id: string;
  readonly conversationId: string;
  readonly text: string;
  readonly attachments?: readonly Attachment[] | undefined;
  /** The visitor's last message, which this one takes the place of. */
  readonly replaces?: string | undefined;
  /** ISO 8601. */
  readonly createdAt: string;
  /** Whom it was typed as (`Identity.who`), undefined for anonymous. It never leaves under another's token. */
  readonly who: string | undefined;
  readonly state: 'queued' | 'sending' | 'failed';
  readonly failure?: Failure;
  /** Whether a refused token was already renewed once for it. */
  readonly renewed: boolean;
  /** Whether it was sent, to whatever end: the server may have it, in its conversation and no other. */
  readonly hasLeft?: true;
  /** Whether it had to leave its conversation already: once is enough. */
  readonly moved?: true;
};

export type Outbox = readonly OutboxEntry[];

/** What the visitor has made; the rest is what becomes of it. */
export type NewEntry = Pick<
  OutboxEntry,
  'id' | 'conversationId' | 'text' | 'attachments' | 'replaces' | 'createdAt' | 'who'
>;

export type OutboxEvent =
  | { readonly type: 'add'; readonly entry: NewEntry }
  | { readonly type: 'sending' | 'delivered' | 'discard' | 'retry'; readonly id: string }
  /** Back in the queue, to leave when a renewed token stands. */
  | { readonly type: 'renew'; readonly id: string }
  | { readonly type: 'fail'; readonly id: string; readonly failure: Failure }
  /** What was typed into one conversation belongs into another. */
  | { readonly type: 'move'; readonly from: string; readonly to: string }
  /** The conversation was not ours any more: its messages begin a new one. */
  | { readonly type: 'restart'; readonly from: string; readonly to: string }
  /** The same visitor has a fresh token: what a refused one held up goes on. */
  | { readonly type: 'identity-renewed' }
  /** Its request was cut off by an identity change; it leaves again under the same id. */
  | { readonly type: 'interrupted' }
  /** An identity stands: what another one typed (on an earlier page) goes, and what nobody typed is from now on theirs. */
  | { readonly type: 'keep'; readonly who: string | undefined }
  /** Nothing of anybody stays. */
  | { readonly type: 'clear' };

/** The one transition function of the outbox. Pure. */
export function nextOutbox(outbox: Outbox, event: OutboxEvent): Outbox {
  switch (event.type) {
    case 'add':
      return [...outbox, { ...event.entry, state: 'queued', renewed: false }];
    case 'delivered':
    case 'discard':
      return outbox.filter((entry) => entry.id !== event.id);
    case 'sending':
      return edit(outbox, event.id, (entry) => ({ ...entry, state: 'sending', hasLeft: true }));
    case 'retry':
      return edit(outbox, event.id, ({ moved: _, ...entry }) => ({
        ...withoutFailure(entry),
        state: 'queued',
        renewed: false,
      }));
    case 'renew':
      return edit(outbox, event.id, (entry) => ({ ...entry, state: 'queued', renewed: true }));
    case 'fail':
      return edit(outbox, event.id, (entry) => ({ ...entry, state: 'failed', failure: event.failure }));
    case 'move':
      return outbox.map((entry) =>
        entry.conversationId === event.from
          ? {
              ...entry,
              conversationId: event.to,
              state: entry.state === 'failed' ? 'failed' : 'queued',
              // What it was to replace is not there.
              replaces: undefined,
            }
          : entry,
      );
    case 'restart':
      return nextOutbox(outbox, { ...event, type: 'move' }).map((entry) =>
        entry.conversationId === event.to ? { ...entry, moved: true } : entry,
      );
    case 'identity-renewed':
      return outbox.map((entry) =>
        entry.failure?.code === 'invalid_token' ? { ...withoutFailure(entry), state: 'queued', renewed: false } : entry,
      );
    case 'interrupted':
      return outbox.map((entry) => (entry.state === 'sending' ? { ...entry, state: 'queued' } : entry));
    case 'keep':
      return outbox
        .filter((entry) => entry.who === undefined || entry.who === event.who)
        .map((entry) => ({ ...entry, who: event.who }));
    case 'clear':
      return [];
  }
}

/** The message of a conversation that may leave next, if any: one at a time, in order, only under whom it was typed as. */
export function nextToSend(outbox: Outbox, conversationId: string, who: string | undefined): OutboxEntry | undefined {
  const own = outbox.filter((entry) => entry.conversationId === conversationId);
  if (own.some((entry) => entry.state === 'sending')) return undefined;
  return own.find((entry) => entry.state === 'queued' && (entry.who === undefined || entry.who === who));
}

function edit(outbox: Outbox, id: string, change: (entry: OutboxEntry) => OutboxEntry): Outbox {
  return outbox.map((entry) => (entry.id === id ? change(entry) : entry));
}

function withoutFailure({ failure: _, ...entry }: OutboxEntry): OutboxEntry {
  return entry;
}

/** Reads what an earlier page left in storage. What does not fit is dropped. */
export function decodeOutbox(value: unknown): Outbox {
  return Array.isArray(value) ? value.flatMap(decodeEntry) : [];
}

function decodeEntry(value: unknown): OutboxEntry[] {
  const { id, conversationId, text, attachments, replaces, createdAt, who, hasLeft } = (value ?? {}) as {
    [field: string]: unknown;
  };
  const fits = [id, conversationId, text, createdAt].every((field) => typeof field === 'string');
  const mayFit = [who, replaces].every((field) => field === undefined || typeof field === 'string');
  if (!fits || !mayFit || (attachments !== undefined && !Array.isArray(attachments))) return [];
  const entry = { id, conversationId, text, attachments, replaces, createdAt, who } as NewEntry;
  return [{ ...entry, state: 'queued', renewed: false, ...(hasLeft === true ? { hasLeft } : {}) }];
}
