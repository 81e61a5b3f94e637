import { css } from './css.ts';

/** The field to write in. Its height is that of an invisible copy of the text behind it. */
export const composer = css`
  form {
    padding: calc(var(--_unit) * 2) calc(var(--_unit) * 3) calc(var(--_unit) * 3);
    padding-block-end: max(calc(var(--_unit) * 3), env(safe-area-inset-bottom));
    inline-size: 100%;
    max-inline-size: 744px;
    margin-inline: auto;
  }
  .field {
    display: flex;
    align-items: flex-end;
    gap: 4px;
    padding: 3px;
    border: 1px solid color-mix(in srgb, var(--_muted) 70%, var(--_surface));
    border-radius: min(24px, var(--_corner) * 1.34);
    background: var(--_surface);
  }
  .field:focus-within {
    border-color: var(--_accent-text);
    box-shadow: 0 0 0 1px var(--_accent-text);
  }
  .grow {
    flex: 1;
    min-inline-size: 0;
    display: grid;
  }
  .grow::after {
    content: attr(data-text) ' ';
    visibility: hidden;
    overflow: hidden;
  }
  .grow::after,
  textarea {
    grid-area: 1/1;
    min-inline-size: 0;
    max-block-size: calc(9em + 16px);
    margin: 0;
    padding: 8px 12px;
    border: 0;
    background: none;
    color: inherit;
    font: inherit;
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }
  textarea {
    resize: none;
    outline: none !important;
    overflow-y: auto;
    scrollbar-width: thin;
  }
  textarea::placeholder {
    color: var(--_muted);
    opacity: 1;
  }
  .send {
    flex: none;
    inline-size: 40px;
    padding: 0;
    border-color: transparent;
    background: var(--_accent);
    color: var(--_on-accent);
  }
  .send[aria-disabled],
  .send[aria-disabled]:hover {
    background: var(--_sunken);
    color: var(--_muted);
    cursor: default;
  }
  .send.busy {
    background: var(--_text);
    color: var(--_surface);
  }
  @media (pointer: coarse) {
    /* Below 16px iOS zooms in on the field. */
    .grow {
      font-size: max(16px, 1em);
    }
  }
`;
