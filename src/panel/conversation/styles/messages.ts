import { css } from '../../styles/css.ts';

/** What stands in the scrolled middle: messages and what is there instead of them. */
export const messages = css`
  .notice {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 10px;
    padding: calc(var(--_unit) * 2.5) calc(var(--_unit) * 4);
    border-block-end: 1px solid var(--_border);
    background: var(--_sunken);
    color: var(--_muted);
    font-size: 0.9em;
    line-height: 1.4;
  }
  .notice > :is(p, div) {
    flex: 1 1 60%;
  }
  .notice button {
    margin-inline-start: calc(1.25em + 10px);
    border-color: currentColor;
    color: inherit;
    background: none;
  }
  .warning {
    background: var(--_warning-surface);
    color: var(--_warning);
  }
  .danger {
    background: var(--_danger-surface);
    color: var(--_danger);
  }
  .jump {
    position: absolute;
    inset-block-end: 12px;
    inset-inline-end: calc(50% - 20px);
    border-color: var(--_border);
    background: var(--_surface);
    color: var(--_text);
    box-shadow: 0 4px 16px #0003;
  }
  .older {
    align-self: center;
  }
  .mine {
    position: relative;
    display: flex;
    flex-direction: column;
    align-items: flex-end;
    gap: 4px;
    margin-inline-start: max(12%, 64px);
  }
  .bubble {
    padding: calc(var(--_unit) * 2) calc(var(--_unit) * 3.5);
    border: 1px solid transparent;
    border-radius: var(--_inner);
    border-end-end-radius: min(4px, var(--_inner));
    background: var(--_tint);
    white-space: pre-wrap;
    max-inline-size: 100%;
  }
  .pending .bubble,
  .mine.failed .bubble {
    background: none;
    border: 1px dashed var(--_line);
  }
  .reply {
    position: relative;
    display: flex;
    flex-direction: column;
    align-items: flex-start;
    gap: calc(var(--_unit) * 2.5);
  }
  .text {
    inline-size: 100%;
    white-space: pre-wrap;
  }
  .text:empty,
  .text:not(:empty) + .typing {
    display: none;
  }
  .typing {
    display: flex;
    gap: 5px;
    padding-block: 8px;
  }
  .typing i {
    inline-size: 7px;
    block-size: 7px;
    border-radius: 50%;
    background: var(--_accent-text);
    forced-color-adjust: none;
  }
  .state {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px;
    color: var(--_muted);
    font-size: 0.87em;
  }
  .mine .state {
    justify-content: flex-end;
  }
  .state p {
    display: flex;
    gap: 6px;
    padding-block: 2px;
  }
  .state svg {
    margin-block-start: 0.12em;
  }
  .failed p svg,
  .mine .failed p {
    color: var(--_danger);
  }
  .label {
    color: var(--_muted);
    font-size: 0.82em;
    font-weight: 600;
  }
  a {
    color: var(--_accent-text);
    text-decoration: underline;
    text-decoration-thickness: 1px;
    text-underline-offset: 0.18em;
    border-radius: 3px;
  }
  a:hover {
    text-decoration-thickness: 2px;
  }
  .card {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 12px;
    inline-size: 100%;
    padding: calc(var(--_unit) * 3.5);
    border: 1px solid var(--_line);
    border-radius: var(--_inner);
    background: var(--_tint);
  }
  .card > div {
    flex: 1 1 55%;
  }
  .card p {
    font-size: 0.93em;
  }
  .sign-in-here {
    margin-block-start: 4px;
    font-weight: 600;
  }
  .sign-in-here:focus:not(:focus-visible) {
    outline: none;
  }
  .approval > div {
    flex-basis: 100%;
  }
  .approval button:not(.primary) {
    border-color: var(--_outline);
  }
  .input {
    display: grid;
    grid-template-columns: auto 1fr;
    gap: 2px 12px;
    margin-block-start: 6px;
    font-size: 0.93em;
  }
  .input dt {
    color: var(--_muted);
  }
  .input dd {
    margin: 0;
    min-inline-size: 0;
  }
  .input bdi {
    display: block;
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }
  .unseen {
    display: inline-block;
    margin-inline: 1px;
    padding-inline: 3px;
    border: 1px solid var(--_danger);
    border-radius: 3px;
    color: var(--_danger);
    direction: ltr;
    font: 0.8em/1.35 var(--_mono);
    user-select: all;
  }
  b,
  strong {
    font-weight: 650;
  }
  .lock {
    display: grid;
    place-items: center;
    inline-size: 40px;
    block-size: 40px;
    border-radius: 50%;
    background: var(--_surface);
    color: var(--_accent-text);
  }
  .center {
    display: flex;
    flex-direction: column;
    align-items: center;
    gap: calc(var(--_unit) * 3);
    max-inline-size: 300px;
    margin: auto;
    text-align: center;
    text-wrap: balance;
    color: var(--_muted);
  }
  .center h3 {
    color: var(--_text);
    font-size: 1.2em;
    font-weight: 650;
    line-height: 1.3;
  }
  .center .lock {
    inline-size: 64px;
    block-size: 64px;
    background: var(--_tint);
    font-size: 1.3em;
  }
  @media (prefers-reduced-motion: no-preference) {
    .mine.pending .bubble,
    .reply > .typing {
      animation: arrive 0.2s ease-out;
    }
    @keyframes arrive {
      from {
        translate: 0 8px;
      }
    }
    .typing i {
      animation: breathe 1.4s ease-in-out infinite;
    }
    .typing i:nth-of-type(2) {
      animation-delay: 0.18s;
    }
    .typing i:nth-of-type(3) {
      animation-delay: 0.36s;
    }
  }
  @media print {
    :host {
      position: static !important;
      block-size: auto !important;
      inline-size: auto !important;
    }
    .panel,
    .scroller {
      overflow: visible !important;
      block-size: auto;
      box-shadow: none;
    }
    form,
    button,
    .tools {
      display: none !important;
    }
  }
  @media (forced-colors: active) {
    .bubble {
      border-color: CanvasText;
    }
    .typing i {
      background: CanvasText;
    }
  }
`;
