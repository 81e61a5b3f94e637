import { html, nothing, type TemplateResult } from 'lit';
import { api, Loader, path } from '../api/index.ts';
import { DashboardPage } from '../dashboard-page.ts';
import { announce, confirmDialog, dataTable, emptyState, Form, loaded, pageHeader, textOf } from '../elements/index.ts';
import type { CannedReply } from '../live/types.ts';

/** Replies that are written once and put in by a shortcut. */
export class SavedRepliesPage extends DashboardPage {
  readonly #replies = new Loader(this, (signal) =>
    api.get<{ cannedReplies: readonly CannedReply[] }>('canned-replies', { signal }),
  );
  readonly #agents = new Loader(this, (signal) =>
    api.get<{ agents: readonly { readonly id: string; readonly name: string }[] }>('agents', { signal }),
  );
  #edited: CannedReply | undefined;
  readonly #form = new Form(this, (data, form) => this.#save(data, form));

  protected override render(): TemplateResult {
    return html`<div class="stack">
      ${pageHeader({
        title: 'Saved replies',
        description: 'Type / and a shortcut where you answer a visitor. The reply is put in, for you to send.',
      })}
      ${this.may('operator') ? this.#editor() : nothing}
      <section class="card" aria-label="Saved replies">
        ${loaded(this.#replies, ({ cannedReplies }) =>
          cannedReplies.length === 0
            ? emptyState({ icon: 'note', title: 'No saved replies yet', text: 'Write the first one above.' })
            : this.#table(cannedReplies),
        )}
      </section>
    </div>`;
  }

  #editor(): TemplateResult {
    const form = this.#form;
    const edited = this.#edited;
    const hint = '{name}, {operator} and {agent} are filled in where you put the reply in.';
    return html`<section class="card" aria-labelledby="editor-heading">
      <h2 id="editor-heading">${edited === undefined ? 'New reply' : `Change /${edited.shortcut}`}</h2>
      <form class="stack" novalidate @submit=${form.submit}>
        ${edited === undefined ? this.#scope() : nothing}
        ${form.field({ name: 'shortcut', label: 'Shortcut', hint: 'One word.', required: true, maxLength: 40, value: edited?.shortcut ?? '' })}
        ${form.control(
          { name: 'text', label: 'Text', hint },
          ({ id, describedBy, invalid }) =>
            html`<textarea
              class="input"
              id=${id}
              name="text"
              required
              maxlength="4000"
              aria-describedby=${describedBy}
              aria-invalid=${invalid}
              .defaultValue=${edited?.text ?? ''}
            ></textarea>`,
        )}
        ${form.failure()}
        <div class="row">
          ${form.button(edited === undefined ? 'Add reply' : 'Save reply', { busy: 'Saving…' })}
          ${
            edited === undefined
              ? nothing
              : html`<button type="button" class="button" @click=${() => this.#edit(undefined)}>Cancel</button>`
          }
        </div>
      </form>
    </section>`;
  }

  #scope(): TemplateResult {
    const agents = this.#agents.value?.agents ?? [];
    const seesAll = this.operator?.agentIds === null;
    return this.#form.control(
      { name: 'agentId', label: 'For' },
      ({ id, describedBy, invalid }) =>
        html`<select class="input" id=${id} name="agentId" aria-describedby=${describedBy} aria-invalid=${invalid}>
          ${seesAll ? html`<option value="">All agents</option>` : nothing}
          ${agents.map((agent) => html`<option value=${agent.id}>${agent.name}</option>`)}
        </select>`,
    );
  }

  #table(rows: readonly CannedReply[]): TemplateResult {
    const names = new Map(this.#agents.value?.agents.map(({ id, name }) => [id, name]));
    return dataTable<CannedReply>({
      caption: 'Saved replies',
      rows,
      key: ({ id }) => id,
      columns: [
        { label: 'Shortcut', cell: ({ shortcut }) => html`<strong>/${shortcut}</strong>` },
        { label: 'Text', cell: ({ text }) => html`<span class="saved-text">${text}</span>` },
        { label: 'For', cell: ({ agentId }) => (agentId === null ? 'All agents' : (names.get(agentId) ?? agentId)) },
        ...(this.may('operator')
          ? [{ label: 'Actions', kind: 'actions' as const, cell: (row: CannedReply) => this.#buttons(row) }]
          : []),
      ],
    });
  }

  #buttons(row: CannedReply): TemplateResult | typeof nothing {
    if (row.agentId === null && this.operator?.agentIds !== null) return nothing;
    return html`<button type="button" class="button small" @click=${() => this.#edit(row)}>
        Change<span class="visually-hidden"> /${row.shortcut}</span>
      </button>
      <button type="button" class="button small danger" @click=${() => this.#remove(row)}>
        Delete<span class="visually-hidden"> /${row.shortcut}</span>
      </button>`;
  }

  #edit(reply: CannedReply | undefined): void {
    this.#edited = reply;
    this.#form.reset();
    this.querySelector('form')?.reset();
    void this.updateComplete.then(() => {
      this.querySelector('form')?.reset();
      this.querySelector<HTMLElement>('[name="shortcut"]')?.focus();
    });
  }

  async #save(data: FormData, form: HTMLFormElement): Promise<void> {
    const words = { shortcut: textOf(data, 'shortcut'), text: textOf(data, 'text') };
    if (this.#edited === undefined) {
      await api.post('canned-replies', { ...words, agentId: textOf(data, 'agentId') || null });
    } else {
      await api.patch(path`canned-replies/${this.#edited.id}`, words);
    }
    form.reset();
    this.#edit(undefined);
    announce('Reply saved');
    await this.#replies.reload();
  }

  async #remove({ id, shortcut }: CannedReply): Promise<void> {
    const isRemoved = await confirmDialog({
      heading: `Delete /${shortcut}?`,
      text: 'Nobody can put it in any more. What was sent stays.',
      confirm: 'Delete reply',
      danger: true,
      action: () => api.delete(path`canned-replies/${id}`),
    });
    if (!isRemoved) return;
    announce('Reply deleted');
    await this.#replies.reload();
  }
}

if (!customElements.get('saved-replies-page')) customElements.define('saved-replies-page', SavedRepliesPage);

declare global {
  interface HTMLElementTagNameMap {
    'saved-replies-page': SavedRepliesPage;
  }
}
