import { css } from 'lit';

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
  .notice p {
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
    display: flex;
    flex-direction: column;
    align-items: flex-end;
    gap: 6px;
    margin-inline-start: 12%;
  }
  .bubble {
    padding: calc(var(--_unit) * 2) calc(var(--_unit) * 3.5);
    border: 1px solid transparent;
    border-radius: var(--_inner);
    border-end-end-radius: 4px;
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
  .typing i,
  .tool > i {
    inline-size: 7px;
    block-size: 7px;
    border-radius: 50%;
    background: var(--_accent);
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
  .state svg,
  .tool svg {
    margin-block-start: 0.12em;
  }
  .failed p svg,
  .mine .failed p {
    color: var(--_danger);
  }
  .tool {
    display: flex;
    gap: 8px;
    color: var(--_muted);
    font-size: 0.87em;
  }
  .tool > i {
    margin: 0.5em 4px;
  }
  .sources {
    padding-inline-start: calc(var(--_unit) * 3);
    border-inline-start: 2px solid var(--_line);
    font-size: 0.9em;
  }
  .label {
    color: var(--_muted);
    font-size: 0.82em;
    font-weight: 600;
  }
  .sources .label {
    font-size: 0.91em;
  }
  .sources :is(a, li > span) {
    display: inline-block;
    padding-block: 2px;
  }
  a {
    color: var(--_accent);
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
  .approval > div {
    flex-basis: 100%;
  }
  .approval button:not(.primary) {
    border-color: var(--_line);
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
    overflow-wrap: anywhere;
    white-space: pre-wrap;
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
    color: var(--_accent);
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
  .welcome {
    flex: 1;
    display: flex;
    flex-direction: column;
    gap: calc(var(--_unit) * 5);
  }
  .greeting {
    margin-block: auto 0;
    font-size: 1.4em;
    font-weight: 600;
    line-height: 1.35;
    letter-spacing: -0.01em;
    text-wrap: pretty;
  }
  .suggestions {
    display: flex;
    flex-direction: column;
    align-items: flex-end;
    gap: 8px;
    margin-inline-start: 12%;
  }
  .suggestions button {
    border-color: var(--_line);
    border-radius: var(--_inner);
    border-end-end-radius: 4px;
    font-weight: 400;
  }
  .conversations button {
    display: grid;
    grid-template-columns: 1fr auto;
    gap: 0 12px;
    inline-size: 100%;
    padding: calc(var(--_unit) * 3);
    border-color: transparent;
    border-radius: var(--_inner);
    font-weight: 400;
    text-align: start;
  }
  .conversations [aria-current] {
    background: var(--_sunken);
  }
  .conversations :is(b, span) {
    overflow: hidden;
    white-space: nowrap;
    text-overflow: ellipsis;
    grid-column: 1;
  }
  .conversations :is(span, time) {
    color: var(--_muted);
    font-size: 0.87em;
  }
  .conversations time {
    grid-area: 1/2;
  }
  @media (prefers-reduced-motion: no-preference) {
    .typing i,
    .tool > i {
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
    button {
      display: none !important;
    }
  }
  @media (forced-colors: active) {
    .bubble {
      border-color: CanvasText;
    }
    .typing i,
    .tool > i {
      background: CanvasText;
    }
  }
`;
