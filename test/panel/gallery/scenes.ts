import { states } from '../support/states.ts';

/** How a scene is shown; as `<chat-panel>` takes it, with the page's direction. */
export type Look = {
  readonly theme?: string;
  readonly mode?: string;
  readonly locale?: string;
  readonly dir?: string;
};

export type Scene = {
  readonly name: string;
  /** In `support/states.ts`; without one there is but the launcher. */
  readonly state?: string;
  readonly draft?: string;
  /** Files that are picked once it is drawn, by name: a picture where it ends with `.png`. */
  readonly pick?: readonly string[];
  /** What is pressed once it is drawn, by selector. */
  readonly press?: readonly string[];
};

/** All that the panel can look like: its states, and what a visitor makes of them. */
export const scenes: readonly Scene[] = [
  { name: 'closed' },
  ...Object.keys(states).map((state) => ({ name: state, state })),
  { name: 'attaching', state: 'takes-files', pick: ['fern.png', 'Invoice of the fern.pdf'] },
  { name: 'menu', state: 'list', press: ['.more'] },
  { name: 'list-shown', state: 'list', press: ['.more', '.menu button:nth-of-type(2)'] },
  { name: 'renaming', state: 'list', press: ['.more', '.menu button:nth-of-type(2)', '[data-rename]'] },
  { name: 'commenting', state: 'answered', press: ['.reply.last .tools button:last-of-type'] },
  { name: 'editing', state: 'answered', press: ['.mine button'] },
  { name: 'draft', state: 'conversation', draft: 'One line,\nand another one.' },
  { name: 'too-long', state: 'empty', draft: 'word '.repeat(220) },
];
