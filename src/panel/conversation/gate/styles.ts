import { css } from '../../styles/css.ts';

/** What is asked for before the first message. */
export const gate = css`
  .gate {
    display: flex;
    flex-direction: column;
    gap: calc(var(--_unit) * 3);
    flex: none;
    inline-size: 100%;
    max-inline-size: 744px;
    max-block-size: 75%;
    margin-inline: auto;
    padding: calc(var(--_unit) * 4);
    padding-block-end: max(calc(var(--_unit) * 4), env(safe-area-inset-bottom));
    border-block-start: 1px solid var(--_border);
    overflow-y: auto;
    overscroll-behavior: contain;
  }
  .gate h3 {
    display: flex;
    align-items: center;
    gap: 10px;
    font-weight: 650;
    line-height: 1.3;
  }
  .gate .lock {
    flex: none;
    inline-size: 34px;
    block-size: 34px;
    background: var(--_tint);
  }
  .gate-text {
    color: var(--_muted);
    font-size: 0.93em;
    white-space: pre-line;
  }
  div.gate-text {
    display: grid;
    justify-items: start;
    gap: 2px;
    min-block-size: 3em;
    overflow-y: auto;
    white-space: normal;
    border-radius: 4px;
  }
  div.gate-text p {
    white-space: pre-line;
  }
  .gate-text a {
    padding-block: 3px;
  }
  .gate-field {
    display: grid;
    gap: 4px;
  }
  .gate label {
    font-size: 0.93em;
    font-weight: 550;
  }
  .gate label span {
    color: var(--_muted);
    font-weight: 400;
  }
  .gate-problem {
    color: var(--_danger);
    font-size: 0.87em;
  }
  .gate > button {
    flex: none;
    min-block-size: 44px;
  }
`;
