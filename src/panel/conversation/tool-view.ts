import { html, nothing, type TemplateResult } from 'lit';
import type { MessageStatus } from '../../protocol/index.ts';
import { alertIcon, checkIcon } from './icons.ts';
import type { ConversationView as View, PartOf } from './conversation-view.ts';

type Tool = PartOf<'dynamic-tool'>;

/** What the agent does for the visitor: one line, or, where it asks first, a card with what it is about to do. */
export function toolView(view: View, part: Tool, status: MessageStatus): TemplateResult {
  const { approval, state } = part;
  if (state === 'approval-requested' && approval !== undefined) return approvalView(view, part, approval.id);
  // A reply that has ended does nothing any more, whatever it was doing.
  const isOver = state === 'input-available' && status !== 'streaming';
  const icon = iconOf(isOver ? 'output-error' : state);
  return html`<p class="tool ${state}" part="tool">
    ${icon === nothing ? html`<i></i>` : icon}<span>${labelOf(view, part, isOver)}</span>
  </p>`;
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

function iconOf(state: Tool['state']): TemplateResult | typeof nothing {
  if (state === 'output-available' || state === 'approval-responded') return checkIcon;
  return state === 'output-error' || state === 'output-denied' ? alertIcon : nothing;
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

/** All of it: what is shown is what runs. */
function inputView(input: unknown): TemplateResult | typeof nothing {
  const entries = typeof input === 'object' && input !== null ? Object.entries(input) : [];
  if (entries.length === 0) return nothing;
  return html`<dl class="input">
    ${entries.map(
      ([name, value]) =>
        html`<dt>${readable(name)}</dt>
          <dd dir="auto">${typeof value === 'string' ? value : JSON.stringify(value)}</dd>`,
    )}
  </dl>`;
}

export function toolName({ toolName: name }: Pick<Tool, 'toolName'>): string {
  return readable(name);
}

function readable(name: string): string {
  return name.replaceAll(/[_-]+/g, ' ');
}
