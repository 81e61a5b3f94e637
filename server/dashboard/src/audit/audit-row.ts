import { html, nothing, type TemplateResult } from 'lit';
import { path } from '../api/index.ts';
import { badge, foreignText, icon, timeAt } from '../elements/index.ts';
import { adoptStyles, css } from '../styles/index.ts';
import { type AuditEntry, type Change, describeEntry, kindLabels, type People } from './sentences.ts';

adoptStyles(css`
  .audit-row {
    display: grid;
    gap: 6px;
    padding: 12px 20px;
    border-block-end: 1px solid var(--_border);
    overflow-wrap: anywhere;
  }
  .audit-row > header {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    justify-content: space-between;
    gap: 2px 16px;
  }
  .audit-row h3 {
    flex: 1 1 280px;
    margin: 0;
    font-size: 14.5px;
    font-weight: 550;
  }
  .audit-about {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 12px;
    color: var(--_muted);
    font-size: 12.5px;
  }
  .audit-changes {
    display: grid;
    gap: 4px;
    font-size: 13px;
  }
  .audit-changes .icon {
    inline-size: 14px;
    block-size: 14px;
    margin-inline: 4px;
    vertical-align: -2px;
    color: var(--_muted);
  }
`);

/** What was done, what it was before and is now, and where. */
export const auditRow = (entry: AuditEntry, people: People): TemplateResult => {
  const { sentence, changes, facts } = describeEntry(entry, people);
  return html`<article class="audit-row">
    <header>
      <h3>${foreignText(sentence)}</h3>
      <span class="small muted">${timeAt(entry.at)}</span>
    </header>
    ${
      changes.length === 0
        ? nothing
        : html`<ul class="audit-changes">
            ${changes.map((change) => changeLine(entry.kind, change))}
          </ul>`
    }
    <div class="audit-about">
      ${badge(kindLabels[entry.kind] ?? entry.kind)}
      ${entry.agentName === null ? nothing : html`<span>Agent: ${foreignText(entry.agentName)}</span>`}
      ${entry.subject === null ? nothing : html`<span>Visitor: <bdi class="mono">${entry.subject}</bdi></span>`}
      ${facts.map(({ name, value }) => html`<span>${factValue(entry, name, value)}</span>`)}
    </div>
  </article>`;
};

const changeLine = (kind: string, { name, before: old, after }: Change): TemplateResult => {
  // What is new has not been anything else.
  const before = old === null && kind.endsWith('-created') ? undefined : old;
  const both = before === undefined || after === undefined ? nothing : isNow;
  return html`<li>
    ${name === '' ? nothing : html`<span class="muted">${name}:</span> `}${before === undefined ? nothing : valueOf(kind, before)}
    ${both} ${after === undefined ? nothing : valueOf(kind, after)}
  </li>`;
};

const isNow = html`${icon('forward')}<span class="visually-hidden"> is now </span>`;

/** What stands for a value that is not there. */
const absent: { readonly [kind: string]: string } = {
  'policy-changed': 'as by default',
  'agent-changed': 'as by default',
  'conversation-assigned': 'nobody',
};

const valueOf = (kind: string, value: string | null): TemplateResult =>
  value === null || value === ''
    ? html`<span class="muted">${(value === null ? absent[kind] : undefined) ?? 'none'}</span>`
    : html`<bdi>${value}</bdi>`;

/** A conversation is a link, unless the entry itself says that it is gone. */
const factValue = ({ kind }: AuditEntry, name: string, value: string): TemplateResult =>
  name === 'conversation' && kind !== 'conversation-removed'
    ? html`<a href=${path`/dashboard/conversations/${value}`}>Show the conversation</a>`
    : html`${name}: <bdi>${value}</bdi>`;
