import type { Query } from '../api/index.ts';

/** The filters of the inbox, as they stand in its address. */
export const filterNames = [
  'query',
  'agent',
  'verified',
  'status',
  'handoff',
  'assignee',
  'unread',
  'feedback',
  'from',
  'to',
] as const;

export const hasFilters = (query: URLSearchParams): boolean => filterNames.some((name) => query.get(name));

/** What the API is asked for. Days are those of the reader's time zone, the last one to its end. */
export function apiQuery(query: URLSearchParams): Query {
  const values = Object.fromEntries(filterNames.map((name) => [name, query.get(name)]));
  return { ...values, from: dayStart(query.get('from'), 0), to: dayStart(query.get('to'), 1) };
}

/** Days between which nothing can lie. */
export function backwards(query: URLSearchParams): string | undefined {
  const [from, to] = [query.get('from') ?? '', query.get('to') ?? ''];
  return from !== '' && to !== '' && from > to
    ? 'The first day is after the last one, so that nothing lies between them. Change one of the two.'
    : undefined;
}

/** Where a day of the reader's time zone begins, or one some days later. */
export function dayStart(day: string | null, daysLater: number): string | undefined {
  const [year, month, date] =
    /^(\d{4})-(\d{2})-(\d{2})$/
      .exec(day ?? '')
      ?.slice(1)
      .map(Number) ?? [];
  if (year === undefined || month === undefined || date === undefined) return undefined;
  const time = new Date(year, month - 1, date + daysLater);
  return Number.isNaN(time.valueOf()) ? undefined : time.toISOString();
}
