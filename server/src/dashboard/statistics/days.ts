const dayMs = 24 * 60 * 60 * 1_000;
/** No place on earth is further from UTC. */
const maxOffsetMs = 15 * 60 * 60 * 1_000;

export type Days = {
  /** The last ones, today included, and as many before them, as `2026-11-20`; the oldest first. */
  readonly current: readonly string[];
  readonly before: readonly string[];
  /** No hour of theirs begins earlier. */
  readonly from: number;
  /** The day in which a time falls there. */
  readonly dayOf: (time: number) => string;
};

/** Whether Intl knows a time zone by this name: `Europe/Berlin`. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** The days up to now in a time zone. */
export function lastDays(count: number, timeZone: string, now: number): Days {
  // ISO 8601 is how this locale writes a day.
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  const known = new Map<number, string>();
  const dayOf = (time: number): string => {
    const day = known.get(time) ?? format.format(time);
    known.set(time, day);
    return day;
  };
  const today = Date.parse(`${dayOf(now)}T00:00:00Z`);
  const days = Array.from({ length: 2 * count }, (_, index) =>
    new Date(today - (2 * count - 1 - index) * dayMs).toISOString().slice(0, 10),
  );
  const from = today - (2 * count - 1) * dayMs - maxOffsetMs;
  return { current: days.slice(count), before: days.slice(0, count), from, dayOf };
}
