import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { api, ApiError, path } from '../api/index.ts';
import { announce, badge, confirmDialog, dataTable, emptyState, Form, icon } from '../elements/index.ts';
import { actionFields, readAction } from './action-fields.ts';
import type { Agent, AgentAction, AgentAnswer } from './types.ts';

/** What an agent can do: a list, and a dialog for one of them. `agent-changed` (detail: the agent) when one was changed. */
class AgentActionsElement extends LitElement {
  static override readonly properties = { agent: { attribute: false } };

  agent: Agent | undefined;
  #editing: AgentAction | 'new' | undefined;
  readonly #form = new Form(this, async (data) => {
    const { changed, signingSecret } = readAction(data);
    const { agent } = this;
    if (!agent || this.#editing === undefined) return;
    const known = this.#editing === 'new' ? undefined : this.#editing;
    const mine = agent.actions.filter(({ origin }) => origin === 'dashboard');
    const at = known === undefined ? mine.length : mine.indexOf(known);
    const next = {
      ...(known?.id ? { id: known.id } : {}),
      settings: changed,
      ...(signingSecret === '' ? {} : { signingSecret }),
    };
    await this.#save(mine.map(asSent).toSpliced(at, 1, next), at);
    announce(known ? 'Action saved' : 'Action added');
    this.#edit(undefined);
  });

  protected override createRenderRoot(): this {
    return this;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { agent } = this;
    if (!agent) return nothing;
    const add = html`<button type="button" class="button" @click=${() => this.#edit('new')}>
      ${icon('plus')}Add an action
    </button>`;
    return html`<section class="card" aria-labelledby="actions-heading">
      <header>
        <h2 id="actions-heading">Actions</h2>
        <p>What the agent can do for visitors: calls to your backend, signed, with who the visitor is.</p>
      </header>
      ${
        agent.actions.length === 0
          ? emptyState({
              icon: 'key',
              title: 'No actions',
              text: 'The agent answers questions and does nothing else.',
              action: add,
            })
          : html`${this.#table(agent.actions)}
              <div class="row">${add}</div>`
      }
      ${this.#dialog()}
    </section>`;
  }

  #table(actions: readonly AgentAction[]): TemplateResult {
    return dataTable<AgentAction>({
      caption: 'Actions',
      rows: actions,
      key: ({ id, settings }) => id ?? settings.name,
      columns: [
        {
          label: 'Action',
          cell: ({ settings }) =>
            html`<code>${settings.name}</code><br /><span class="muted">${settings.description}</span>`,
        },
        {
          label: 'For',
          cell: ({ settings }) =>
            settings.access === 'verified' ? badge('Verified visitors', 'success', 'check') : badge('Everybody'),
        },
        { label: 'Asks first', cell: ({ settings }) => (settings.approval ? 'Yes' : 'No') },
        { label: 'Where', cell: ({ origin }) => (origin === 'file' ? 'Configuration file' : 'Dashboard') },
        { label: 'Change', kind: 'actions', cell: (action) => this.#buttons(action) },
      ],
    });
  }

  #buttons(action: AgentAction): TemplateResult | typeof nothing {
    if (action.origin === 'file') return nothing;
    const { name } = action.settings;
    return html`<button
        type="button"
        class="button small"
        aria-label=${`Change ${name}`}
        @click=${() => this.#edit(action)}
      >
        Change
      </button>
      <button
        type="button"
        class="button small danger"
        aria-label=${`Remove ${name}`}
        @click=${() => this.#remove(action)}
      >
        Remove
      </button>`;
  }

  #dialog(): TemplateResult {
    const editing = this.#editing;
    const isOpen = editing !== undefined;
    const known = editing === 'new' ? undefined : editing;
    return html`<cw-dialog
      .open=${isOpen}
      .heading=${known ? `Action ${known.settings.name}` : 'New action'}
      @close=${() => this.#edit(undefined)}
    >
      ${isOpen ? this.#fields(known) : nothing}
    </cw-dialog>`;
  }

  #fields(known: AgentAction | undefined): TemplateResult {
    return html`<form class="stack" novalidate @submit=${this.#form.submit}>
      ${actionFields(this.#form, known?.settings)} ${this.#form.failure()}
      <div class="row">
        ${this.#form.button('Save action', { busy: 'Saving…' })}
        <button type="button" class="button" @click=${() => this.#edit(undefined)}>Cancel</button>
      </div>
    </form>`;
  }

  #edit(action: AgentAction | 'new' | undefined): void {
    this.#editing = action;
    this.#form.reset();
  }

  async #remove(action: AgentAction): Promise<void> {
    const { name } = action.settings;
    const removed = await confirmDialog({
      heading: `Remove the action ${name}?`,
      text: 'The agent cannot do it any more from the next message on. Its secret is gone with it.',
      confirm: 'Remove action',
      danger: true,
      action: async () => {
        const mine = (this.agent?.actions ?? []).filter(({ origin }) => origin === 'dashboard');
        await this.#save(mine.filter((each) => each !== action).map(asSent), -1);
      },
    });
    if (removed) announce('Action removed');
  }

  /** @param at place of the action whose fields are in the form */
  async #save(actions: readonly object[], at: number): Promise<void> {
    const { agent } = this;
    if (!agent) return;
    try {
      const answer = await api.patch<AgentAnswer>(path`agents/${agent.id}`, { revision: agent.revision, actions });
      this.dispatchEvent(new CustomEvent('agent-changed', { detail: answer.agent, bubbles: true }));
    } catch (error) {
      throw error instanceof ApiError ? inForm(error, at) : error;
    }
  }
}

const asSent = ({ id, settings }: AgentAction): object => ({ ...(id === null ? {} : { id }), settings });

/** `actions.2.input.properties` is the field `input` of the third. */
function inForm({ status, code, detail, fields }: ApiError, at: number): ApiError {
  const named = Object.entries(fields).map(([name, sentence]) => {
    const [, place, field = name] = name.split('.');
    return [place === `${at}` ? field : name, sentence] as const;
  });
  return new ApiError(status, code, { detail, fields: Object.fromEntries(named) });
}

if (!customElements.get('cw-agent-actions')) customElements.define('cw-agent-actions', AgentActionsElement);

declare global {
  interface HTMLElementTagNameMap {
    'cw-agent-actions': AgentActionsElement;
  }
}
