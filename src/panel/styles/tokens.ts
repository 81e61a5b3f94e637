import { css } from './css.ts';

/**
 * Colours and measures, as `docs/styling.md` lists them. Each can be set from the page by its public name (`--chat-accent`
 * for `--_accent`); below that counts what the server says of its agent (`--_chat-accent`, src/shell/appearance.ts), and
 * below that what stands here. All pairs of the built-in ones that text stands on reach 4.5:1.
 *
 * Of the accent, which may be any colour, two more are made. Black or white stands on it, whichever has the more contrast:
 * they are even (4.58:1) where its relative luminance, the y of CIE XYZ, is 0.179. Links and icons are of the accent, but
 * not lighter than y = 0.117 (4.5:1 on all of y > 0.71), and on dark not darker than y = 0.35 (on all of y < 0.038).
 */
export const tokens = css`
  :host {
    all: initial;
    color-scheme: light dark;
    --_accent: var(--chat-accent, var(--_chat-accent, light-dark(#1b6b56, #7ccbb0)));
    --_on-accent: var(
      --chat-on-accent,
      oklch(from color(from var(--_accent) xyz-d65 y y y) calc((0.5655 - l) * 1e9) 0 0)
    );
    --_accent-hover: color-mix(in srgb, var(--_accent) 88%, oklch(from var(--_on-accent) calc(1 - l) 0 0));
    --_accent-text: var(
      --chat-accent-text,
      light-dark(
        color(from var(--_accent) xyz-d65 min(x, x * 0.117 / y) min(y, 0.117) min(z, z * 0.117 / y)),
        color(
          from var(--_accent) xyz-d65 calc(x + max(0, (0.35 - y) / (1 - y)) * (0.9505 - x)) max(y, 0.35)
            calc(z + max(0, (0.35 - y) / (1 - y)) * (1.089 - z))
        )
      )
    );
    --_surface: var(--chat-surface, light-dark(#fff, #161a18));
    --_sunken: var(--chat-sunken, light-dark(#f3f5f2, #1f2522));
    --_text: var(--chat-text, light-dark(#1b211e, #e7ebe8));
    --_muted: var(--chat-muted, light-dark(#59645e, #a0aca5));
    --_border: var(--chat-border, light-dark(#dfe4e0, #323a36));
    --_danger: var(--chat-danger, light-dark(#9c2a1c, #ffb3a6));
    --_danger-surface: var(--chat-danger-surface, light-dark(#fdf0ed, #38201c));
    --_warning: var(--chat-warning, light-dark(#6a4a05, #efd08a));
    --_warning-surface: var(--chat-warning-surface, light-dark(#fcf4df, #302814));
    --_shadow: var(
      --chat-shadow,
      0 0 0 1px light-dark(#0f201814, #ffffff14),
      0 4px 12px #0f20180f,
      0 20px 56px light-dark(#0f201829, #000000a6)
    );
    --_corner: var(--chat-radius, var(--_chat-radius, 18px));
    --_radius: var(--_corner);
    --_inner: calc(var(--_corner) * 0.67);
    --_pill: calc(var(--_corner) * 5);
    --_unit: calc(4px * var(--chat-density, var(--_chat-density, 1)));
    --_offset: var(--chat-offset, 20px);
    --_tint: color-mix(in srgb, var(--_accent) 11%, var(--_surface));
    --_line: color-mix(in srgb, var(--_accent) 34%, var(--_surface));
    --_mono: var(--chat-font-mono, ui-monospace, 'SF Mono', Menlo, Consolas, monospace);
    font: 400 var(--chat-font-size, var(--_chat-font-size, 15px)) / 1.5
      var(--chat-font, var(--_chat-font, system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif));
    color: var(--_text);
    text-align: start;
    -webkit-text-size-adjust: 100%;
  }
  @media (prefers-contrast: more) {
    :host {
      --_muted: var(--_text);
      --_border: var(--_text);
    }
  }
  :host([theme='light']) {
    color-scheme: light;
  }
  :host([theme='dark']) {
    color-scheme: dark;
  }
`;
