import { css } from '../../styles/css.ts';

/** Files on their way into a message. */
export const attachments = css`
  .field > .icon {
    border-radius: 50%;
  }
  .field:has(> .icon) textarea,
  .field:has(> .icon) .grow::after {
    padding-inline-start: 4px;
  }
  .tray {
    display: grid;
    gap: 8px;
    inline-size: 100%;
    max-inline-size: 744px;
    max-block-size: 40%;
    margin-inline: auto;
    padding: calc(var(--_unit) * 2) calc(var(--_unit) * 3) 0;
    overflow-y: auto;
    overscroll-behavior: contain;
  }
  .tray ul {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 210px), 1fr));
    gap: 8px;
  }
  .upload {
    display: flex;
    align-items: center;
    gap: 8px;
    min-inline-size: 0;
    padding: 4px;
    padding-inline-start: 10px;
    border: 1px solid var(--_border);
    border-radius: var(--_inner);
    background: var(--_sunken);
    font-size: 0.87em;
    line-height: 1.35;
  }
  .upload.failed {
    flex-wrap: wrap;
    border-color: var(--_danger);
  }
  .upload-icon {
    display: grid;
    place-items: center;
    inline-size: 36px;
    margin-inline-start: -4px;
    color: var(--_muted);
  }
  .upload-icon canvas {
    inline-size: 36px;
    block-size: 36px;
    border-radius: calc(var(--_inner) - 6px);
    object-fit: cover;
  }
  .failed .upload-icon,
  .upload-why,
  .tray-problem {
    color: var(--_danger);
  }
  .upload-what {
    flex: 1 1 0;
    min-inline-size: 84px;
  }
  .upload-what bdi {
    display: block;
    inline-size: fit-content;
    max-inline-size: 100%;
    overflow: hidden;
    white-space: nowrap;
    text-overflow: ellipsis;
  }
  .upload-what p {
    inline-size: fit-content;
  }
  .upload:not(.failed) p {
    color: var(--_muted);
  }
  .upload .icon,
  .tray-problem .icon {
    inline-size: 32px;
    block-size: 32px;
    min-block-size: 32px;
  }
  progress {
    all: unset;
    display: block;
    inline-size: 100%;
    block-size: 4px;
    margin-block: 7px;
    border-radius: 2px;
    background: var(--_border);
    overflow: hidden;
  }
  progress::-webkit-progress-bar {
    background: var(--_border);
  }
  progress::-webkit-progress-value {
    border-radius: 2px;
    background: var(--_accent-text);
  }
  progress::-moz-progress-bar {
    border-radius: 2px;
    background: var(--_accent-text);
  }
  .tray-problem {
    display: flex;
    align-items: flex-start;
    gap: 8px;
    font-size: 0.87em;
  }
  .tray-problem > svg {
    margin-block-start: 0.4em;
  }
  .tray-problem > div {
    flex: 1;
    min-inline-size: 0;
    padding-block: 5px;
  }
  .tray-waits {
    color: var(--_muted);
    font-size: 0.87em;
  }
  .drop {
    position: absolute;
    z-index: 3;
    inset: 8px;
    display: grid;
    place-items: center;
    padding: 16px;
    border: 2px dashed var(--_accent-text);
    border-radius: max(0px, var(--_radius) - 6px);
    background: color-mix(in srgb, var(--_surface) 92%, transparent);
    color: var(--_text);
    font-size: 1.1em;
    font-weight: 600;
    text-align: center;
    pointer-events: none;
  }
  .drop p {
    display: grid;
    justify-items: center;
    gap: 10px;
  }
  .drop svg {
    inline-size: 32px;
    block-size: 32px;
    color: var(--_accent-text);
  }
  @media (forced-colors: active) {
    progress {
      border: 1px solid CanvasText;
    }
    progress::-webkit-progress-value {
      background: Highlight;
      forced-color-adjust: none;
    }
  }
`;
