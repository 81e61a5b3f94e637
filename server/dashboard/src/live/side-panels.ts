import { html, nothing, type TemplateResult } from 'lit';
import { path } from '../api/index.ts';
import { badge, foreignText, identityBadge, timeAgo } from '../elements/index.ts';
import type { ConversationFacts, Live, Present } from './types.ts';
import { visitorName } from './types.ts';

/** Open where there is room for it. */
const panel = (title: string, content: unknown): TemplateResult =>
  html`<details ?open=${window.matchMedia('(min-width: 961px)').matches}>
    <summary><h2>${title}</h2></summary>
    <div>${content}</div>
  </details>`;

export function visitorPanel(facts: ConversationFacts): TemplateResult {
  const { user, agentId, agentName, site, createdAt } = facts;
  const isSelfReported = !user.identityVerified && (user.userName ?? user.userEmail) !== null;
  const kind = user.identityVerified ? 'verified' : isSelfReported ? 'self-reported' : 'anonymous';
  const contact =
    user.userId === null
      ? nothing
      : html`<a href=${path`/dashboard/contacts/${agentId}/${user.userId}`}>All of this visitor</a>`;
  return panel(
    'Visitor',
    html`<div class="row">${identityBadge(kind)}</div>
      <dl class="facts">
        <dt>Name</dt>
        <dd>${foreignText(visitorName(facts))}</dd>
        ${fact('E-mail', user.userEmail)} ${fact('Id', user.userId)} ${fact('Site', site)}
        <dt>Agent</dt>
        <dd>${agentName}</dd>
        <dt>Since</dt>
        <dd>${timeAgo(createdAt)}</dd>
      </dl>
      ${contact}`,
  );
}

const fact = (label: string, value: string | null): TemplateResult | typeof nothing =>
  value === null || value.trim() === ''
    ? nothing
    : html`<dt>${label}</dt>
        <dd>${foreignText(value)}</dd>`;

export type CareOptions = {
  readonly live: Live;
  readonly mayAnswer: boolean;
  readonly me: string | undefined;
  readonly assign: (operatorId: string | null) => void;
};

export function carePanel({ live, mayAnswer, me, assign }: CareOptions): TemplateResult {
  const { assignee, colleagues, status } = live;
  const known = assignee === null || colleagues.some(({ id }) => id === assignee.id);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const { value } = (event.currentTarget as HTMLFormElement).querySelector('select') ?? { value: '' };
    assign(value === '' ? null : value);
  };
  const others = known || assignee === null ? colleagues : [...colleagues, assignee];
  return panel(
    'Care',
    html`<div class="row">
        ${badge(status === 'open' ? 'Open' : 'Closed', status === 'open' ? 'accent' : 'neutral')}
      </div>
      <form class="field" @submit=${submit}>
        <label for="assignee">Assigned to</label>
        <select id="assignee" class="input" ?disabled=${!mayAnswer} .value=${assignee?.id ?? ''}>
          <option value="" ?selected=${assignee === null}>Nobody</option>
          ${others.map(
            ({ id, name }) =>
              html`<option value=${id} ?selected=${id === assignee?.id}>${name}${id === me ? ' (you)' : ''}</option>`,
          )}
        </select>
        ${mayAnswer ? assignButtons(assignee?.id !== me && me !== undefined ? () => assign(me) : undefined) : nothing}
      </form>`,
  );
}

/** By a button: with the arrow keys a choice passes those that are not meant. */
const assignButtons = (assignToMe: (() => void) | undefined): TemplateResult =>
  html`<div class="row">
    <button class="button small">Assign</button>
    ${
      assignToMe === undefined
        ? nothing
        : html`<button type="button" class="button small" @click=${assignToMe}>Assign to me</button>`
    }
  </div>`;

/** Never folded away: two who answer at once have to know of each other. */
export const presencePanel = (present: readonly Present[]): TemplateResult =>
  html`<section class="present" role="status" aria-label="Colleagues who look at this conversation">
    ${
      present.length === 0
        ? html`<p class="muted">Nobody else looks at this.</p>`
        : html`<p>
            Also here:
            ${present.map(
              ({ name, typing }, at) =>
                html`${at === 0 ? nothing : ', '}<strong><bdi>${name}</bdi></strong
                  >${typing ? ' types…' : nothing}`,
            )}
          </p>`
    }
  </section>`;

const keys: readonly (readonly [string, string])[] = [
  ['Enter', 'Send'],
  ['Shift + Enter', 'New line'],
  ['/', 'Find a saved reply'],
  ['Alt + Shift + R', 'Write a reply'],
  ['Alt + Shift + N', 'Write an internal note'],
  ['Alt + Shift + T', 'Take over, or hand back'],
  ['Alt + Shift + E', 'Close, or reopen'],
  ['Alt + Shift + J', 'Jump to the newest'],
];

export const keysPanel = (): TemplateResult =>
  html`<details>
    <summary><h2>Keyboard</h2></summary>
    <div>
      <dl class="facts">
        ${keys.map(
          ([key, what]) =>
            html`<dt><kbd>${key}</kbd></dt>
              <dd>${what}</dd>`,
        )}
      </dl>
    </div>
  </details>`;
