import { css } from '../../styles/css.ts';

/** What stands with an answer: what was done for it, what it rests on, what can be done with it. */
export const answers = css`
  .tool {
    max-inline-size: 100%;
    padding: 5px 12px 5px 9px;
    border: 1px solid var(--_border);
    border-radius: var(--_inner);
    color: var(--_muted);
    font-size: 0.87em;
  }
  .tool:dir(rtl) {
    padding: 5px 9px 5px 12px;
  }
  p.tool,
  .tool summary {
    display: flex;
    gap: 8px;
  }
  .tool svg {
    margin-block-start: 0.12em;
  }
  .output-available > svg,
  .output-available summary svg,
  .approval-responded svg {
    color: var(--_accent-text);
    stroke-width: 2.5;
  }
  .output-error svg {
    color: var(--_danger);
  }
  p.failed svg {
    color: var(--_danger);
  }
  .tool i {
    flex: none;
    inline-size: 1.15em;
    block-size: 1.15em;
    margin-block-start: 0.18em;
    border: 2px solid var(--_line);
    border-block-start-color: var(--_accent-text);
    border-radius: 50%;
  }
  summary {
    min-block-size: 24px;
    border-radius: 6px;
    cursor: pointer;
    list-style: none;
  }
  summary::-webkit-details-marker {
    display: none;
  }
  summary::after {
    content: '';
    flex: none;
    inline-size: 0.4em;
    block-size: 0.4em;
    margin: 0.45em 2px 0 4px;
    border: solid currentColor;
    border-width: 0 1.5px 1.5px 0;
    rotate: 45deg;
  }
  [open] > summary::after {
    margin-block-start: 0.7em;
    rotate: 225deg;
  }
  .tool > div {
    margin-block: 4px 3px;
    padding-block-start: 6px;
    border-block-start: 1px solid var(--_border);
    color: var(--_text);
    white-space: pre-wrap;
  }
  .sources {
    inline-size: 100%;
    counter-reset: source;
    font-size: 0.87em;
  }
  .sources ol {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
    margin: 4px 0 0;
    padding: 0;
    list-style: none;
  }
  .sources li {
    counter-increment: source;
    max-inline-size: 100%;
    min-inline-size: 0;
  }
  .source {
    display: flex;
    align-items: baseline;
    gap: 6px;
    min-block-size: 28px;
    padding: 3px 10px 3px 4px;
    border: 1px solid var(--_border);
    border-radius: 15px;
    color: var(--_text);
    text-decoration: none;
  }
  .source:dir(rtl) {
    padding: 3px 4px 3px 10px;
  }
  .source::before {
    content: counter(source);
    flex: none;
    min-inline-size: 20px;
    padding-inline: 5px;
    border-radius: 10px;
    background: var(--_tint);
    color: var(--_accent-text);
    font-size: 0.87em;
    font-weight: 650;
    line-height: 20px;
    text-align: center;
  }
  a.source:hover {
    border-color: var(--_line);
    background: var(--_sunken);
  }
  .source > span:not(.hidden) {
    overflow: hidden;
    white-space: nowrap;
    text-overflow: ellipsis;
  }
  .source .host {
    flex: 0 1000 auto;
    min-inline-size: 3em;
    color: var(--_muted);
  }
  .sources details {
    margin-block-start: 6px;
  }
  .sources summary {
    display: inline-flex;
    align-items: center;
    padding-inline: 4px;
    color: var(--_muted);
    font-weight: 550;
  }
  .sources summary::after {
    margin-block: -0.2em 0;
  }
  .sources [open] > summary::after {
    margin-block: 0.2em 0;
  }
  .tools {
    display: flex;
    align-items: center;
    gap: 2px;
    min-block-size: 28px;
    margin-block: -4px -8px;
    margin-inline-end: -6px;
  }
  .tools .time {
    margin-inline-end: 6px;
  }
  .tools:not(:has(.time)) {
    margin-inline-start: -6px;
  }
  .mine .tools {
    min-block-size: 0;
    margin-block: 0;
    margin-inline: 0;
  }
  .mine .tools .time {
    margin-inline: 2px;
  }
  .mine .quiet {
    margin-block: -6px;
  }
  button.quiet {
    inline-size: 28px;
    block-size: 28px;
    min-block-size: 28px;
    border-radius: 8px;
    font-size: 0.87em;
  }
  button.quiet[aria-pressed='true'] {
    background: var(--_tint);
    color: var(--_accent-text);
  }
  /* Beside the message, where a row below would part what belongs together. */
  .mine:not(.ends) .tools,
  .human:not(.ends) .tools {
    position: absolute;
    inset-block-end: 8px;
    inset-inline-end: 100%;
    margin: 0;
  }
  .human:not(.ends) .tools {
    inset-block-end: 2px;
    inset-inline: auto 0;
  }
  :is(.mine, .reply):not(.ends) .time,
  .quiet:not([aria-pressed='true']) {
    opacity: 0;
  }
  :is(.mine, .reply):is(:hover, :focus-within) :is(.time, .quiet),
  .last .quiet {
    opacity: 1 !important;
  }
  @media (hover: none) {
    .quiet {
      opacity: 1 !important;
    }
  }
  .feedback {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    max-inline-size: none;
    margin: 4px 0 0;
    padding: calc(var(--_unit) * 3);
    border: 1px solid var(--_border);
    border-radius: var(--_inner);
    font-size: 0.93em;
  }
  .feedback label {
    flex: 1 1 100%;
    font-weight: 550;
  }
  .feedback textarea {
    display: block;
    box-sizing: border-box;
    inline-size: 100%;
    max-block-size: 12em;
    margin-block-start: 6px;
    padding: 8px 10px;
    border: 1px solid color-mix(in srgb, var(--_muted) 70%, var(--_surface));
    border-radius: 10px;
    font-weight: 400;
  }
  .feedback textarea:focus {
    border-color: var(--_accent-text);
    box-shadow: 0 0 0 1px var(--_accent-text);
  }
  @media (pointer: coarse) {
    .feedback textarea {
      font-size: max(16px, 1em);
    }
    button.quiet {
      inline-size: 36px;
      block-size: 36px;
    }
  }
  @media (prefers-reduced-motion: no-preference) {
    .tool i {
      animation: turn 0.9s linear infinite;
    }
    .quiet,
    .time {
      transition: opacity 0.12s ease-out;
    }
    @keyframes turn {
      to {
        rotate: 1turn;
      }
    }
  }
  @media (forced-colors: active) {
    button.quiet {
      border-color: transparent;
    }
    button.quiet[aria-pressed='true'] {
      border-color: Highlight;
      color: Highlight;
    }
    .feedback textarea:focus {
      outline: 2px solid Highlight !important;
    }
    .tool i {
      border-color: GrayText;
      border-block-start-color: CanvasText;
    }
  }
`;
