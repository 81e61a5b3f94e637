import { html, nothing, type TemplateResult } from 'lit';
import '../agents/agent-actions.ts';
import '../agents/agent-preview.ts';
import { agentHeader } from '../agents/agent-header.ts';
import {
  changesOf,
  fieldFor,
  readAppearance,
  readSettings,
  readWords,
  wordsOf,
  type Words,
} from '../agents/read-settings.ts';
import { answersCard, looksCard, visitorsCard, wordsCard, type CardContext } from '../agents/setting-cards.ts';
import { agentStyles } from '../agents/styles.ts';
import { theirsOf } from '../agents/theirs.ts';
import type { Agent, AgentAnswer, SettingName } from '../agents/types.ts';
import { isChanged, Unsaved } from '../agents/unsaved.ts';
import { api, ApiError, Loader, path } from '../api/index.ts';
import { DashboardPage } from '../dashboard-page.ts';
import { announce, badge, confirmDialog, Form, icon, loaded, textOf } from '../elements/index.ts';
import { navigate } from '../navigation.ts';
import type { PreviewDraft } from '../preview/draft.ts';
import { adoptStyles } from '../styles/index.ts';

/** What an agent is called, shows, knows and can do, beside the chat as it will be. */
export class AgentPage extends DashboardPage {
  readonly #agent = new Loader(this, async (signal) => {
    const answer = await api.get<AgentAnswer>(path`agents/${this.param('agentId')}`, { signal });
    this.#words = wordsOf(answer.agent.settings);
    this.setTitle(answer.agent.name);
    return answer;
  });
  readonly #form = new Form(this, (data, form) => this.#save(data, form));
  #words: readonly Words[] = [];
  #draft: PreviewDraft | undefined;
  #isUnsaved = false;

  constructor() {
    super();
    this.addController(new Unsaved(() => this.#isUnsaved));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    adoptStyles(agentStyles);
  }

  protected override render(): TemplateResult {
    const { value } = this.#agent;
    return html`<div class="stack">
      ${agentHeader(this, value?.agent.name, html`<code>${this.param('agentId')}</code>`)}
      ${loaded(this.#agent, (answer) => this.#settings(answer))}
    </div>`;
  }

  #settings({ agent, ...surroundings }: AgentAnswer): TemplateResult {
    const context: CardContext = {
      form: this.#form,
      agent,
      surroundings,
      words: this.#words,
      origin: (name) => this.#origin(agent, name),
      addLanguage: () => this.#changeWords((words) => [...words, { locale: '', greeting: '', suggestions: [] }]),
      removeLanguage: (place) => this.#changeWords((words) => words.toSpliced(place, 1)),
    };
    return html`${this.#problems(agent)}
      <div class="agent-columns">
        <div>
          <form class="stack" novalidate @submit=${this.#form.submit} @input=${this.#preview} @change=${this.#preview}>
            ${wordsCard(context)} ${looksCard(context)} ${answersCard(context)} ${visitorsCard(context)}
            <div class="card save-bar">
              ${this.#form.failure()}
              <div class="row">
                ${this.#form.button('Save changes', { busy: 'Saving…' })}
                ${this.#isUnsaved ? badge('Unsaved changes', 'warning') : nothing}
              </div>
            </div>
          </form>
        </div>
        <aside class="agent-preview" aria-labelledby="preview-heading">
          <h2 id="preview-heading">Preview</h2>
          <p class="muted small">
            The real chat, with what stands in the form. Answers come from the agent as it is saved.
          </p>
          <cw-agent-preview .draft=${this.#draft ?? draftOf(agent)}></cw-agent-preview>
        </aside>
      </div>
      <cw-agent-actions .agent=${agent} @agent-changed=${this.#onAgentChanged}></cw-agent-actions>
      ${this.#removal(agent)}`;
  }

  #problems({ problems }: Agent): TemplateResult | typeof nothing {
    if (problems.length === 0) return nothing;
    return html`<div class="notice warning" role="status">
      ${icon('alert')}
      <div>
        <p>Something that was saved cannot be used. The agent goes on with what it had before.</p>
        <ul>
          ${problems.map(({ path: where, message }) => html`<li>${where === '' ? nothing : html`<code>${where}</code>: `}${message}</li>`)}
        </ul>
      </div>
    </div>`;
  }

  /** Where a setting was made, and the way back. */
  #origin(agent: Agent, name: SettingName): unknown {
    const origin = agent.origins[name];
    if (origin === 'default') return nothing;
    if (origin === 'file') return html`<span class="origin">From the configuration file.</span>`;
    if (!agent.isInFile) return nothing;
    return html`<span class="origin"
      >Set here.
      <button type="button" class="link" @click=${() => this.#reset(name)}>
        Back to the configuration file’s<span class="visually-hidden"> ${name}</span>
      </button></span
    >`;
  }

  #removal(agent: Agent): TemplateResult {
    const content = agent.isInFile
      ? html`<p class="muted">This agent is in the configuration file, and is taken out there.</p>`
      : html`<div class="row">
          <button type="button" class="button danger" @click=${() => this.#remove(agent)}>Remove agent</button>
        </div>`;
    return html`<section class="card" aria-labelledby="removal-heading">
      <header>
        <h2 id="removal-heading">Remove</h2>
        <p>
          Sites that still use it get no answer. Its conversations, keys and policy stay, and belong to the next agent
          of this id.
        </p>
      </header>
      ${content}
    </section>`;
  }

  async #save(data: FormData, form: HTMLFormElement): Promise<void> {
    const answer = this.#agent.value;
    if (!answer) return;
    const { agent } = answer;
    const changes = changesOf(readSettings(data), agent.settings);
    if (Object.keys(changes).length === 0) return announce('Nothing was changed');
    try {
      await this.#patch(agent, changes);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // What others have set comes in where nothing was typed; what was typed stays, to be saved again.
      throw inForm(error, readWords(data), error.code === 'conflict' ? await this.#theirs(agent, changes, data) : {});
    }
    announce('Saved. It holds from the next request on.');
    await this.updateComplete;
    form.reset();
    this.#draft = undefined;
    this.#isUnsaved = false;
    this.requestUpdate();
  }

  async #theirs({ settings }: Agent, changes: Readonly<Record<string, unknown>>, data: FormData) {
    await this.#agent.reload();
    const now = this.#agent.value?.agent.settings ?? settings;
    return theirsOf(changes, settings, now, readWords(data));
  }

  async #patch(agent: Agent, body: object): Promise<void> {
    const { agent: next } = await api.patch<AgentAnswer>(path`agents/${agent.id}`, {
      revision: agent.revision,
      ...body,
    });
    this.#replace(next);
  }

  #replace(agent: Agent): void {
    const answer = this.#agent.value;
    if (!answer) return;
    this.#words = wordsOf(agent.settings);
    this.setTitle(agent.name);
    this.#agent.replace({ ...answer, agent });
  }

  readonly #onAgentChanged = ({ detail }: CustomEvent<Agent>): void => this.#replace(detail);

  async #reset(name: SettingName): Promise<void> {
    const { agent } = this.#agent.value ?? {};
    if (!agent) return;
    const isDone = await confirmDialog({
      heading: 'Go back to the configuration file?',
      text: 'What was set here is forgotten, and the file counts again.',
      confirm: 'Go back',
      action: () => this.#patch(agent, { reset: [name] }),
    });
    if (!isDone) return;
    await this.updateComplete;
    for (const control of this.querySelectorAll<HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement>(
      'form [name]',
    )) {
      if (control.name.split(/[.-]/)[0] === name) restore(control);
    }
    this.#preview();
    announce('Back to the configuration file');
  }

  async #remove(agent: Agent): Promise<void> {
    const { id, name, revision } = agent;
    const isDone = await confirmDialog({
      heading: `Remove ${name}?`,
      text: 'It answers nobody any more, at once.',
      confirm: 'Remove agent',
      typed: name,
      danger: true,
      action: () => api.delete(path`agents/${id}`, { confirm: name, revision }),
    });
    if (!isDone) return;
    this.#isUnsaved = false;
    announce('Agent removed');
    navigate('/dashboard/agents');
  }

  /** What was typed into the fields stays: they are the same ones. */
  #changeWords(change: (words: readonly Words[]) => readonly Words[]): void {
    const form = this.querySelector<HTMLFormElement>('form');
    const typed = form ? readWords(new FormData(form)) : this.#words;
    this.#words = change(typed);
    this.requestUpdate();
    void this.updateComplete.then(() => {
      for (const [place, words] of this.#words.entries()) fill(this, place, words);
      this.#preview();
    });
  }

  readonly #preview = (): void => {
    const form = this.querySelector<HTMLFormElement>('form');
    const { agent } = this.#agent.value ?? {};
    if (!form || !agent) return;
    const data = new FormData(form);
    const [words] = readWords(data);
    this.#isUnsaved = isChanged(form) || this.#words.length !== wordsOf(agent.settings).length;
    this.#draft = {
      type: 'chat-preview-draft',
      agentId: agent.id,
      name: textOf(data, 'name'),
      greeting: words?.greeting ?? '',
      suggestions: (words?.suggestions ?? []).slice(0, 6),
      appearance: readAppearance(data),
    };
    this.requestUpdate();
  };
}

