import { html, nothing, type TemplateResult } from 'lit';
import { knowledgeField } from '../agents/knowledge-field.ts';
import type { AgentAnswer, AgentList, AgentSummary } from '../agents/types.ts';
import { api, Loader, path } from '../api/index.ts';
import { DashboardPage } from '../dashboard-page.ts';
import { announce, badge, dataTable, emptyState, Form, icon, loaded, pageHeader, textOf } from '../elements/index.ts';
import { navigate } from '../navigation.ts';

/** All agents, and making one. */
export class AgentsPage extends DashboardPage {
  readonly #agents = new Loader(this, (signal) => api.get<AgentList>('agents', { signal }));
  readonly #form = new Form(this, async (data) => {
    const [id, knowledge] = [textOf(data, 'id').trim(), textOf(data, 'knowledge').trim()];
    const { agent } = await api.post<AgentAnswer>('agents', {
      name: textOf(data, 'name').trim(),
      ...(id === '' ? {} : { id }),
      ...(knowledge === '' ? {} : { knowledge }),
    });
    announce('Agent created');
    navigate(`/dashboard/${path`agents/${agent.id}`}`);
  });
  #isCreating = false;

  protected override render(): TemplateResult {
    const list = this.#agents.value;
    const actions = list?.mayCreate ? this.#createButton() : nothing;
    return html`<div class="stack">
      ${pageHeader({ title: 'Agents', description: 'Who answers on your sites: how each looks, what it knows and what it can do.', actions })}
      ${loaded(this.#agents, (value) => (value.agents.length === 0 ? this.#empty() : this.#table(value.agents)))}
      ${list ? this.#dialog(list) : nothing}
    </div>`;
  }

  #createButton(): TemplateResult {
    return html`<button type="button" class="button primary" @click=${() => this.#show(true)}>
      ${icon('plus')}New agent
    </button>`;
  }

  #empty(): TemplateResult {
    return emptyState({
      icon: 'agents',
      title: 'No agents for you',
      text: 'You see the agents that an administrator has given you. Ask one to add some to your account.',
    });
  }

  #table(agents: readonly AgentSummary[]): TemplateResult {
    return html`<section class="card">
      ${dataTable<AgentSummary>({
        caption: 'Agents',
        rows: agents,
        key: ({ id }) => id,
        columns: [
          { label: 'Name', cell: (agent) => this.#name(agent) },
          { label: 'Id', cell: ({ id }) => html`<code>${id}</code>` },
          { label: 'Where', cell: ({ isInFile }) => (isInFile ? 'Configuration file' : 'Dashboard') },
          { label: 'State', cell: stateOf },
        ],
      })}
    </section>`;
  }

  #name({ id, name }: AgentSummary): TemplateResult {
    const address = `/dashboard/${path`agents/${id}`}`;
    if (!this.may('operator')) return html`${name}`;
    return html`<a href=${this.may('admin') ? address : `${address}/install`}>${name}</a>`;
  }

  #dialog(surroundings: AgentList): TemplateResult {
    const { hasModel, mayNameFolders } = surroundings;
    const form = this.#form;
    return html`<cw-dialog .open=${this.#isCreating} .heading=${'New agent'} @close=${() => this.#show(false)}>
      <form class="stack" novalidate @submit=${form.submit}>
        ${form.field({ name: 'name', label: 'Name', required: true, maxLength: 500, hint: 'Visitors read it above the chat.' })}
        ${form.field({ name: 'id', label: 'Id', maxLength: 64, hint: 'In the code of your site. Left empty, it is made of the name. It never changes.' })}
        ${
          mayNameFolders || !hasModel
            ? knowledgeField(form, { surroundings, value: '', isRequired: !hasModel })
            : nothing
        }
        ${form.failure()}
        <div class="row">
          ${form.button('Create agent', { busy: 'Creating…' })}
          <button type="button" class="button" @click=${() => this.#show(false)}>Cancel</button>
        </div>
      </form>
    </cw-dialog>`;
  }

  #show(isCreating: boolean): void {
    this.#isCreating = isCreating;
    this.#form.reset();
  }
}

function stateOf({ isUsable, hasProblems }: AgentSummary): TemplateResult {
  if (!isUsable) return badge('Does not answer', 'danger', 'alert');
  return hasProblems ? badge('Needs a look', 'warning', 'alert') : badge('Ready', 'success', 'check');
}

if (!customElements.get('agents-page')) customElements.define('agents-page', AgentsPage);

declare global {
  interface HTMLElementTagNameMap {
    'agents-page': AgentsPage;
  }
}
