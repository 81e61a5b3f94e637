import { css } from './adopt-styles.ts';

/** Type, links and what is hidden. */
export const base = css`
  *,
  ::before,
  ::after {
    box-sizing: border-box;
  }
  body {
    display: block;
    margin: 0;
    min-block-size: 100dvh;
    overflow-wrap: break-word;
  }
  [hidden] {
    display: none !important;
  }
  h1,
  h2,
  h3,
  p,
  ul,
  ol,
  dl,
  dd,
  figure,
  fieldset {
    margin: 0;
    padding: 0;
    border: 0;
    min-inline-size: 0;
  }
  ul,
  ol {
    list-style: none;
  }
  h1,
  h2,
  h3,
  legend,
  strong,
  th {
    font-weight: 620;
    text-wrap: balance;
  }
  h1 {
    font-size: 22px;
    line-height: 1.3;
    letter-spacing: -0.012em;
  }
  h2 {
    font-size: 16px;
    line-height: 1.4;
    letter-spacing: -0.005em;
  }
  h3,
  legend {
    font-size: 14px;
    line-height: 1.45;
  }
  h1:focus {
    outline: none;
  }
  a {
    color: var(--_accent-text);
    text-underline-offset: 0.18em;
    text-decoration-thickness: 1px;
  }
  code,
  pre,
  .mono {
    font-family: var(--_mono);
    font-size: 0.93em;
  }
  pre {
    margin: 0;
    padding: 12px 14px;
    overflow: auto;
    border-radius: 8px;
    background: var(--_sunken);
    tab-size: 2;
  }
  svg.icon {
    flex: none;
    inline-size: 18px;
    block-size: 18px;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.75;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  :focus-visible {
    outline: 2px solid var(--_accent-text);
    outline-offset: 2px;
  }
  ::selection {
    background: var(--_tint);
  }
  .muted {
    color: var(--_muted);
  }
  .small {
    font-size: 12.5px;
    line-height: 1.45;
  }
  .number {
    font-variant-numeric: tabular-nums;
    text-align: end;
  }
  .visually-hidden {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .ellipsis {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .stack {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--_space);
    align-content: start;
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 12px;
  }
  .spread {
    justify-content: space-between;
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    ::before,
    ::after {
      animation-duration: 0s !important;
      transition-duration: 0s !important;
    }
  }
`;
