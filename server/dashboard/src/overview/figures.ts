import { formatCalendarDay, formatNumber, formatShare } from '../elements/index.ts';
import { type Day, refusedOf, type Summary, type Times } from './overview.ts';

/** One number of each day, and how it is read. */
export type Figure = {
  readonly id: string;
  readonly title: string;
  /** What is counted, in a sentence. */
  readonly about: string;
  readonly unit: 'count' | 'share' | 'time';
  /** Undefined where there was nothing to measure. */
  readonly value: (summary: Summary) => number | undefined;
  /** A second line: what 19 of 20 stay below. */
  readonly upper?: { readonly label: string; readonly value: (summary: Summary) => number | undefined };
  /** What the table has beside the number. */
  readonly more?: readonly { readonly label: string; readonly text: (summary: Summary) => string }[];
};

const share = (part: number, whole: number): number | undefined => (whole === 0 ? undefined : part / whole);

const timeFigure = (time: (summary: Summary) => Times) =>
  ({
    unit: 'time',
    value: (summary: Summary) => time(summary)?.medianMs,
    upper: { label: '95th percentile', value: (summary: Summary) => time(summary)?.p95Ms },
    more: [{ label: 'Measured', text: (summary: Summary) => formatNumber(time(summary)?.count ?? 0) }],
  }) as const;

export const figures: readonly Figure[] = [
  {
    id: 'messages',
    title: 'Messages',
    about: 'Sent by visitors.',
    unit: 'count',
    value: ({ messages }) => messages,
  },
  {
    id: 'conversations',
    title: 'Conversations',
    about: 'Begun.',
    unit: 'count',
    value: ({ conversations }) => conversations,
  },
  {
    id: 'verified',
    title: 'Verified visitors',
    about: 'Of the conversations begun, those of people whom your site has signed in.',
    unit: 'share',
    value: ({ verified, conversations }) => share(verified, conversations),
    more: [{ label: 'Conversations', text: ({ verified }) => formatNumber(verified) }],
  },
  {
    id: 'alone',
    title: 'Resolved without a person',
    about: 'Of the conversations begun, those that nobody asked a person into, and no person took over.',
    unit: 'share',
    value: ({ withoutHuman, conversations }) => share(withoutHuman, conversations),
    more: [{ label: 'Conversations', text: ({ withoutHuman }) => formatNumber(withoutHuman) }],
  },
  {
    id: 'feedback',
    title: 'Rated as helpful',
    about: 'Of the answers that visitors rated, by the day of the answer.',
    unit: 'share',
    value: ({ feedback }) => share(feedback.up, feedback.up + feedback.down),
    more: [
      { label: 'Helpful', text: ({ feedback }) => formatNumber(feedback.up) },
      { label: 'Not helpful', text: ({ feedback }) => formatNumber(feedback.down) },
    ],
  },
  {
    id: 'refused',
    title: 'Refused tokens',
    about: 'Requests whose token did not hold. The security page of an agent says what to do about each reason.',
    unit: 'count',
    value: refusedOf,
    more: [{ label: 'Reasons', text: reasonsOf }],
  },
  {
    id: 'reply-time',
    title: 'Time to the end of an answer',
    about: 'From the question to the last word of the agent.',
    ...timeFigure(({ replyTime }) => replyTime),
  },
  {
    id: 'human-time',
    title: 'Time to a person’s first words',
    about: 'From the moment a person was asked for, by the day on which the conversation began.',
    ...timeFigure(({ humanTime }) => humanTime),
  },
];

function reasonsOf({ refused }: Summary): string {
  const reasons = Object.entries(refused).toSorted(([, one], [, two]) => two - one);
  return reasons.map(([reason, count]) => `${reason}: ${formatNumber(count)}`).join(', ') || '–';
}

/** A number of a figure, as it is read; a dash where there is none. */
export function formatFigure({ unit }: Pick<Figure, 'unit'>, value: number | undefined): string {
  if (value === undefined) return '–';
  return unit === 'count' ? formatNumber(value) : unit === 'share' ? formatShare(value) : formatDuration(value);
}

const steps = [
  { unit: 'millisecond', ms: 1, below: 950 },
  { unit: 'second', ms: 1_000, below: 90_000 },
  { unit: 'minute', ms: 60_000, below: 90 * 60_000 },
  { unit: 'hour', ms: 3_600_000, below: 48 * 3_600_000 },
  { unit: 'day', ms: 86_400_000, below: Number.POSITIVE_INFINITY },
] as const;

function formatDuration(durationMs: number): string {
  const { unit, ms } = steps.find(({ below }) => durationMs < below) ?? steps[1];
  const value = durationMs / ms;
  const maximumFractionDigits = value < 10 && unit !== 'millisecond' ? 1 : 0;
  return new Intl.NumberFormat('en', { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits }).format(
    value,
  );
}

/** How a number compares with the time before, in words. */
export function changeOf(figure: Figure, total: Summary, before: Summary): string {
  const [now, then] = [figure.value(total), figure.value(before)];
  if (then === undefined || (then === 0 && figure.unit !== 'share')) return now ? 'nothing to compare with before' : '';
  if (now === undefined) return '';
  const difference = figure.unit === 'share' ? now - then : now / then - 1;
  const points = Math.round(difference * 100);
  if (points === 0) return 'as before';
  const size = formatNumber(Math.abs(points));
  return `${points > 0 ? '▲ up' : '▼ down'} ${size}${figure.unit === 'share' ? ' points' : ' %'}`;
}

/** The chart in a sentence, for those who do not see it. */
export function sentenceOf(figure: Figure, days: readonly Day[]): string {
  const measured = days.flatMap((day) => {
    const value = figure.value(day);
    return value === undefined ? [] : [{ day: day.day, value }];
  });
  const [first] = measured;
  if (first === undefined) return `${figure.title}: nothing was measured.`;
  const most = measured.reduce((best, each) => (each.value > best.value ? each : best), first);
  const least = measured.reduce((best, each) => (each.value < best.value ? each : best), first);
  const say = ({ day, value }: typeof first): string => `${formatFigure(figure, value)} on ${formatDate(day)}`;
  return most.value === least.value
    ? `${figure.title} by day: always ${formatFigure(figure, most.value)}.`
    : `${figure.title} by day: between ${say(least)} and ${say(most)}.`;
}

/** `2026-11-20` as `20 Nov`, in the order that all dates of the pages have. */
export const formatDate = (day: string): string => formatCalendarDay(day);
