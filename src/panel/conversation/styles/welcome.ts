import { css } from '../../styles/css.ts';

/** A conversation that has not begun: the greeting in the middle of what is free, the starters at the composer. */
export const welcome = css`
  .welcome {
    flex: 1;
    display: flex;
    flex-direction: column;
    gap: calc(var(--_unit) * 5);
  }
  .first {
    display: flex;
    flex-direction: column;
    align-items: center;
    gap: calc(var(--_unit) * 4);
    margin-block: auto;
    padding: calc(var(--_unit) * 2);
    text-align: center;
  }
  .first .avatar {
    inline-size: 56px;
    block-size: 56px;
    margin: 0;
    font-size: 1.4em;
  }
  .greeting {
    max-inline-size: 22em;
    font-size: 1.4em;
    font-weight: 600;
    line-height: 1.35;
    letter-spacing: -0.01em;
    text-wrap: balance;
  }
  .suggestions {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 260px), 1fr));
    gap: 8px;
    margin-block-end: calc(var(--_unit) * -2);
  }
  .suggestions button {
    justify-content: space-between;
    inline-size: 100%;
    block-size: 100%;
    min-block-size: 44px;
    padding-inline: 14px 12px;
    border-color: var(--_outline);
    border-radius: var(--_inner);
    font-weight: 400;
    text-align: start;
  }
  .suggestions svg {
    color: var(--_accent-text);
  }
`;
