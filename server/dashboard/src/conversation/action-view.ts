import { html, nothing, type TemplateResult } from 'lit';
import type { MessageStatus, ToolPart } from '../../../../src/protocol/index.ts';
import { badge, type Tone } from '../elements/index.ts';

/** Of what went into an action and came out of it. */
const maxCharacters = 20_000;

/** An action that the agent ran, or asked to run: how it ended, with what went in and came out behind it. */
export function actionView(part: ToolPart, status: MessageStatus | undefined): TemplateResult {
  const [outcome, tone] = outcomeOf(part, status);
  return html`<details class="action">
    <summary>
      <span>Action <bdi class="mono">${part.toolName}</bdi></span>
      ${badge(outcome, tone)}
    </summary>
    <dl>${entry('Input', part.input)} ${entry('Output', part.output)} ${entry('Error', part.errorText)}</dl>
  </details>`;
}

function outcomeOf({ state, approval }: ToolPart, status: MessageStatus | undefined): readonly [string, Tone] {
  switch (state) {
    case 'input-available':
      return status === 'streaming' ? ['Running', 'accent'] : ['Did not finish', 'danger'];
    case 'approval-requested':
      return ['Waits for the visitor’s approval', 'warning'];
    case 'approval-responded':
      return ['Approved by the visitor', 'accent'];
    case 'output-available':
      return ['Done', 'success'];
    case 'output-error':
      return ['Failed', 'danger'];
    case 'output-denied':
      return approval?.reason === 'expired'
        ? ['Not approved in time', 'neutral']
        : ['Declined by the visitor', 'neutral'];
  }
}

function entry(label: string, value: unknown): TemplateResult | typeof nothing {
  if (value === undefined) return nothing;
  const text = typeof value === 'string' ? value : JSON.stringify(value, undefined, 2);
  const shown = text.length > maxCharacters ? `${text.slice(0, maxCharacters)}…` : text;
  return html`<dt>${label}</dt>
    <dd><pre tabindex="0" role="group" aria-label=${label} dir="auto">${shown}</pre></dd>`;
}
