import { html, svg, type TemplateResult } from 'lit';
import { formatCount, formatDateTime, formatNumber, inlineStyle } from '../elements/index.ts';
import { css } from '../styles/index.ts';
import type { Refusals } from './types.ts';

export const chartStyles = css`
  .refusal-chart svg {
    display: block;
    inline-size: 100%;
    block-size: 132px;
  }
  .refusal-chart rect {
    fill: var(--_accent-text);
  }
  .refusal-chart line {
    stroke: var(--_border);
    vector-effect: non-scaling-stroke;
  }
  .refusal-chart figcaption {
    display: flex;
    justify-content: space-between;
    gap: 12px;
    padding-block-start: 4px;
    color: var(--_muted);
    font-size: 12.5px;
  }
  .share {
    display: block;
    block-size: 8px;
    min-inline-size: 2px;
    margin-block-start: 6px;
    border-radius: 4px;
    background: var(--_accent-text);
  }
  @media (forced-colors: active) {
    .refusal-chart rect {
      fill: CanvasText;
    }
    .share {
      background: CanvasText;
    }
  }
`;

type Piece = { readonly from: string; readonly count: number };

/** How many in each piece of the time, the oldest first. */
export function piecesOf({ from, bucketSeconds, reasons }: Refusals): readonly Piece[] {
  const start = Date.parse(from);
  const length = reasons[0]?.counts.length ?? 0;
  return Array.from({ length }, (_, at) => ({
    from: new Date(start + at * bucketSeconds * 1_000).toISOString(),
    count: reasons.reduce((sum, { counts }) => sum + (counts[at] ?? 0), 0),
  }));
}

const [width, height, gap] = [600, 120, 0.18];

/** Bars over time. What it shows stands in a table beside it; here the highest is said. */
export function overTime(refusals: Refusals): TemplateResult {
  const pieces = piecesOf(refusals);
  const highest = pieces.reduce((most, piece) => (piece.count > most.count ? piece : most));
  const step = width / pieces.length;
  const label = `${formatCount(refusals.total, 'refused token')}; most of them, ${formatNumber(highest.count)}, from ${formatDateTime(highest.from)} on`;
  return html`<figure class="refusal-chart">
    <svg viewBox=${`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label=${label}>
      <line x1="0" x2=${width} y1=${height} y2=${height} />
      ${pieces.map(({ from, count }, at) => {
        const size = count === 0 ? 0 : Math.max(2, (count / highest.count) * (height - 4));
        return svg`<rect x=${(at + gap / 2) * step} y=${height - size} width=${step * (1 - gap)} height=${size}><title>${`${formatDateTime(from)}: ${formatNumber(count)}`}</title></rect>`;
      })}
    </svg>
    <figcaption>
      <span>${formatDateTime(refusals.from)}</span><span>Most: ${formatNumber(highest.count)}</span
      ><span>${formatDateTime(refusals.to)}</span>
    </figcaption>
  </figure>`;
}

/** A bar as long as its share of the most frequent one. Its number stands beside it. */
export const shareBar = (count: number, most: number): TemplateResult =>
  html`<span class="share" ${inlineStyle({ 'inline-size': `${Math.round((count / most) * 100)}%` })}></span>`;
