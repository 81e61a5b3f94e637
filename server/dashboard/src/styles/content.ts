import { css } from './adopt-styles.ts';

/** What pages are made of: cards, tables, badges, tabs, and what stands where there is nothing to see. */
export const content = css`
  .card {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--_space);
    align-content: start;
    padding: 20px;
    border: 1px solid var(--_border);
    border-radius: 12px;
    background: var(--_surface);
  }
  .card > header {
    display: grid;
    gap: 2px;
  }
  .card > header p {
    max-inline-size: 68ch;
    color: var(--_muted);
  }
  .card.flush {
    padding: 0;
    overflow: clip;
  }
  .notice {
    display: flex;
    gap: 10px;
    padding: 12px 14px;
    border-radius: 10px;
    background: var(--_sunken);
  }
  .notice.warning {
    background: var(--_warning-surface);
    color: var(--_warning);
  }
  .notice.danger {
    background: var(--_danger-surface);
    color: var(--_danger);
  }
  .notice.success {
    background: var(--_success-surface);
    color: var(--_success);
  }
  .narrow {
    max-inline-size: 720px;
  }
  .facts {
    display: grid;
    grid-template-columns: minmax(110px, max-content) minmax(0, 1fr);
    gap: 8px 20px;
  }
  .facts dt {
    color: var(--_muted);
  }
  .table {
    inline-size: 100%;
    border-collapse: collapse;
  }
  .table caption {
    text-align: start;
  }
  .table th,
  .table td {
    padding: 10px 12px;
    text-align: start;
    vertical-align: top;
    border-block-end: 1px solid var(--_border);
  }
  .table th {
    padding-block: 8px;
    color: var(--_muted);
    font-size: 12.5px;
    font-weight: 550;
    white-space: nowrap;
  }
  .table th:first-child,
  .table td:first-child {
    padding-inline-start: 0;
  }
  .table th:last-child,
  .table td:last-child {
    padding-inline-end: 0;
  }
  .flush .table th:first-child,
  .flush .table td:first-child {
    padding-inline-start: 20px;
  }
  .flush .table th:last-child,
  .flush .table td:last-child {
    padding-inline-end: 20px;
  }
  .table tbody tr:last-child td {
    border-block-end: 0;
  }
  .table .number {
    text-align: end;
  }
  .table .actions {
    text-align: end;
    white-space: nowrap;
  }
  @media (max-width: 599px) {
    .table,
    .table tbody,
    .table tr,
    .table td {
      display: block;
    }
    .table thead {
      position: absolute;
      inline-size: 1px;
      block-size: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
    .table tr {
      display: grid;
      gap: 6px;
      padding-block: 14px;
      border-block-end: 1px solid var(--_border);
    }
    .table tr:first-child {
      padding-block-start: 0;
    }
    .table tbody tr:last-child {
      padding-block-end: 0;
      border-block-end: 0;
    }
    .flush .table tbody tr {
      padding: 14px 16px;
    }
    .table td,
    .table th:first-child,
    .flush .table td:first-child,
    .flush .table td:last-child {
      padding: 0;
      border: 0;
      text-align: start;
    }
    .table td[data-label] {
      display: grid;
      grid-template-columns: 108px minmax(0, 1fr);
      align-items: baseline;
      gap: 12px;
    }
    .table td[data-label]::before {
      content: attr(data-label);
      color: var(--_muted);
      font-size: 12.5px;
    }
  }
  .badge {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    padding: 1px 8px;
    border-radius: 20px;
    background: var(--_sunken);
    color: var(--_muted);
    font-size: 12px;
    font-weight: 550;
    line-height: 20px;
    white-space: nowrap;
  }
  .badge .icon {
    inline-size: 13px;
    block-size: 13px;
    stroke-width: 2.5;
  }
  .badge.success {
    background: var(--_success-surface);
    color: var(--_success);
  }
  .badge.warning {
    background: var(--_warning-surface);
    color: var(--_warning);
  }
  .badge.danger {
    background: var(--_danger-surface);
    color: var(--_danger);
  }
  .badge.accent {
    background: var(--_tint);
    color: var(--_accent-text);
  }
  .tabs {
    overflow-x: auto;
    border-block-end: 1px solid var(--_border);
    scrollbar-width: none;
  }
  .tabs ul {
    display: flex;
    gap: 4px;
  }
  .tabs a {
    display: block;
    padding: 9px 10px;
    border-block-end: 2px solid transparent;
    color: var(--_muted);
    font-weight: 550;
    text-decoration: none;
    white-space: nowrap;
  }
  .tabs a:hover {
    color: var(--_text);
  }
  .tabs a[aria-current] {
    border-color: var(--_accent-text);
    color: var(--_text);
  }
  .tabs a:focus-visible {
    outline-offset: -3px;
    border-radius: 6px;
  }
  .state {
    display: grid;
    justify-items: center;
    gap: 6px;
    padding: 44px 20px;
    text-align: center;
  }
  .state p {
    max-inline-size: 52ch;
    color: var(--_muted);
  }
  .state .icon {
    inline-size: 26px;
    block-size: 26px;
    color: var(--_muted);
  }
  .state .button {
    margin-block-start: 10px;
  }
  .skeleton {
    display: grid;
    gap: 14px;
    padding-block: 8px;
  }
  .skeleton i {
    block-size: 14px;
    border-radius: 7px;
    background: color-mix(in srgb, var(--_border) 70%, transparent);
    animation: breathe 1.4s ease-in-out infinite;
  }
  .skeleton i:nth-child(2) {
    inline-size: 84%;
  }
  .skeleton i:nth-child(3) {
    inline-size: 62%;
  }
  @keyframes breathe {
    50% {
      opacity: 0.45;
    }
  }
  .virtual {
    position: relative;
  }
  .virtual > li {
    position: absolute;
    inset: 0 0 auto;
  }
  .toasts {
    position: fixed;
    z-index: 30;
    inset: auto 16px 16px;
    display: grid;
    justify-items: center;
    gap: 8px;
    pointer-events: none;
  }
  .toasts p {
    display: flex;
    align-items: center;
    gap: 8px;
    max-inline-size: 560px;
    padding: 10px 16px;
    border-radius: 10px;
    background: var(--_text);
    color: var(--_surface);
    font-weight: 520;
    box-shadow: var(--_shadow);
    pointer-events: auto;
  }
  @media print {
    .bar,
    .toasts {
      display: none;
    }
  }
  /* A line of a long list, which is a link as a whole. */
  .listing-row {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 2px 12px;
    padding: 12px 20px;
    border-block-end: 1px solid var(--_border);
    color: inherit;
    text-decoration: none;
  }
  .listing-row:hover {
    background: var(--_sunken);
  }
  .listing-row:focus-visible {
    outline-offset: -3px;
  }
`;
