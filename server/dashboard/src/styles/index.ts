import { adoptStyles } from './adopt-styles.ts';
import { base } from './base.ts';
import { content } from './content.ts';
import { controls } from './controls.ts';
import { shell } from './shell.ts';
import { tokens } from './tokens.ts';

export { adoptStyles, css } from './adopt-styles.ts';

/** What every page stands on. */
export function adoptDashboardStyles(): void {
  for (const text of [tokens, base, controls, content, shell]) adoptStyles(text);
}
