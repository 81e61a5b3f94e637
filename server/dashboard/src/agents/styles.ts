import { css } from '../styles/index.ts';

export const agentStyles = css`
  .agent-columns {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 24px;
    align-items: start;
  }
  .agent-columns .field {
    max-inline-size: none;
    justify-items: stretch;
  }
  .agent-columns .columns {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(150px, 1fr));
    gap: var(--_space);
  }
  .agent-preview {
    display: grid;
    gap: 8px;
  }
  @media (min-width: 1200px) {
    .agent-columns {
      grid-template-columns: minmax(0, 1fr) minmax(0, 500px);
    }
    .agent-preview {
      position: sticky;
      inset-block-start: 16px;
    }
  }
  /* What has the focus is not behind the bar. */
  .agent-columns :is(input, select, textarea, button, summary) {
    scroll-margin-block: 80px 104px;
  }
  .save-bar {
    position: sticky;
    z-index: 5;
    inset-block-end: 12px;
    padding: 12px 20px;
    box-shadow: var(--_shadow);
  }
  .save-bar {
    gap: 0;
  }
  .save-bar .form-failure {
    margin-block-end: 12px;
  }
  .origin {
    display: inline-block;
    color: var(--_accent-text);
  }
  .link {
    padding: 0;
    border: 0;
    background: none;
    color: inherit;
    text-decoration: underline;
    cursor: pointer;
  }
  .input.accent {
    flex: 1;
    inline-size: auto;
    min-inline-size: 0;
  }
  .swatch {
    inline-size: 44px;
    block-size: 38px;
    padding: 3px;
    border: 1px solid var(--_control);
    border-radius: 8px;
    background: var(--_surface);
    cursor: pointer;
  }
  .agent-columns summary {
    font-weight: 550;
    cursor: pointer;
  }
  .agent-columns details > .stack {
    padding-block-start: var(--_space);
  }
`;
