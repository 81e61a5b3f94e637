import type { z } from 'zod';
import { escapeMarkdown } from '../knowledge/escape-markdown.ts';
import { wordsOf } from '../knowledge/words.ts';
import type { Action } from './action.ts';
import type { ActionResult } from './call-action.ts';

const maxMessageCharacters = 4_000;

const signInToGoOn = 'For this I need you to be signed in, so that I know who is asking.';

export const askedFirst = 'Please have a look at this. I do it only if you approve.';

export const declined = 'All right, I did not do it.';

const notAllowed = 'I am sorry, your account may not do this.';

/** How an action's end is told where no model finds words for it. Markdown; what an action returned is escaped. */
export function sayResult(action: Action, result: ActionResult): string {
  switch (result.kind) {
    case 'done':
      return messageIn(result.output) ?? `Done: ${readableName(action)}.`;
    case 'failed':
      return 'That did not work. Please try again in a moment.';
    case 'stopped':
      return 'That was stopped.';
    case 'sign-in-required':
      return signInToGoOn;
    case 'not-allowed':
      return notAllowed;
  }
}

/** What a visitor has still to say before the action can run. */
export function askForMore(action: Action, missing: readonly string[]): string {
  const [first, ...others] = missing.filter((name) => name !== '').map((name) => wanted(action, name));
  const example = `“${escapeMarkdown(action.phrases[0] ?? action.name)} …”`;
  if (first === undefined) return `I did not quite understand that. Please say it in one message, such as ${example}.`;
  const what = others.length === 0 ? `one more thing: ${first}` : `some more:\n\n- ${[first, ...others].join('\n- ')}`;
  return `For this I need ${what}\n\nJust write it here, or all at once, such as ${example}.`;
}

/** As the schema describes it; a description that does not say what it describes is given its name. */
function wanted({ inputSchema }: Action, name: string): string {
  const { shape = {} } = inputSchema as { readonly shape?: { readonly [name: string]: z.ZodType | undefined } };
  const readable = name.replaceAll(/[_.-]+/g, ' ');
  const description = Object.hasOwn(shape, name) ? shape[name]?.description : undefined;
  if (description === undefined) return escapeMarkdown(readable);
  const isNamed = wordsOf(description).join(' ').includes(wordsOf(readable).join(' '));
  return escapeMarkdown(isNamed ? description : `${readable} (${description})`);
}

export function readableName({ name }: Action): string {
  return escapeMarkdown(name.replaceAll(/[_-]+/g, ' '));
}

/**
 * A result's words for the visitor: the text itself, or its member `message`. Lines stay lines, those that begin with
 * "- " a list; all else is shown as it is written, so that nothing in an order's name becomes a link.
 */
function messageIn(output: unknown): string | undefined {
  const message = typeof output === 'object' && output !== null && 'message' in output ? output.message : output;
  if (typeof message !== 'string' || message.trim() === '') return undefined;
  return (
    message
      .slice(0, maxMessageCharacters)
      .split(/\r?\n/)
      .map((line) => (line.startsWith('- ') ? `- ${escapeMarkdown(line.slice(2))}` : escapeMarkdown(line)))
      // A list goes on without a gap, and ends with one.
      .map((line, at, lines) => `${line}${(lines[at + 1] ?? '').startsWith('- ') ? '\n' : '\n\n'}`)
      .join('')
      .replaceAll(/\n{3,}/g, '\n\n')
      .trim()
  );
}
