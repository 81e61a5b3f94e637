import { css } from '../styles/index.ts';

export const peopleStyles = css`
  .agents-seen {
    gap: 8px;
  }
  .agents-seen legend {
    padding: 0;
    margin-block-end: 4px;
    font-weight: 550;
  }
  .agents-list {
    gap: 8px;
    max-block-size: 200px;
    padding-inline-start: 27px;
    overflow-y: auto;
  }
  .one-time-link {
    display: block;
    padding: 10px 12px;
    border-radius: 8px;
    background: var(--_surface);
    color: var(--_text);
    overflow-wrap: anywhere;
    user-select: all;
  }
  .people-link:empty {
    position: absolute;
  }
  .manage-more {
    padding-block-start: 16px;
    border-block-start: 1px solid var(--_border);
  }
  .link-card {
    border-color: var(--_success);
  }
`;
