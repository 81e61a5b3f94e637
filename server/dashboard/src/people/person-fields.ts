import { html, nothing, type TemplateResult } from 'lit';
import { ApiError, type Role } from '../api/index.ts';
import { type Form, icon, textOf } from '../elements/index.ts';
import { type AgentName, type Person, roleHints, roleNames } from './person.ts';

const roles: readonly Role[] = ['viewer', 'operator', 'admin'];

type Chosen = Pick<Person, 'role' | 'agentIds'>;

/** What somebody may do, and where. */
export const accessFields = (form: Form, agents: readonly AgentName[], { role, agentIds }: Chosen): TemplateResult =>
  html`${form.control(
    {
      name: 'role',
      label: 'Role',
      hint: html`${roles.map((each) => html`<div>${roleNames[each]}: ${roleHints[each]}</div>`)}`,
    },
    ({ id, describedBy, invalid }) =>
      html`<select class="input" id=${id} name="role" aria-describedby=${describedBy} aria-invalid=${invalid}>
        ${roles.map((each) => html`<option value=${each} ?selected=${each === role}>${roleNames[each]}</option>`)}
      </select>`,
  )}
  ${agentFields(form, agents, agentIds)}`;

function agentFields(form: Form, agents: readonly AgentName[], chosen: readonly string[] | null): TemplateResult {
  const { current } = form;
  const error = current.state === 'refused' ? current.fields['agentIds'] : undefined;
  return html`<fieldset class="stack agents-seen">
    <legend>Agents</legend>
    <label class="choice">
      <input type="radio" name="scope" value="all" .defaultChecked=${chosen === null} />
      <span>All agents, and those to come</span>
    </label>
    <label class="choice">
      <input type="radio" name="scope" value="some" .defaultChecked=${chosen !== null} />
      <span>Only these:</span>
    </label>
    <div class="stack agents-list">
      ${agents.map(
        ({ id, name }) =>
          html`<label class="choice">
            <input
              type="checkbox"
              name="agentIds"
              .value=${id}
              aria-invalid=${error !== undefined}
              .defaultChecked=${chosen?.includes(id) ?? false}
              @change=${chooseSome}
            />
            <span>${name}</span>
          </label>`,
      )}
    </div>
    ${
      error === undefined
        ? nothing
        : html`<div class="field">
            <div class="error" role="alert">${icon('alert')}<span>${error}</span></div>
          </div>`
    }
  </fieldset>`;
}

/** Who ticks an agent means these only. */
function chooseSome({ currentTarget }: Event): void {
  const { form, checked } = currentTarget as HTMLInputElement;
  const some = form?.querySelector<HTMLInputElement>('[name="scope"][value="some"]');
  if (checked && some) some.checked = true;
}

/** What the fields say. @throws ApiError where no agent was chosen */
export function accessOf(data: FormData): Chosen {
  const role = textOf(data, 'role') as Role;
  if (textOf(data, 'scope') !== 'some') return { role, agentIds: null };
  const agentIds = data.getAll('agentIds').filter((value): value is string => typeof value === 'string');
  if (agentIds.length > 0) return { role, agentIds };
  throw new ApiError(0, 'invalid_input', { fields: { agentIds: 'Choose at least one agent, or all of them.' } });
}