function draftOf({ id, settings }: Agent): PreviewDraft {
  const [words] = wordsOf(settings);
  const { name, appearance } = settings;
  const { greeting = '', suggestions = [] } = words ?? {};
  return { type: 'chat-preview-draft', agentId: id, name, greeting, suggestions, appearance };
}

type Fields = Readonly<Record<string, string>>;

function inForm({ status, code, detail, fields }: ApiError, words: readonly Words[], theirs: Fields): ApiError {
  const named = Object.entries(fields).map(([name, sentence]) => [fieldFor(name, words), sentence] as const);
  const again = code === 'conflict' ? `${detail} It has been loaded: look at it, then save again.` : detail;
  return new ApiError(status, code, { detail: again, fields: { ...theirs, ...Object.fromEntries(named) } });
}

function fill(page: AgentPage, place: number, { locale, greeting, suggestions }: Words): void {
  const end = place === 0 ? '' : `-${place}`;
  const texts = {
    [`locale${end}`]: locale,
    [`greeting${end}`]: greeting,
    [`suggestions${end}`]: suggestions.join('\n'),
  };
  for (const [name, text] of Object.entries(texts)) {
    const control = page.querySelector<HTMLInputElement>(`form [name="${name}"]`);
    if (control) control.value = text;
  }
}

/** To what the page was given. */
function restore(control: HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement): void {
  if (control instanceof HTMLSelectElement) {
    for (const option of control.options) option.selected = option.defaultSelected;
  } else if (control.type === 'checkbox')
    (control as HTMLInputElement).checked = (control as HTMLInputElement).defaultChecked;
  else control.value = control.defaultValue;
}

if (!customElements.get('agent-page')) customElements.define('agent-page', AgentPage);

declare global {
  interface HTMLElementTagNameMap {
    'agent-page': AgentPage;
  }
}
