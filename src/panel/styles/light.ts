import { css } from 'lit';

/**
 * Colours and measures. Each can be set from the page by its public name (`--chat-accent` for `--_accent`); all pairs
 * of the built-in ones that text stands on reach 4.5:1. The dark ones stand in `dark.ts`.
 */
export const light = css`
  :host {
    all: initial;
    color-scheme: light;
    --_accent: var(--chat-accent, #1b6b56);
    --_on-accent: var(--chat-on-accent, #fff);
    --_surface: var(--chat-surface, #fff);
    --_sunken: var(--chat-sunken, #f3f5f2);
    --_text: var(--chat-text, #1b211e);
    --_muted: var(--chat-muted, #59645e);
    --_border: var(--chat-border, #dfe4e0);
    --_danger: var(--chat-danger, #9c2a1c);
    --_danger-surface: var(--chat-danger-surface, #fdf0ed);
    --_warning: var(--chat-warning, #6a4a05);
    --_warning-surface: var(--chat-warning-surface, #fcf4df);
    --_shadow: var(--chat-shadow, 0 0 0 1px #0f201814, 0 4px 12px #0f20180f, 0 20px 56px #0f201829);
    --_radius: var(--chat-radius, 18px);
    --_inner: calc(var(--_radius) * 0.67);
    --_unit: calc(4px * var(--chat-density, 1));
    --_tint: color-mix(in srgb, var(--_accent) 11%, var(--_surface));
    --_line: color-mix(in srgb, var(--_accent) 34%, var(--_surface));
    --_mono: var(--chat-font-mono, ui-monospace, 'SF Mono', Menlo, Consolas, monospace);
    font: 400 var(--chat-font-size, 15px) / 1.5
      var(--chat-font, system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif);
    color: var(--_text);
    text-align: start;
    -webkit-text-size-adjust: 100%;
  }
`;
