import { css } from './css.ts';

/** The panel's place on the page, its header and what all parts share. */
export const frame = css`
  :host {
    display: block;
    block-size: 100%;
    inline-size: 100%;
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  :host([mode='page']) {
    block-size: var(--_height, 100dvh);
  }
  :host([mode='floating']) {
    position: fixed;
    z-index: var(--chat-z-index, 2147483000);
    --_above: calc(var(--_offset) + var(--chat-launcher-size, 56px) + 12px);
    inset: auto;
    inset-block-end: var(--_above);
    inset-inline-end: var(--_offset);
    inline-size: min(var(--chat-width, 400px), 100vw - 2 * var(--_offset));
    block-size: min(var(--chat-height, 640px), 100dvh - var(--_above) - 20px);
  }
  :host([mode='floating'][position='start']) {
    inset-inline: var(--_offset) auto;
  }
  @media (max-width: 480px), (max-height: 440px) {
    :host([mode='floating'][mode]) {
      inset: var(--_top, 0) 0 auto;
      inline-size: auto;
      block-size: var(--_height, 100dvh);
      --_radius: 0px;
      --_shadow: none;
    }
  }
  *,
  ::before,
  ::after {
    box-sizing: border-box;
  }
  .panel {
    display: flex;
    flex-direction: column;
    block-size: 100%;
    overflow: hidden;
    background: var(--_surface);
    border-radius: var(--_radius);
    box-shadow: var(--_shadow);
    overflow-wrap: anywhere;
  }
  :host(:not([mode='floating'])) .panel {
    border-radius: var(--chat-radius, var(--_chat-radius, 0));
    box-shadow: none;
  }
  @media (prefers-reduced-motion: no-preference) {
    :host([mode='floating']) .panel {
      animation: appear 0.16s ease-out;
    }
    .skeleton {
      animation: breathe 1.4s ease-in-out infinite;
    }
    @keyframes breathe {
      50% {
        opacity: 0.3;
      }
    }
    @keyframes appear {
      from {
        opacity: 0;
        transform: translateY(10px);
      }
    }
  }
  p,
  h2,
  h3,
  ul {
    margin: 0;
    padding: 0;
    font: inherit;
    list-style: none;
  }
  p,
  h3,
  span,
  button {
    unicode-bidi: plaintext;
  }
  svg {
    flex: none;
    inline-size: 1.25em;
    block-size: 1.25em;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.75;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  :focus-visible {
    outline: 2px solid var(--_accent-text);
    outline-offset: 2px;
  }
  .hidden {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  button {
    all: unset;
    box-sizing: border-box;
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 6px;
    min-block-size: 40px;
    padding: 6px 16px;
    border: 1px solid var(--_border);
    border-radius: var(--_pill);
    color: var(--_text);
    font-weight: 550;
    cursor: pointer;
    -webkit-tap-highlight-color: transparent;
  }
  button:focus-visible {
    outline: 2px solid var(--_accent-text);
    outline-offset: 2px;
  }
  @media (hover: hover) {
    button:hover {
      background: var(--_sunken);
      border-color: var(--_line);
    }
    button.send:hover {
      background: var(--_accent-hover);
    }
  }
  button.icon {
    flex: none;
    inline-size: 40px;
    block-size: 40px;
    padding: 0;
    border-color: transparent;
    color: var(--_muted);
  }
  header {
    display: flex;
    align-items: center;
    gap: calc(var(--_unit) * 0.5);
    padding-block: max(calc(var(--_unit) * 3), env(safe-area-inset-top)) calc(var(--_unit) * 3);
    padding-inline: calc(var(--_unit) * 4) calc(var(--_unit) * 3);
    border-block-end: 1px solid var(--_border);
  }
  .avatar {
    flex: none;
    display: grid;
    place-items: center;
    inline-size: 38px;
    block-size: 38px;
    margin-inline-end: calc(var(--_unit) * 2);
    border: 1px solid transparent;
    border-radius: min(13px, var(--_inner));
    border-end-start-radius: min(4px, var(--_inner));
    background: var(--_accent);
    color: var(--_on-accent);
    font-weight: 650;
    overflow: hidden;
  }
  .who {
    flex: 1;
    min-inline-size: 0;
  }
  h2 {
    overflow: hidden;
    white-space: nowrap;
    text-overflow: ellipsis;
    font-weight: 650;
    line-height: 1.3;
    inline-size: fit-content;
    max-inline-size: 100%;
  }
  .identity {
    display: flex;
    align-items: center;
    gap: 4px;
    color: var(--_muted);
    font-size: 0.82em;
    line-height: 1.4;
  }
  /* In a narrow window the name has a line of its own. */
  .identity span {
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    line-clamp: 2;
    overflow: hidden;
    overflow-wrap: anywhere;
  }
  .verified svg {
    color: var(--_accent-text);
    stroke-width: 2.75;
  }
  ::slotted([slot='footer']) {
    display: block;
    margin: 0;
    padding: var(--chat-footer-slot-padding, 0 calc(var(--_unit) * 4) calc(var(--_unit) * 3));
    font-size: 0.87em;
  }
  .middle {
    position: relative;
    flex: 1;
    min-block-size: 0;
  }
  .scroller {
    block-size: 100%;
    overflow: hidden auto;
    overflow-anchor: none;
    overscroll-behavior: contain;
    scrollbar-width: thin;
    scrollbar-color: var(--_border) transparent;
  }
  .scroller:focus-visible {
    outline-offset: -3px;
  }
  .content {
    display: flex;
    flex-direction: column;
    gap: calc(var(--_unit) * 5);
    min-block-size: 100%;
    max-inline-size: 720px;
    margin-inline: auto;
    padding: calc(var(--_unit) * 5) calc(var(--_unit) * 4);
  }
  .skeleton {
    display: grid;
    gap: 12px;
  }
  .skeleton i {
    block-size: 14px;
    inline-size: 70%;
    border-radius: 7px;
    background: color-mix(in srgb, var(--_border) 75%, var(--_surface));
  }
  .skeleton i:nth-child(3) {
    inline-size: 88%;
  }
  .skeleton i:nth-child(4) {
    justify-self: end;
    inline-size: 46%;
    block-size: 40px;
    border-radius: var(--_inner);
    margin-block: 12px;
  }
`;
