import { css } from '../../styles/css.ts';

/** Files in messages. */
export const files = css`
  .file {
    display: flex;
    flex-direction: column;
    gap: 6px;
    max-inline-size: 100%;
    padding: 6px;
    border: 1px solid var(--_border);
    border-radius: var(--_inner);
    background: var(--_surface);
  }
  .file canvas {
    align-self: center;
    max-inline-size: 100%;
    block-size: auto;
    border-radius: calc(var(--_inner) - 4px);
    background: var(--_sunken);
  }
  .mine .file canvas {
    max-block-size: 180px;
  }
  .file-row {
    display: flex;
    align-items: center;
    gap: 8px;
    min-inline-size: 0;
    padding-inline-start: 6px;
    color: var(--_muted);
    font-size: 0.93em;
  }
  .file-name {
    flex: 1 1 auto;
    min-inline-size: 2.5em;
    overflow: hidden;
    color: var(--_text);
    white-space: nowrap;
    text-overflow: ellipsis;
  }
  .file-row button {
    flex: none;
    white-space: nowrap;
    margin-inline-start: auto;
  }
  .file[aria-busy] .file-row {
    opacity: 0.7;
  }
`;
