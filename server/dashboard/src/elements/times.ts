import { html, type TemplateResult } from 'lit';

/** The pages are in English; how their dates are written is as the reader's English writes them. */
const locale = navigator.languages.find((language) => language.startsWith('en-')) ?? 'en-GB';
const dateTime = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
const exact = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'long' });
const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' });
const calendarDay = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' });
const clock = new Intl.DateTimeFormat(locale, { timeStyle: 'short' });
const dayAndClock = new Intl.DateTimeFormat(locale, {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});
const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'long' });

const steps: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

const maxRelativeSeconds = 7 * 86_400;

/** `3 Nov 2026, 14:05`, in the reader's time zone. */
export const formatDateTime = (iso: string): string => format(dateTime, iso);
/** `3 Nov 2026`. */
export const formatDay = (iso: string): string => format(day, iso);

/** `5 minutes ago`; what is a week away or more is a day. */
export function formatRelative(iso: string, now: number = Date.now()): string {
  const seconds = Math.round((Date.parse(iso) - now) / 1000);
  if (Number.isNaN(seconds)) return '';
  if (Math.abs(seconds) >= maxRelativeSeconds) return formatDay(iso);
  const [unit, length] = steps.find(([, size]) => Math.abs(seconds) >= size) ?? [];
  return unit === undefined || length === undefined ? 'just now' : relative.format(Math.round(seconds / length), unit);
}

/** A time as `5 minutes ago` with the exact one behind it; a dash where there is none. */
export const timeAgo = (iso: string | null | undefined): TemplateResult => timeElement(iso, formatRelative);

/** A time as `3 Nov 2026, 14:05`. */
export const timeAt = (iso: string | null | undefined): TemplateResult => timeElement(iso, formatDateTime);

/** A time as `14:05` where that is today, else with its day: where many stand below each other. */
export const timeShort = (iso: string | null | undefined): TemplateResult => timeElement(iso, formatShort);

const formatShort = (iso: string): string =>
  formatDay(iso) === formatDay(new Date().toISOString()) ? format(clock, iso) : format(dayAndClock, iso);

const timeElement = (iso: string | null | undefined, text: (iso: string) => string): TemplateResult =>
  iso
    ? html`<time datetime=${iso} title=${format(exact, iso)}>${text(iso)}</time>`
    : html`<span class="muted">–</span>`;

function format(formatter: Intl.DateTimeFormat, iso: string): string {
  const time = new Date(iso);
  return Number.isNaN(time.valueOf()) ? '' : formatter.format(time);
}

/** A day of a calendar, `2026-11-20`, whatever the time zone. */
export const formatCalendarDay = (date: string): string => format(calendarDay, `${date}T00:00:00Z`);
