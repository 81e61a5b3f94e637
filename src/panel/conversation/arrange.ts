import type { ViewMessage } from '../../client/index.ts';
import { authorOf, isSameAuthor } from './author.ts';
import { dateOf } from './date-of.ts';
import { isSameDay } from './times.ts';

/** After such a silence somebody begins again. */
const pauseMs = 5 * 60_000;

/** Where a message stands among the others. */
export type Place = {
  /** When it was written; undefined where that is not known. */
  readonly date: Date | undefined;
  /** Whether another day begins with it. */
  readonly beginsDay: boolean;
  /** Whether what nobody has seen yet begins with it. */
  readonly beginsUnread: boolean;
  /** Of messages by one author, one soon after the other. */
  readonly isFirst: boolean;
  readonly isLast: boolean;
};

/**
 * Days are told apart unless all is of today.
 *
 * @param unreadId of the first message that nobody has seen
 */
export function arrange(messages: readonly ViewMessage[], now: number, unreadId?: string): readonly Place[] {
  const dates = messages.map(dateOf);
  const today = new Date(now);
  const isAllOfToday = dates.every((date) => date === undefined || isSameDay(date, today));
  const begins = messages.map((message, index) => {
    const date = dates[index];
    const earlier = dates.slice(0, index).findLast((other) => other !== undefined);
    const beginsDay = !isAllOfToday && date !== undefined && (earlier === undefined || !isSameDay(earlier, date));
    const beginsUnread = message.id === unreadId;
    return { date, beginsDay, beginsUnread, isFirst: beginsDay || beginsUnread || !follows(messages, dates, index) };
  });
  return begins.map((place, index) => ({ ...place, isLast: begins[index + 1]?.isFirst ?? true }));
}

function follows(messages: readonly ViewMessage[], dates: readonly (Date | undefined)[], index: number): boolean {
  const [before, message] = [messages[index - 1], messages[index]];
  if (before === undefined || message === undefined) return false;
  if (!isSameAuthor(authorOf(before), authorOf(message)) || isLine(before) !== isLine(message)) return false;
  const [from, to] = [dates[index - 1], dates[index]];
  return from === undefined || to === undefined || to.getTime() - from.getTime() < pauseMs;
}

/** About who answers, by nobody. */
function isLine({ parts }: ViewMessage): boolean {
  return parts[0]?.type === 'data-handoff';
}
