import { css } from '../../styles/css.ts';

/** What drops down from the header's menu button. */
export const menu = css`
  header {
    position: relative;
  }
  .menu {
    position: absolute;
    z-index: 2;
    inset-block-start: calc(100% - 6px);
    inset-inline-end: calc(var(--_unit) * 3);
    display: grid;
    min-inline-size: min(220px, 100%);
    max-inline-size: calc(100% - var(--_unit) * 6);
    padding: 6px;
    border: 1px solid var(--_border);
    border-radius: 14px;
    background: var(--_surface);
    box-shadow: 0 8px 28px #0f20182e;
  }
  .menu button {
    justify-content: flex-start;
    gap: 10px;
    min-block-size: 44px;
    padding: 6px 12px;
    border-color: transparent;
    border-radius: 9px;
    font-weight: 400;
    text-align: start;
  }
  .menu button:focus-visible {
    background: var(--_sunken);
    outline-offset: -2px;
  }
  .menu svg {
    color: var(--_muted);
  }
  .menu button > span:first-of-type {
    flex: 1;
  }
  .menu small {
    display: block;
    color: var(--_muted);
    font-size: 0.82em;
    line-height: 1.35;
  }
  .menu .check {
    display: grid;
  }
  .menu .check svg {
    color: var(--_accent-text);
    stroke-width: 2.5;
  }
  @media (prefers-reduced-motion: no-preference) {
    .menu {
      animation: appear 0.12s ease-out;
    }
  }
`;
