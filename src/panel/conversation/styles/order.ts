import { css } from '../../styles/css.ts';

/** How messages stand together: days, groups, times, people. */
export const order = css`
  .day {
    display: flex;
    align-items: center;
    gap: 12px;
    color: var(--_muted);
    font-size: 0.82em;
    font-weight: 600;
    line-height: 1.4;
    text-align: center;
  }
  .day::before,
  .day::after {
    content: '';
    flex: 1;
    border-block-start: 1px solid var(--_border);
  }
  .day.new {
    color: var(--_accent-text);
  }
  .day.new::before,
  .day.new::after {
    border-color: var(--_line);
  }
  .joined {
    margin-block-start: calc(var(--_unit) * -4);
  }
  .mine.joined .bubble {
    border-start-end-radius: min(4px, var(--_inner));
  }
  .mine:not(.ends) .bubble {
    border-end-end-radius: min(4px, var(--_inner));
  }
  .edited .bubble {
    border-color: var(--_accent-text);
  }
  .time {
    color: var(--_muted);
    font-size: 0.8em;
    line-height: 1.4;
    white-space: nowrap;
    font-variant-numeric: tabular-nums;
  }
  .human .text {
    inline-size: fit-content;
    max-inline-size: 88%;
    padding: calc(var(--_unit) * 2) calc(var(--_unit) * 3.5);
    border: 1px solid transparent;
    border-radius: var(--_inner);
    border-end-start-radius: min(4px, var(--_inner));
    background: var(--_sunken);
  }
  .human.joined .text {
    border-start-start-radius: min(4px, var(--_inner));
  }
  .author {
    display: flex;
    align-items: center;
    gap: 8px;
    font-size: 0.87em;
    line-height: 1.4;
  }
  .avatar.person {
    inline-size: 26px;
    block-size: 26px;
    margin: 0;
    border-radius: 50%;
    background: var(--_text);
    color: var(--_surface);
    font-size: 13px;
  }
  .human:has(> .typing) {
    flex-direction: row;
    align-items: center;
  }
  .handoff {
    display: flex;
    align-self: center;
    gap: 8px;
    max-inline-size: 90%;
    padding: 6px 14px;
    border-radius: 16px;
    background: var(--_sunken);
    color: var(--_muted);
    font-size: 0.87em;
    line-height: 1.45;
  }
  .handoff svg {
    margin-block-start: 0.1em;
  }
  .count {
    position: absolute;
    inset-block-start: -8px;
    inset-inline-start: calc(50% + 4px);
    min-inline-size: 20px;
    padding-inline: 5px;
    border: 1px solid transparent;
    border-radius: 10px;
    background: var(--_accent);
    color: var(--_on-accent);
    font-size: 12px;
    font-weight: 650;
    line-height: 18px;
    text-align: center;
  }
  .editing {
    display: flex;
    align-items: center;
    gap: 10px;
    inline-size: calc(100% - var(--_unit) * 6);
    max-inline-size: 720px;
    margin: calc(var(--_unit) * 2) auto 0;
    padding: 4px 4px 4px 12px;
    border-radius: var(--_inner);
    background: var(--_tint);
    font-size: 0.9em;
  }
  .editing:dir(rtl) {
    padding: 4px 12px 4px 4px;
  }
  .editing p {
    flex: 1;
  }
  .editing svg {
    color: var(--_accent-text);
  }
`;
