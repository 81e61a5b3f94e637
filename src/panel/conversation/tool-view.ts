import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { MessageStatus } from '../../protocol/index.ts';
import { alertIcon, checkIcon } from './icons.ts';
import type { ConversationView as View, PartOf } from './conversation-view.ts';
import { visibleText } from './visible-text.ts';

type Tool = PartOf<'dynamic-tool'>;

/** Of what an action says about its result. */
const maxCharacters = 2_000;

/** What the agent does for the visitor: one line, or, where it asks first, a card with what it is about to do. */
export function toolView(view: View, part: Tool, status: MessageStatus): TemplateResult | typeof nothing {
  if (isSaidElsewhere(part)) return nothing;
  const { approval, state } = part;
  if (state === 'approval-requested' && approval !== undefined) return approvalView(view, part, approval.id);
  // A reply that has ended does nothing any more, whatever it was doing.
  const isOver = state === 'input-available' && status !== 'streaming';
  const shown = isOver ? 'output-error' : state;
  const line = html`${iconOf(shown)}<span>${labelOf(view, part, isOver)}</span>`;
  const result = state === 'output-available' ? resultOf(part.output) : '';
  return result === ''
    ? html`<p class="tool ${shown}" part="tool">${line}</p>`
    : html`<details class="tool ${shown}" part="tool">
        <summary>${line}</summary>
        <div part="tool-result">${visibleText(result)}</div>
      </details>`;
}

/** That a person was asked for stands in the conversation, in the visitor's language; the action's name says nothing more. */
export function isSaidElsewhere({ toolName: name, state, output }: Tool): boolean {
  return name === 'handoff' && state === 'output-available' && resultOf(output) === '';
}

/** What an action says of its result in words. All else that it answers is the agent's alone. */
function resultOf(output: unknown): string {
  const { text } = (output ?? {}) as { readonly text?: unknown };
  const said = typeof text === 'string' ? text.trim() : '';
  return said.length > maxCharacters ? `${said.slice(0, maxCharacters)}…` : said;
}

function labelOf({ strings }: View, part: Tool, isOver: boolean): string {
  const labels = {
    'input-available': isOver ? strings.toolFailed : strings.tool,
    'approval-requested': strings.toolWaiting,
    'approval-responded': strings.toolApproved,
    'output-available': strings.toolDone,
    'output-error': strings.toolFailed,
    'output-denied': part.approval?.reason === 'expired' ? strings.toolExpired : strings.toolDeclined,
  };
  return labels[part.state](toolName(part));
}

function iconOf(state: Tool['state']): TemplateResult {
  if (state === 'output-available' || state === 'approval-responded') return checkIcon;
  return state === 'output-error' || state === 'output-denied' ? alertIcon : html`<i></i>`;
}

/** The buttons wait for the reply that asks to end: until then an answer would find the conversation busy. */
function approvalView({ snapshot, strings, act }: View, part: Tool, approvalId: string): TemplateResult {
  const name = toolName(part);
  const isReady = snapshot.reply === 'idle';
  const answer = (approved: boolean) => () => isReady && act.answerApproval(approvalId, approved);
  return html`<div class="card approval" part="tool approval" role="group" aria-label=${strings.toolWaiting(name)}>
    <div>
      <b dir="auto">${strings.toolWaiting(name)}</b>
      ${inputView(part.input)}
    </div>
    <button
      class="primary"
      part="button"
      type="button"
      aria-label=${strings.approveTool(name)}
      aria-disabled=${isReady ? nothing : 'true'}
      @click=${answer(true)}
    >
      ${strings.approve}
    </button>
    <button
      part="button"
      type="button"
      aria-label=${strings.declineTool(name)}
      aria-disabled=${isReady ? nothing : 'true'}
      @click=${answer(false)}
    >
      ${strings.decline}
    </button>
  </div>`;
}

/** All of it, however long: what is shown is what runs. */
function inputView(input: unknown): TemplateResult | typeof nothing {
  const entries = typeof input === 'object' && input !== null ? Object.entries(input) : [];
  if (entries.length === 0) return nothing;
  return html`<dl class="input">
    ${entries.map(
      ([name, value]) =>
        html`<dt>${visibleText(readable(name))}</dt>
          <dd>${visibleText(typeof value === 'string' ? value : JSON.stringify(value))}</dd>`,
    )}
  </dl>`;
}

export function toolName({ toolName: name }: Pick<Tool, 'toolName'>): string {
  return readable(name);
}

function readable(name: string): string {
  return name.replaceAll(/[_-]+/g, ' ');
}
