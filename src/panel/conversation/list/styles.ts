import { css } from '../../styles/css.ts';

/** The list of a visitor's conversations. */
export const list = css`
  .list {
    display: flex;
    flex-direction: column;
    min-block-size: 100%;
    max-inline-size: 744px;
    margin-inline: auto;
    padding-block-end: max(calc(var(--_unit) * 3), env(safe-area-inset-bottom));
  }
  .list-head {
    position: sticky;
    z-index: 1;
    inset-block-start: 0;
    display: flex;
    align-items: center;
    gap: 4px;
    padding: calc(var(--_unit) * 1.5) calc(var(--_unit) * 3) calc(var(--_unit) * 1.5) calc(var(--_unit) * 2);
    background: var(--_surface);
  }
  .list-head h3 {
    flex: 1;
    min-inline-size: 0;
    font-weight: 650;
  }
  .sideways {
    display: grid;
  }
  .sideways:dir(rtl) {
    transform: scaleX(-1);
  }
  .search {
    display: flex;
    align-items: center;
    gap: 8px;
    margin: 0 calc(var(--_unit) * 4) calc(var(--_unit) * 2);
    padding-inline: 12px;
    border: 1px solid color-mix(in srgb, var(--_muted) 70%, var(--_surface));
    border-radius: var(--_pill);
    color: var(--_muted);
  }
  .search:focus-within {
    border-color: var(--_accent-text);
    box-shadow: 0 0 0 1px var(--_accent-text);
  }
  .search input {
    flex: 1;
    min-inline-size: 0;
    min-block-size: 38px;
    padding: 0;
    border: 0;
    outline: none !important;
    background: none;
    color: var(--_text);
  }
  .search input::-webkit-search-cancel-button {
    display: none;
  }
  .search .icon {
    inline-size: 32px;
    block-size: 32px;
    min-block-size: 32px;
    margin-inline-end: -8px;
  }
  .search input::placeholder {
    color: var(--_muted);
    opacity: 1;
  }
  .list-state {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
    padding: 2px calc(var(--_unit) * 4) calc(var(--_unit) * 2);
    color: var(--_muted);
    font-size: 0.87em;
  }
  .list-state.empty {
    justify-content: center;
    margin-block: auto;
    padding-block: calc(var(--_unit) * 8);
    font-size: 1em;
    text-align: center;
  }
  .list-state.empty + .rows {
    display: none;
  }
  .rows {
    padding-inline: calc(var(--_unit) * 2);
  }
  .rows[aria-busy] {
    opacity: 0.65;
  }
  .more-rows {
    display: grid;
    justify-items: center;
    gap: 8px;
    padding: calc(var(--_unit) * 2) calc(var(--_unit) * 4);
  }
  .more-rows p {
    color: var(--_danger);
    font-size: 0.87em;
  }
  .more-rows p:empty {
    display: none;
  }
  .more-rows [aria-disabled] {
    opacity: 0.65;
  }
  .rows li {
    position: relative;
    display: flex;
    flex-wrap: wrap;
    align-items: center;
  }
  .row {
    flex: 1;
    display: grid;
    grid-template-columns: 1fr auto;
    gap: 1px 12px;
    min-inline-size: 0;
    padding: calc(var(--_unit) * 2.5) calc(var(--_unit) * 2);
    padding-inline-end: 48px;
    border-color: transparent;
    border-radius: var(--_inner);
    font-weight: 400;
    text-align: start;
  }
  .row[aria-current] {
    background: var(--_tint);
  }
  .rows .icon {
    position: absolute;
    inset-block-start: calc(50% - 20px);
    inset-inline-end: 4px;
  }
  :is(.search, .rows) .icon:focus-visible {
    outline-offset: -2px;
  }
  .rows li:has(.row-failed) .icon {
    inset-block-start: 8px;
  }
  .row :is(b, span) {
    grid-column: 1;
    justify-self: start;
    max-inline-size: 100%;
    overflow: hidden;
    white-space: nowrap;
    text-overflow: ellipsis;
  }
  .row:has(em) b {
    font-weight: 750;
  }
  .row > :is(span, time) {
    color: var(--_muted);
    font-size: 0.87em;
    min-block-size: 1.4em;
  }
  .row time {
    grid-area: 1/2;
    place-self: center end;
  }
  .row em {
    grid-area: 2/2;
    justify-self: end;
    min-inline-size: 20px;
    padding-inline: 6px;
    border: 1px solid transparent;
    border-radius: 10px;
    background: var(--_accent);
    color: var(--_on-accent);
    font: 600 12px/18px var(--chat-font, system-ui, sans-serif);
    text-align: center;
  }
  .row i {
    font-style: normal;
  }
  .rename {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    max-inline-size: none;
    margin: 0;
    padding: calc(var(--_unit) * 2);
  }
  .rename input {
    flex: 1 1 100%;
  }
  .row-failed {
    display: flex;
    gap: 6px;
    inline-size: 100%;
    padding: 0 calc(var(--_unit) * 2) calc(var(--_unit) * 2);
    color: var(--_danger);
    font-size: 0.87em;
  }
`;
