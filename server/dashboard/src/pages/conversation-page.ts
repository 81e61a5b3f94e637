import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { api, Loader, toApiError } from '../api/index.ts';
import { DashboardPage } from '../dashboard-page.ts';
import {
  announce,
  badge,
  confirmDialog,
  failedState,
  icon,
  loadingState,
  pageHeader,
  type PageHeader,
} from '../elements/index.ts';
import type { ComposerMode } from '../live/composer.ts';
import '../live/composer.ts';
import { LiveConversation } from '../live/live-conversation.ts';
import { liveStyles } from '../live/live-styles.ts';
import { askToNotify, canAsk, News } from '../live/news.ts';
import { carePanel, keysPanel, presencePanel, visitorPanel } from '../live/side-panels.ts';
import { timeline, timelineItems } from '../live/timeline.ts';
import { type CannedReply, type Live, type Note, visitorName } from '../live/types.ts';
import { conversationPrivacy } from '../privacy/conversation-privacy.ts';
import { adoptStyles } from '../styles/index.ts';

adoptStyles(liveStyles);

/** So far from the end somebody reads what was said before. */
const nearEndPixels = 160;

type Ready = Extract<LiveConversation['current'], { state: 'ready' }>;

/** One conversation: what was said, as it goes on, and all that an operator does with it. */
export class ConversationPage extends DashboardPage {
  readonly #conversation = new LiveConversation(
    this,
    () => this.param('id'),
    () => this.may('operator'),
  );
  readonly #replies = new Loader(this, (signal) =>
    api.get<{ cannedReplies: readonly CannedReply[] }>('canned-replies', { signal }),
  );
  #hasNews = false;
  #newest: string | undefined;

  constructor() {
    super();
    this.addController(new News());
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('keydown', this.#key);
    document.addEventListener('scroll', this.#scrolled, { passive: true });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('keydown', this.#key);
    document.removeEventListener('scroll', this.#scrolled);
  }

  /** Follows what is said, unless somebody reads further up: then it says that there is more. */
  protected override updated(changed: PropertyValues<this>): void {
    super.updated(changed);
    const { current } = this.#conversation;
    if (current.state !== 'ready') return;
    this.#noteLoss(current.live);
    const last = current.messages.at(-1);
    const newest = `${last?.id} ${last?.metadata?.status} ${current.notes.at(-1)?.id}`;
    if (newest === this.#newest) return;
    const isFirst = this.#newest === undefined;
    this.#newest = newest;
    if (isFirst) this.setTitle(visitorName(current.facts));
    if (isFirst || this.#wasNearEnd) this.#jump();
    else this.#hasNews = true;
    if (this.#hasNews) this.requestUpdate();
  }

  /** Whoever answered here and no longer does is told: a colleague may be faster than what they are writing. */
  #noteLoss(live: Live): void {
    const wasMine = this.#wasMine;
    this.#wasMine = this.#isMine(live.handoff);
    if (wasMine && !this.#wasMine && live.handoff.state === 'active') announce(answering(live));
  }
  #wasMine = false;

  #wasNearEnd = true;

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    this.#wasNearEnd = isNearEnd();
  }

  protected override render(): TemplateResult {
    const { current } = this.#conversation;
    // The same header before and after: its heading has the focus.
    return html`<div class="stack">
      ${pageHeader(current.state === 'ready' ? this.#header(current) : { title: 'Conversation', description: toInbox })}
      ${this.#content(current)}
    </div>`;
  }

  #content(current: LiveConversation['current']): TemplateResult {
    if (current.state === 'ready') return this.#desk(current);
    return current.state === 'failed' ? failedState(current.error, this.#conversation.start) : loadingState();
  }

  #header({ facts, live }: Ready): PageHeader {
    return {
      title: html`<bdi>${visitorName(facts)}</bdi>`,
      description: html`${toInbox} <span role="status">${this.#standing(live)}</span>`,
      actions: this.#actions(live),
    };
  }

  #desk(ready: Ready): TemplateResult {
    const { facts, live } = ready;
    return html`<div class="desk">
      <div class="talk">${this.#talk(ready)} ${this.#dock(ready)}</div>
      <aside class="side" aria-label="About this conversation">
        ${presencePanel(this.#conversation.present)} ${visitorPanel(facts)}
        ${carePanel({ live, mayAnswer: this.may('operator'), me: this.operator?.id, assign: this.#assign })}
        ${keysPanel()} ${this.#notifyButton()} ${conversationPrivacy(this.param('id'))}
      </aside>
    </div>`;
  }

  #standing({ handoff, status }: Live): TemplateResult {
    const closed = status === 'closed' ? badge('Closed') : nothing;
    if (handoff.state === 'requested') return html`${badge('Waiting for a person', 'warning', 'alert')} ${closed}`;
    if (handoff.state !== 'active') return html`${badge('The agent answers')} ${closed}`;
    const who = this.#isMine(handoff) ? 'You answer' : `${handoff.name ?? 'Somebody'} answers`;
    return html`${badge(who, 'accent')} ${closed}`;
  }

  #isMine({ state, operatorId }: Live['handoff']): boolean {
    return state === 'active' && operatorId === this.operator?.id;
  }

  #actions(live: Live): TemplateResult | typeof nothing {
    if (!this.may('operator')) return nothing;
    const { handoff, status } = live;
    const mayTake = !this.#isMine(handoff);
    return html`${
        mayTake
          ? html`<button type="button" class="button primary" @click=${() => this.#takeOver(live)}>Take over</button>`
          : nothing
      }
      ${
        handoff.state === 'active' || handoff.state === 'requested'
          ? html`<button type="button" class="button" @click=${() => this.#handBack(handoff.state)}>
              ${handoff.state === 'active' ? 'Hand back' : 'Leave it to the agent'}
            </button>`
          : nothing
      }
      <button type="button" class="button" @click=${() => this.#toggleStatus(live)}>
        ${status === 'open' ? 'Close' : 'Reopen'}
      </button>`;
  }

  #talk({ facts, messages, nextBefore, notes }: Ready): TemplateResult {
    const items = timelineItems(messages, notes, nextBefore === null);
    const names = { agent: facts.agentName, visitor: visitorName(facts), site: facts.site };
    const removal = (note: Note): (() => void) | undefined => {
      const isAllowed = note.author.id === this.operator?.id || this.may('admin');
      return isAllowed && this.may('operator') ? () => void this.#removeNote(note) : undefined;
    };
    return html`<h2 class="visually-hidden">What was said</h2>
      ${
        nextBefore === null
          ? nothing
          : html`<button type="button" class="button small" @click=${() => void this.#conversation.loadEarlier()}>
              Show earlier messages
            </button>`
      }
      ${timeline(items, { names, removal })}`;
  }

  #dock({ facts, live }: Ready): TemplateResult {
    const { visitorTyping } = this.#conversation;
    const name = visitorName(facts);
    return html`<div class="dock">
      ${
        this.#hasNews
          ? html`<button type="button" class="button small jump" @click=${() => this.#jump()}>
              ${icon('down')} New messages
            </button>`
          : nothing
      }
      <div class="row">${this.#actions(live)}</div>
      <p class="typing" role="status">${visitorTyping ? html`<bdi>${name}</bdi> types…` : ''}</p>
      ${this.#composer(facts, live)}
    </div>`;
  }

  #composer(facts: Ready['facts'], live: Live): TemplateResult {
    if (!this.may('operator')) return html`<p class="notice">You may look at conversations. Operators answer them.</p>`;
    const replies = this.#replies.value?.cannedReplies ?? [];
    const fitting = replies.filter(({ agentId }) => agentId === null || agentId === facts.agentId);
    const placeholders = {
      name: facts.user.userName ?? '',
      operator: this.operator?.name ?? '',
      agent: facts.agentName,
    };
    return html`<cw-composer
      .mayReply=${this.#isMine(live.handoff)}
      .replies=${fitting}
      .placeholders=${placeholders}
      .answers=${answering(live)}
      .draftKey=${`${this.operator?.id} ${this.param('id')}`}
      .lookUp=${() => void this.#replies.reload()}
      .send=${this.#send}
      .typing=${this.#typing}
    ></cw-composer>`;
  }

  #notifyButton(): TemplateResult | typeof nothing {
    if (!canAsk()) return nothing;
    return html`<button type="button" class="button small" @click=${this.#askToNotify}>
      Notify me when I look elsewhere
    </button>`;
  }

  readonly #askToNotify = async (): Promise<void> => {
    announce((await askToNotify()) ? 'You will be notified' : 'The browser does not allow notifications');
    this.requestUpdate();
  };

  readonly #send = async (mode: ComposerMode, id: string, text: string): Promise<void> => {
    if (mode === 'note') await this.#conversation.addNote(id, text);
    else await this.#conversation.reply(id, text);
    this.#jump();
  };

  readonly #typing = (mode: ComposerMode, isTyping: boolean): void => {
    void this.#conversation.typing(isTyping, mode === 'reply');
  };

  readonly #assign = (operatorId: string | null): void => {
    void this.#act('assign', operatorId === null ? 'Assigned to nobody' : 'Assigned', { operatorId });
  };

  async #takeOver({ handoff }: Live): Promise<void> {
    if (handoff.state !== 'active') {
      await this.#act('take-over', 'You answer now');
    } else {
      const { name, operatorId } = handoff;
      await confirmDialog({
        heading: `Take over from ${name ?? 'somebody'}?`,
        text: 'They can then no longer answer here, and the visitor sees your name.',
        confirm: 'Take over',
        action: () => this.#conversation.act('take-over', operatorId === null ? {} : { from: operatorId }),
      });
    }
    this.querySelector('cw-composer')?.focus();
  }

  /** Of a visitor who only waits for a person nothing was taken: nobody comes, and the agent goes on. */
  #handBack(state: Live['handoff']['state']): Promise<void> {
    return this.#act(
      'hand-back',
      state === 'active' ? 'The agent answers again' : 'The agent goes on, nobody is asked',
    );
  }

  async #toggleStatus({ status }: Live): Promise<void> {
    if (status === 'open') await this.#act('close', 'Closed');
    else await this.#act('reopen', 'Reopened');
  }

  async #act(action: Parameters<LiveConversation['act']>[0], done: string, body: object = {}): Promise<void> {
    try {
      await this.#conversation.act(action, body);
      announce(done);
    } catch (error) {
      announce(toApiError(error).detail);
    }
  }

  async #removeNote({ id }: Note): Promise<void> {
    const isRemoved = await confirmDialog({
      heading: 'Remove this note?',
      text: 'Nobody can read it any more.',
      confirm: 'Remove note',
      danger: true,
      action: () => this.#conversation.removeNote(id),
    });
    if (isRemoved) announce('Note removed');
  }

  readonly #key = (event: KeyboardEvent): void => {
    const { current } = this.#conversation;
    if (!event.altKey || !event.shiftKey || event.ctrlKey || current.state !== 'ready') return;
    if (event.code !== 'KeyJ' && !this.may('operator')) return;
    const act = this.#shortcuts(current.live)[event.code];
    if (act === undefined) return;
    event.preventDefault();
    act();
  };

  #shortcuts(live: Live): Readonly<Record<string, () => void>> {
    const write = (mode: ComposerMode) => (): void => {
      const composer = this.querySelector('cw-composer');
      composer?.use(mode);
      composer?.focus();
    };
    const isMine = this.#isMine(live.handoff);
    return {
      KeyR: write('reply'),
      KeyN: write('note'),
      KeyT: () => void (isMine ? this.#handBack('active') : this.#takeOver(live)),
      KeyE: () => void this.#toggleStatus(live),
      KeyJ: () => this.#jump(),
    };
  }

  readonly #scrolled = (): void => {
    if (!this.#hasNews || !isNearEnd()) return;
    this.#hasNews = false;
    this.requestUpdate();
  };

  #jump(): void {
    this.#hasNews = false;
    this.requestUpdate();
    requestAnimationFrame(() => window.scrollTo({ top: document.documentElement.scrollHeight }));
  }
}

const toInbox = html`<a href="/dashboard/inbox">Inbox</a>`;

const answering = ({ handoff: { state, name } }: Live): string =>
  state === 'active' ? `${name ?? 'Somebody else'} answers now.` : 'The agent answers now.';

function isNearEnd(): boolean {
  const { scrollHeight, clientHeight, scrollTop } = document.documentElement;
  return scrollHeight - clientHeight - scrollTop < nearEndPixels;
}

if (!customElements.get('conversation-page')) customElements.define('conversation-page', ConversationPage);

declare global {
  interface HTMLElementTagNameMap {
    'conversation-page': ConversationPage;
  }
}
