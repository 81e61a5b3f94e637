import { css } from '../styles/index.ts';

export const liveStyles = css`
  /* What is written stands at the end of the page. */
  main > conversation-page {
    margin-block-end: -48px;
  }
  conversation-page .desk {
    display: grid;
    grid-template-columns: minmax(0, 1fr) 300px;
    gap: 24px;
    align-items: start;
  }
  conversation-page .page-header {
    position: sticky;
    z-index: 3;
    inset-block-start: 0;
    padding-block: 12px;
    background: var(--_canvas);
  }
  conversation-page .page-header p {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 2px 10px;
    margin: 0;
  }
  /* Below is what one writes in. */
  cw-dashboard:has(conversation-page) .toasts {
    inset-block: 84px auto;
  }
  conversation-page .dock > .row {
    display: none;
  }
  conversation-page .talk {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 20px;
  }
  conversation-page .side {
    position: sticky;
    inset-block-start: 92px;
    display: grid;
    gap: 12px;
  }
  conversation-page .side details {
    border: 1px solid var(--_border);
    border-radius: 12px;
    background: var(--_surface);
  }
  conversation-page .side summary {
    padding: 12px 16px;
    font-weight: 600;
    cursor: pointer;
  }
  conversation-page .side summary h2 {
    display: inline;
    font-size: inherit;
  }
  conversation-page .side details > div {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 10px;
    padding: 0 16px 16px;
  }
  conversation-page .side .facts {
    grid-template-columns: minmax(72px, max-content) minmax(0, 1fr);
    overflow-wrap: anywhere;
  }
  conversation-page .present {
    padding-inline: 16px;
  }
  conversation-page .side kbd {
    padding: 1px 5px;
    border: 1px solid var(--_border);
    border-radius: 4px;
    font-size: 12px;
  }
  conversation-page .transcript .note,
  .composer.note {
    background: var(--_warning-surface);
  }
  conversation-page .note {
    display: grid;
    gap: 4px;
    padding: 10px 14px;
    border: 1px dashed var(--_warning);
    border-radius: 10px;
  }
  conversation-page .note header {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 2px 8px;
    color: var(--_warning);
    font-size: 12.5px;
  }
  conversation-page .note header .icon {
    inline-size: 14px;
    block-size: 14px;
  }
  conversation-page .note header .button {
    margin-inline-start: auto;
    color: inherit;
  }
  conversation-page .dock {
    position: sticky;
    inset-block-end: 0;
    z-index: 2;
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 8px;
    padding-block: 8px 12px;
    background: var(--_canvas);
  }
  conversation-page .dock .jump {
    justify-self: center;
  }
  conversation-page .typing {
    min-block-size: 20px;
    color: var(--_muted);
    font-size: 13px;
  }
  .composer {
    position: relative;
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 8px;
    padding: 12px;
    border: 1px solid var(--_border);
    border-radius: 12px;
    background: var(--_surface);
  }
  .composer.note {
    border: 1px dashed var(--_warning);
  }
  .composer .segments {
    justify-self: start;
  }
  .composer textarea.input {
    min-block-size: 72px;
    max-block-size: 40vh;
  }
  .composer .error {
    display: flex;
    gap: 6px;
    color: var(--_danger);
  }
  .composer .canned ul {
    position: absolute;
    inset: auto 12px calc(100% + 4px);
    max-block-size: 280px;
    overflow-y: auto;
    padding: 6px;
    border: 1px solid var(--_border);
    border-radius: 10px;
    background: var(--_surface);
    box-shadow: var(--_shadow);
  }
  .composer .canned li {
    display: flex;
    gap: 10px;
    padding: 7px 10px;
    border-radius: 6px;
    cursor: pointer;
  }
  .composer .canned li span {
    color: var(--_muted);
  }
  .composer .canned li[aria-selected='true'] {
    background: var(--_tint);
    outline: 2px solid var(--_accent-text);
    outline-offset: -2px;
  }
  .composer .canned li[aria-selected='true'] span {
    color: var(--_text);
  }
  @media (max-width: 960px) {
    conversation-page .desk {
      grid-template-columns: minmax(0, 1fr);
    }
    conversation-page .side {
      position: static;
      grid-row: 1;
      grid-template-columns: repeat(2, minmax(0, 1fr));
    }
    conversation-page .side > :is(details[open], section, button) {
      grid-column: 1 / -1;
    }
  }
  @media (max-width: 719px) {
    /* Below the bar, which sticks too. */
    conversation-page .page-header {
      inset-block-start: 52px;
    }
    cw-dashboard:has(conversation-page) .toasts {
      inset-block-start: 120px;
    }
  }
  @media (max-width: 599px) {
    .composer #composer-hint {
      display: none;
    }
    .composer .spread .button {
      inline-size: 100%;
    }
    conversation-page .page-header {
      padding-block: 6px;
    }
    conversation-page .page-header h1 {
      overflow: hidden;
      font-size: 17px;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    conversation-page .page-header > .row {
      display: none;
    }
    conversation-page .dock > .row {
      display: flex;
    }
    .composer textarea.input {
      min-block-size: 56px;
    }
  }
  @media (max-height: 500px) {
    conversation-page .page-header {
      position: static;
    }
    conversation-page .dock {
      position: static;
    }
  }
`;
