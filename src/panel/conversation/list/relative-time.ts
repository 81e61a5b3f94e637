const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

export type RelativeTime = {
  /** "5 min. ago", "yesterday", or the day where that is a week and more ago. */
  readonly short: string;
  /** Day and time, whole. */
  readonly long: string;
};

/** How a language says when something was. Undefined for what is no time. */
export function relativeTime(time: string, now: number, locale: string): RelativeTime | undefined {
  const date = new Date(time);
  const at = date.getTime();
  if (Number.isNaN(at)) return undefined;
  const long = date.toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'short' });
  // Another computer's clock may be ahead of this one's.
  const agoMs = Math.max(0, now - at);
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' });
  const days = Math.round((startOfDay(now) - startOfDay(at)) / dayMs);
  if (agoMs < minuteMs) return { long, short: relative.format(0, 'second') };
  if (agoMs < hourMs) return { long, short: relative.format(-Math.floor(agoMs / minuteMs), 'minute') };
  if (days < 1) return { long, short: relative.format(-Math.floor(agoMs / hourMs), 'hour') };
  if (days < 7) return { long, short: relative.format(-days, 'day') };
  const isThisYear = date.getFullYear() === new Date(now).getFullYear();
  const day = { day: 'numeric', month: 'short' } as const;
  return { long, short: date.toLocaleDateString(locale, isThisYear ? day : { ...day, year: 'numeric' }) };
}

/** By the visitor's own calendar. */
function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}
