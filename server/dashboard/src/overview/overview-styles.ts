import { css } from '../styles/index.ts';

export const overviewStyles = css`
  .figures {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 420px), 1fr));
    gap: 16px;
  }
  .figure .total {
    font-size: 26px;
    font-weight: 650;
    line-height: 1.2;
    letter-spacing: -0.015em;
    font-variant-numeric: tabular-nums;
  }
  .figure details > summary {
    inline-size: fit-content;
    padding-block: 4px;
    color: var(--_accent-text);
    cursor: pointer;
  }
  .figure details > .table-box {
    max-block-size: 320px;
    margin-block-start: 8px;
    overflow: auto;
  }
  .chart {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: 4px 8px;
  }
  .chart-axis,
  .chart-days {
    display: flex;
    justify-content: space-between;
    color: var(--_muted);
    font-size: 12px;
    line-height: 1;
    font-variant-numeric: tabular-nums;
  }
  .chart-axis {
    flex-direction: column;
    align-items: end;
    min-inline-size: 44px;
  }
  .chart-days,
  .chart-legend {
    grid-column: 2;
  }
  .chart > svg {
    inline-size: 100%;
    block-size: 120px;
    overflow: visible;
  }
  .chart rect {
    fill: var(--_accent-text);
  }
  .chart :is(path, line) {
    fill: none;
    vector-effect: non-scaling-stroke;
    stroke-linecap: round;
  }
  .chart .value {
    stroke: var(--_accent-text);
    stroke-width: 2.5px;
  }
  .chart .upper {
    stroke: var(--_muted);
    stroke-width: 1.5px;
    stroke-dasharray: 2 4;
  }
  .chart .dot {
    stroke-width: 9px;
    stroke-dasharray: none;
  }
  .chart .grid {
    stroke: var(--_border);
    stroke-width: 1px;
  }
  .chart-legend,
  .chart-legend span {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px 16px;
  }
  .chart-legend span {
    gap: 6px;
  }
  .chart-legend svg {
    inline-size: 24px;
    block-size: 8px;
  }
  .chart-none {
    padding-block: 12px;
  }
  @media (max-width: 599px) {
    .figure .table td.number {
      text-align: start;
    }
  }
  .steps {
    display: grid;
    gap: 12px;
    counter-reset: step;
  }
  @media (forced-colors: active) {
    .chart rect {
      fill: CanvasText;
    }
    .chart .value,
    .chart .upper {
      stroke: CanvasText;
    }
  }
`;
