import { tokens as widgetTokens } from '../../../../src/panel/styles/tokens.ts';
import { css } from './adopt-styles.ts';

/** The widget's colours and measures, for the document instead of the widget; denser, as there is more to see. */
export const tokens =
  widgetTokens.replaceAll(/:host\(([^)]*)\)/g, ':root$1').replaceAll(':host', ':root') +
  css`
    :root {
      --_corner: 12px;
      --_font-size: 14px;
      --_success: light-dark(#1b6b56, #7ccbb0);
      --_success-surface: light-dark(#e6f3ee, #1b312a);
      --_canvas: light-dark(#f7f8f6, #111513);
      --_control: light-dark(#879089, #6f7b74);
      --_space: 16px;
      --_sidebar: 232px;
      font-size: var(--_font-size);
      background: var(--_canvas);
    }
  `;
