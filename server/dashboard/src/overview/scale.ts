import type { Figure } from './figures.ts';

const decimal = [1, 2, 2.5, 3, 4, 5, 6, 8, 10] as const;
/** Of seconds, minutes and hours: twice each is read as easily, in the next unit where it is long enough for that. */
const ofTime = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10, 12, 15, 20, 24, 30, 40, 45, 60] as const;

const [secondMs, minuteMs, hourMs, dayMs] = [1_000, 60_000, 3_600_000, 86_400_000] as const;

/** Where the lines of a chart are, from nothing to the top: evenly apart, at numbers that are read at a glance. */
export function scaleOf(unit: Figure['unit'], values: readonly (number | undefined)[]): readonly number[] {
  if (unit === 'share') return [0, 0.5, 1];
  const half = Math.max(1, ...values.map((value) => value ?? 0)) / 2;
  const step = unit === 'time' ? roundTime(half) : roundUp(half);
  return [0, step, 2 * step];
}

/** To a whole number. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const round = decimal.map((factor) => factor * power);
  return round.find((each) => each >= value && Number.isInteger(each)) ?? Math.ceil(value);
}

function roundTime(ms: number): number {
  if (ms > dayMs) return roundUp(ms / dayMs) * dayMs;
  const unitMs = [hourMs, minuteMs, secondMs].find((each) => ms > each);
  if (unitMs === undefined) return roundUp(ms);
  return unitMs * (ofTime.find((each) => each * unitMs >= ms) ?? ms / unitMs);
}
