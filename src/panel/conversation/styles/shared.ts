import { css } from '../../styles/css.ts';

/** What of the frame and the composer can wait until the composer can be typed in, and what all views of the conversation share. */
export const shared = css`
  :host {
    /* Of what is pressed: 3:1 and more wherever the accent's text has its 4.5:1. */
    --_outline: color-mix(in srgb, var(--_accent-text) 82%, var(--_surface));
  }
  /* What a page makes of its buttons stays within the frame. */
  .field {
    overflow: clip;
  }
  .field button {
    outline-offset: 1px;
  }
  button.primary {
    background: var(--_accent);
    border-color: transparent;
    color: var(--_on-accent);
  }
  @media (hover: hover) {
    button.primary:hover {
      background: var(--_accent-hover);
    }
  }
  button.small {
    min-block-size: 32px;
    padding: 3px 12px;
    font-size: 0.9em;
  }
  #limit {
    padding: 4px 14px 0;
    color: var(--_muted);
    font-size: 0.82em;
    text-align: end;
  }
  #limit.over {
    color: var(--_danger);
    font-weight: 600;
  }
  ::slotted([slot='header']) {
    display: block;
    margin: 0;
    max-inline-size: 50%;
    padding: var(--chat-header-slot-padding, 0 calc(var(--_unit) * 2));
  }
  ::slotted([slot='welcome']) {
    display: block;
    margin: 0;
    padding: var(--chat-welcome-slot-padding, 0 0 calc(var(--_unit) * 2));
  }
  @media (forced-colors: active) {
    /* The browser leaves a picture's own colour. */
    svg {
      color: inherit !important;
    }
    .panel {
      border: 1px solid CanvasText;
    }
    .field:focus-within {
      outline: 2px solid Highlight;
    }
    .avatar,
    button {
      border-color: CanvasText;
    }
  }
`;
