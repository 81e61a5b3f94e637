import { css } from '../../styles/css.ts';

/** What stands around the messages, and the manners of a panel on a phone. */
export const around = css`
  .panel {
    position: relative;
  }
  .cover {
    position: absolute;
    z-index: 1;
    inset: 0;
    overflow: hidden auto;
    overscroll-behavior: contain;
    background: var(--_surface);
    scrollbar-width: thin;
    scrollbar-color: var(--_border) transparent;
  }
  .cover > .skeleton,
  .cover > .center {
    margin-block: calc(var(--_unit) * 5);
    padding-inline: calc(var(--_unit) * 4);
  }
  input {
    box-sizing: border-box;
    min-inline-size: 0;
    min-block-size: 42px;
    margin: 0;
    padding: 6px 12px;
    border: 1px solid color-mix(in srgb, var(--_muted) 70%, var(--_surface));
    border-radius: var(--_inner);
    background: var(--_surface);
    color: inherit;
    font: inherit;
    appearance: none;
  }
  input:focus-visible {
    border-color: var(--_accent-text);
    outline-offset: -1px;
  }
  input[aria-invalid] {
    border-color: var(--_danger);
    outline-color: var(--_danger);
  }
  .held {
    padding: calc(var(--_unit) * 1.5) calc(var(--_unit) * 4) 0;
    color: var(--_muted);
    font-size: 0.87em;
    text-align: center;
  }
  @media (pointer: coarse) {
    /* Below 16px iOS zooms in on what is written in. */
    input,
    textarea {
      font-size: max(16px, 1em) !important;
    }
  }
  @media (min-width: 481px) and (min-height: 441px) {
    :host([mode='floating']) {
      /* Above a tablet's keyboard. */
      inset-block-end: var(--_lift, var(--_above));
      block-size: min(var(--chat-height, 640px), var(--_height, 100dvh) - var(--_above) - 20px);
    }
  }
  @media (max-width: 480px), (max-height: 440px) {
    :host([mode='floating']) .panel {
      /* A page may have its keyboard lie over the viewport; elsewhere this is nothing. */
      padding-block-end: env(keyboard-inset-height, 0px);
      padding-inline: env(safe-area-inset-left, 0px) env(safe-area-inset-right, 0px);
    }
    /* The page behind is not pulled along, nor reloaded, by what does not scroll. Two fingers still zoom. */
    :host([mode='floating']) :is(header, .field, .tray, .editing) {
      touch-action: pinch-zoom;
    }
    :host([mode='floating']) textarea {
      touch-action: auto;
    }
  }
  @media print {
    .cover,
    .menu,
    .tray,
    .gate {
      display: none;
    }
  }
`;
