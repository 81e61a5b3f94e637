import { unsafeCSS } from 'lit';

/** The same rules stand under two selectors, which `css` alone cannot say without repeating them. */
const darkColors = {
  accent: '#7ccbb0',
  'on-accent': '#08231b',
  surface: '#161a18',
  sunken: '#1f2522',
  text: '#e7ebe8',
  muted: '#a0aca5',
  border: '#323a36',
  danger: '#ffb3a6',
  'danger-surface': '#38201c',
  warning: '#efd08a',
  'warning-surface': '#302814',
  shadow: '0 0 0 1px #ffffff14,0 16px 48px #000000a6',
};
const darkRules = Object.entries(darkColors)
  .map(([name, value]) => `--_${name}:var(--chat-${name},${value})`)
  .join(';');
/** Wanted by the system, unless the page says otherwise; or by the page. */
export const dark = unsafeCSS(
  [
    [':host(:not([theme=light]))', '@media (prefers-color-scheme:dark){', '}'],
    [':host([theme=dark])', '', ''],
  ]
    .map(([selector, before, after]) => `${before}${selector}{color-scheme:dark;${darkRules}}${after}`)
    .join(''),
);
