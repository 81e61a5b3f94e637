import { css } from './adopt-styles.ts';

/** The frame around the pages: a bar at the side, above them where there is no room beside. */
export const shell = css`
  cw-dashboard {
    display: block;
  }
  .skip {
    position: fixed;
    z-index: 20;
    inset: 8px auto auto 8px;
    padding: 8px 14px;
    border-radius: 8px;
    background: var(--_accent);
    color: var(--_on-accent);
    font-weight: 550;
  }
  .skip:not(:focus) {
    clip-path: inset(50%);
    inline-size: 1px;
    block-size: 1px;
    padding: 0;
    overflow: hidden;
  }
  .shell {
    display: grid;
    grid-template-columns: var(--_sidebar) minmax(0, 1fr);
    min-block-size: 100dvh;
  }
  .bar {
    position: sticky;
    inset-block-start: 0;
    z-index: 10;
    display: flex;
    flex-direction: column;
    block-size: 100dvh;
    padding: 16px 12px 12px;
    border-inline-end: 1px solid var(--_border);
    background: var(--_surface);
  }
  .brand {
    display: flex;
    align-items: center;
    gap: 10px;
    padding: 2px 8px 16px;
    color: var(--_text);
    font-weight: 650;
    letter-spacing: -0.01em;
    text-decoration: none;
  }
  .mark {
    flex: none;
    display: grid;
    place-items: center;
    inline-size: 28px;
    block-size: 28px;
    border-radius: 9px 9px 9px 3px;
    background: var(--_accent);
    color: var(--_on-accent);
  }
  .bar-body {
    display: flex;
    flex: 1;
    flex-direction: column;
    gap: 12px;
    min-block-size: 0;
  }
  .bar nav {
    flex: 1;
    overflow-y: auto;
    margin: 0 -4px;
    padding: 4px;
  }
  .bar nav ul {
    display: grid;
    gap: 2px;
  }
  .bar nav a {
    display: flex;
    align-items: center;
    gap: 10px;
    min-block-size: 36px;
    padding: 6px 10px;
    border-radius: 8px;
    color: var(--_muted);
    font-weight: 520;
    text-decoration: none;
  }
  .bar nav a:hover {
    background: var(--_sunken);
    color: var(--_text);
  }
  .bar nav a[aria-current] {
    background: var(--_tint);
    color: var(--_accent-text);
    font-weight: 600;
  }
  .who {
    position: relative;
    border-block-start: 1px solid var(--_border);
    padding-block-start: 8px;
  }
  .who > button {
    display: flex;
    align-items: center;
    gap: 10px;
    inline-size: 100%;
    min-block-size: 48px;
    padding: 6px 8px;
    border: 0;
    border-radius: 8px;
    background: none;
    text-align: start;
    cursor: pointer;
  }
  .who > button:hover {
    background: var(--_sunken);
  }
  .who .initial {
    flex: none;
    display: grid;
    place-items: center;
    inline-size: 30px;
    block-size: 30px;
    border-radius: 50%;
    background: var(--_tint);
    color: var(--_accent-text);
    font-weight: 600;
  }
  .who .name {
    flex: 1;
    min-inline-size: 0;
    line-height: 1.3;
  }
  .who .name > span {
    display: block;
  }
  .who .menu {
    position: absolute;
    inset: auto 0 calc(100% - 4px);
    display: grid;
    gap: 2px;
    padding: 8px;
    border-radius: 12px;
    background: var(--_surface);
    box-shadow: var(--_shadow);
  }
  .who .menu .item {
    display: flex;
    align-items: center;
    gap: 10px;
    min-block-size: 36px;
    padding: 6px 10px;
    border: 0;
    border-radius: 8px;
    background: none;
    color: var(--_text);
    text-align: start;
    text-decoration: none;
    cursor: pointer;
  }
  .who .menu .item:hover {
    background: var(--_sunken);
  }
  .who .menu fieldset {
    padding: 6px 2px 8px;
  }
  .who .menu .segments {
    display: flex;
  }
  .who .menu .segments label {
    flex: 1;
    text-align: center;
    padding-inline: 4px;
  }
  main {
    min-inline-size: 0;
    padding: 28px 36px 64px;
  }
  main:focus {
    outline: none;
  }
  main > * {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 24px;
    align-content: start;
    max-inline-size: 1120px;
    margin-inline: auto;
  }
  main > * > .stack {
    gap: 20px;
  }
  .page-header {
    display: flex;
    flex-wrap: wrap;
    align-items: start;
    justify-content: space-between;
    gap: 12px 24px;
  }
  .page-header > div:first-child {
    flex: 1 1 320px;
    min-inline-size: 0;
  }
  .page-header p {
    max-inline-size: 68ch;
    margin-block-start: 4px;
    color: var(--_muted);
  }
  .bar-toggle {
    display: none;
  }
  .plain {
    display: grid;
    grid-template-rows: auto 1fr;
    justify-items: center;
    min-block-size: 100dvh;
    padding: clamp(24px, 12dvh, 120px) 16px 32px;
  }
  .plain main {
    inline-size: min(400px, 100%);
    padding: 0;
  }
  @media (max-width: 719px) {
    .shell {
      grid-template-columns: minmax(0, 1fr);
      grid-template-rows: auto 1fr;
    }
    .bar {
      flex-flow: row wrap;
      align-items: center;
      justify-content: space-between;
      block-size: auto;
      max-block-size: 100dvh;
      padding: 8px 16px;
      border-inline-end: 0;
      border-block-end: 1px solid var(--_border);
    }
    .bar .brand {
      padding: 4px 0;
    }
    .bar-toggle {
      display: inline-flex;
    }
    .bar-body {
      flex: 1 0 100%;
      padding-block: 8px;
      max-block-size: calc(100dvh - 64px);
      overflow-y: auto;
    }
    .bar:not(.open) .bar-body {
      display: none;
    }
    .bar nav {
      flex: none;
      overflow: visible;
    }
    .bar nav a,
    .who .menu .item {
      min-block-size: 44px;
    }
    .who .menu {
      position: static;
      padding: 4px 0;
      box-shadow: none;
    }
    main {
      padding: 20px 16px 56px;
    }
    main > * {
      gap: 20px;
    }
  }
`;
