/** How one language, and region, writes times and days. */
export type Times = {
  /** "14:05" */
  readonly time: (date: Date) => string;
  /** "Today", "Yesterday", or the day itself; with its year where that is another one than now. */
  readonly day: (date: Date, now: number, words: { readonly today: string; readonly yesterday: string }) => string;
  /** Several things in one line, as the language joins them. */
  readonly join: (...texts: readonly string[]) => string;
  readonly count: (count: number) => string;
};

/** @param locale BCP 47 */
export function createTimes(locale: string): Times {
  const clock = new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit' });
  const day = { weekday: 'long', day: 'numeric', month: 'long' } as const;
  const list = new Intl.ListFormat(locale, { type: 'unit' });
  const number = new Intl.NumberFormat(locale);
  return {
    time: (date) => clock.format(date),
    day(date, now, { today, yesterday }) {
      const present = new Date(now);
      if (isSameDay(date, present)) return today;
      // By the calendar: a day is not always 24 hours.
      if (isSameDay(date, new Date(present.getFullYear(), present.getMonth(), present.getDate() - 1))) return yesterday;
      const isThisYear = date.getFullYear() === present.getFullYear();
      return date.toLocaleDateString(locale, isThisYear ? day : { ...day, year: 'numeric' });
    },
    join: (...texts) => list.format(texts),
    count: (count) => number.format(count),
  };
}

/** In the visitor's own time zone. */
export function isSameDay(one: Date, other: Date): boolean {
  return one.toDateString() === other.toDateString();
}

/** "2026-03-01", in the visitor's own time zone, for `<time>`. */
export function dayCode(date: Date): string {
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => `${part}`.padStart(2, '0')).join('-');
}
