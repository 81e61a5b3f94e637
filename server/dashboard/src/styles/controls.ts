import { css } from './adopt-styles.ts';

/** Buttons and fields. */
export const controls = css`
  button,
  input,
  select,
  textarea {
    font: inherit;
    color: inherit;
  }
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 7px;
    min-block-size: 36px;
    padding: 6px 14px;
    border: 1px solid color-mix(in srgb, var(--_muted) 38%, var(--_surface));
    border-radius: 8px;
    background: var(--_surface);
    color: var(--_text);
    font-weight: 550;
    line-height: 1.4;
    text-decoration: none;
    cursor: pointer;
  }
  .button:hover {
    background: var(--_sunken);
  }
  .button.primary {
    border-color: transparent;
    background: var(--_accent);
    color: var(--_on-accent);
  }
  .button.primary:hover {
    background: var(--_accent-hover);
  }
  .button.danger {
    border-color: color-mix(in srgb, var(--_danger) 45%, var(--_surface));
    color: var(--_danger);
  }
  .button.danger:hover {
    background: var(--_danger-surface);
  }
  .button.danger.primary {
    border-color: transparent;
    background: light-dark(#9c2a1c, #ffb3a6);
    color: light-dark(#fff, #2a0d08);
  }
  .button.quiet {
    border-color: transparent;
    background: none;
    color: var(--_muted);
  }
  .button.quiet:hover {
    background: var(--_sunken);
    color: var(--_text);
  }
  .button.small {
    min-block-size: 30px;
    padding: 3px 10px;
    font-size: 13px;
  }
  .button.square {
    inline-size: 36px;
    padding: 0;
  }
  .button.wide {
    inline-size: 100%;
    min-block-size: 40px;
  }
  .button[aria-disabled='true'],
  .button:disabled {
    opacity: 0.6;
    cursor: default;
  }
  .field {
    display: grid;
    gap: 5px;
    justify-items: start;
    max-inline-size: 480px;
  }
  .field > label {
    font-weight: 550;
  }
  .field .hint {
    color: var(--_muted);
    font-size: 12.5px;
    line-height: 1.45;
  }
  .field .error,
  .form-failure {
    display: flex;
    gap: 6px;
    color: var(--_danger);
    font-size: 13px;
    line-height: 1.45;
  }
  .field .error span {
    white-space: pre-line;
    overflow-wrap: anywhere;
  }
  .field .error .icon {
    inline-size: 16px;
    block-size: 16px;
    margin-block-start: 1px;
  }
  .form-failure {
    padding: 10px 12px;
    border-radius: 8px;
    background: var(--_danger-surface);
  }
  /* It is there from the start, or what appears in it would not be read. */
  .stack > .form-alert:empty {
    position: absolute;
  }
  .input {
    inline-size: 100%;
    min-block-size: 38px;
    padding: 7px 11px;
    border: 1px solid var(--_control);
    border-radius: 8px;
    background: var(--_surface);
  }
  textarea.input {
    min-block-size: 84px;
    line-height: 1.5;
    resize: vertical;
  }
  select.input {
    padding-inline-end: 6px;
    text-overflow: ellipsis;
  }
  .input::placeholder {
    color: var(--_muted);
    opacity: 1;
  }
  .input:focus-visible {
    border-color: var(--_accent-text);
    outline: 1px solid var(--_accent-text);
    outline-offset: 0;
  }
  .input[aria-invalid='true'] {
    border-color: var(--_danger);
  }
  .input[aria-invalid='true']:focus-visible {
    outline-color: var(--_danger);
  }
  .input:disabled,
  .input:read-only:not(select) {
    background: var(--_sunken);
  }
  .choice {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    column-gap: 9px;
    align-items: start;
    max-inline-size: 560px;
  }
  .choice > * {
    grid-column: 2;
  }
  .choice > input {
    grid-column: 1;
    inline-size: 18px;
    block-size: 18px;
    margin: 1px 0 0;
    accent-color: var(--_accent);
  }
  .choice .hint {
    color: var(--_muted);
    font-size: 12.5px;
  }
  .segments {
    display: inline-flex;
    padding: 2px;
    gap: 2px;
    border-radius: 9px;
    background: var(--_sunken);
  }
  .segments label {
    position: relative;
    padding: 4px 10px;
    border-radius: 7px;
    color: var(--_muted);
    font-size: 13px;
    cursor: pointer;
  }
  .segments input {
    position: absolute;
    inset: 0;
    opacity: 0;
    margin: 0;
    cursor: pointer;
  }
  .segments label:has(:checked) {
    background: var(--_surface);
    color: var(--_text);
    font-weight: 550;
    box-shadow: 0 0 0 1px var(--_border);
  }
  .segments label:has(:focus-visible) {
    outline: 2px solid var(--_accent-text);
  }
  @media (pointer: coarse) {
    .input {
      font-size: 16px;
    }
    .button,
    .input,
    .button.small {
      min-block-size: 44px;
    }
  }
  @media (forced-colors: active) {
    .segments label:has(:checked) {
      outline: 2px solid Highlight;
    }
  }
`;
