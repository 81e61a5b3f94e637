import type { Database } from './backend.ts';
import { decodeCursor, encodeCursor, type Place } from './cursor.ts';
import {
  countUnread,
  hasOtherConditions,
  leadCondition,
  otherConditions,
  timeConditions,
  toInbox,
} from './inbox-query.ts';
import type { InboxConversation, InboxFilter, InboxPage } from './inbox-stores.ts';
import type { Page } from './store.ts';
import { escapeKey, unescapeKey } from './text.ts';

/** So many conversations are looked at in one step, and so many in one call: a filter may fit none of a million. */
const lookedAtOnce = 2_000;
const maxLooked = 20_000;

/** Conversations that a filter without words fits, the last active first. */
export async function listInbox(database: Database, filter: InboxFilter, page: Page) {
  let place = page.before === undefined ? undefined : decodeCursor(page.before);
  const rows: InboxConversation[] = [];
  for (let looked = 0; looked < maxLooked; looked += lookedAtOnce) {
    const wanted = page.limit + 1 - rows.length;
    const size = hasOtherConditions(filter) ? lookedAtOnce : wanted;
    rows.push(...(await rowsOfStep(database, { filter, place, wanted, size })));
    if (rows.length > page.limit) return cut(rows, page.limit);
    place = await endOfStep(database, { filter, place, size });
    if (place === undefined) return { rows, nextBefore: null };
    // What SQLite does is done in this thread: others get their turn.
    await new Promise(setImmediate);
  }
  return { rows, nextBefore: place === undefined ? null : encodeCursor(place) };
}

type Step = { readonly filter: InboxFilter; readonly place: Place | undefined; readonly size: number };

async function rowsOfStep(
  database: Database,
  step: Step & { readonly wanted: number },
): Promise<readonly InboxConversation[]> {
  const { filter, wanted, size } = step;
  // A table of its own with a limit: no other condition makes the database read on behind it, or read something else instead.
  const looked = stepOf(database, step).selectAll('conversations').limit(size).as('conversations');
  const rows = await database
    .selectFrom(looked)
    .where((expression) => expression.and(otherConditions(expression, filter)))
    .selectAll('conversations')
    .select((expression) => countUnread(expression).as('unread_count'))
    .orderBy('conversations.updated_at', 'desc')
    .orderBy('conversations.id', 'desc')
    .limit(wanted)
    .execute();
  return rows.map(toInbox);
}

function stepOf(database: Database, { filter, place }: Step) {
  const query = database
    .selectFrom('conversations')
    .where((expression) => leadCondition(expression, filter))
    .where((expression) => expression.and(timeConditions(expression, filter)))
    .orderBy('conversations.updated_at', 'desc')
    .orderBy('conversations.id', 'desc');
  if (place === undefined) return query;
  const { at, id } = place;
  return query
    .where('conversations.updated_at', '<=', at)
    .where(({ eb, or }) => or([eb('conversations.updated_at', '<', at), eb('conversations.id', '<', escapeKey(id))]));
}

/** Where the next step begins; undefined at the end. */
async function endOfStep(database: Database, step: Step): Promise<Place | undefined> {
  const last = await stepOf(database, step)
    .select(['conversations.updated_at', 'conversations.id'])
    .offset(step.size - 1)
    .limit(1)
    .executeTakeFirst();
  return last === undefined ? undefined : { at: last.updated_at, id: unescapeKey(last.id) };
}

function cut(rows: readonly InboxConversation[], limit: number): InboxPage<InboxConversation> {
  const kept = rows.slice(0, limit);
  const last = kept.at(-1);
  return {
    rows: kept,
    nextBefore: last === undefined ? null : encodeCursor({ at: last.updatedAt, id: last.id }),
  };
}
