import { Interpolation } from 'chartist';
import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import { type Figure, formatDate, formatFigure, sentenceOf } from './figures.ts';
import type { Day } from './overview.ts';
import { scaleOf } from './scale.ts';

/** The drawing is stretched to its card; lines keep their width. */
const size = { width: 600, height: 120 } as const;

/**
 * A figure by day: bars for counts, lines for what may be missing. Chartist says how lines run. Its charts write
 * `style` attributes, which the policy refuses: the elements are drawn here.
 */
export function chart(figure: Figure, days: readonly Day[]): TemplateResult {
  const values = days.map((day) => figure.value(day));
  if (values.every((value) => value === undefined)) return nothingMeasured;
  const upper = figure.upper === undefined ? [] : days.map((day) => figure.upper?.value(day));
  const steps = scaleOf(figure.unit, [...values, ...upper]);
  const max = steps.at(-1) ?? 1;
  const y = (value: number): number => size.height - (value / max) * size.height;
  const drawn = figure.unit === 'count' ? bars(values, y) : svg`${line(upper, y, 'upper')}${line(values, y, 'value')}`;
  return html`<div class="chart">
    <div class="chart-axis" aria-hidden="true">
      ${steps.toReversed().map((step) => html`<span>${step === 0 ? '0' : formatFigure(figure, step)}</span>`)}
    </div>
    <svg
      role="img"
      aria-label=${sentenceOf(figure, days)}
      viewBox=${`0 0 ${size.width} ${size.height}`}
      preserveAspectRatio="none"
    >
      ${steps.map((step) => svg`<line class="grid" x1="0" x2=${size.width} y1=${y(step)} y2=${y(step)} />`)} ${drawn}
    </svg>
    <div class="chart-days" aria-hidden="true">
      <span>${formatDate(days[0]?.day ?? '')}</span><span>${formatDate(days.at(-1)?.day ?? '')}</span>
    </div>
    ${figure.upper === undefined ? nothing : legend(figure.upper.label)}
  </div>`;
}

const nothingMeasured = html`<p class="chart-none muted small">Nothing was measured in this time.</p>`;

const legend = (upper: string): TemplateResult =>
  html`<p class="chart-legend muted small" aria-hidden="true">
    <span
      ><svg viewBox="0 0 24 8"><line class="value" x1="1" x2="23" y1="4" y2="4" /></svg>Median</span
    >
    <span
      ><svg viewBox="0 0 24 8"><line class="upper" x1="1" x2="23" y1="4" y2="4" /></svg>${upper}</span
    >
  </p>`;

type Project = (value: number) => number;

function bars(values: readonly (number | undefined)[], y: Project): readonly SVGTemplateResult[] {
  const width = size.width / values.length;
  return values.map((value = 0, index) => {
    const top = y(value);
    return svg`<rect x=${(index + 0.15) * width} y=${top} width=${width * 0.7} height=${size.height - top} />`;
  });
}

/** With gaps where nothing was measured; a day between two gaps is a dot. */
function line(values: readonly (number | undefined)[], y: Project, name: string): SVGTemplateResult {
  const width = size.width / values.length;
  const coordinates = values.flatMap((value, index) => [(index + 0.5) * width, y(value ?? 0)]);
  const data = values.map((value) => ({ value: value === undefined ? undefined : { y: value } }));
  const path = Interpolation.monotoneCubic()(coordinates, data as never);
  const isAlone = (index: number): boolean => values[index - 1] === undefined && values[index + 1] === undefined;
  const dots = values.map((value, index) =>
    value !== undefined && isAlone(index)
      ? svg`<path class=${`${name} dot`} d=${`M${(index + 0.5) * width} ${y(value)}h0.01`} />`
      : nothing,
  );
  return svg`<path class=${name} d=${path.stringify()} />${dots}`;
}
