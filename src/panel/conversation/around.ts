import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { ChatClient, ChatError, ChatSnapshot } from '../../client/index.ts';
import type { Beside, Draft } from '../draft.ts';
import { loadingView } from '../loading-view.ts';
import { sheetOf } from '../styles/css.ts';
import type { Actions } from '../view.ts';
import type { ConversationView as View } from './conversation-view.ts';
import { DraftKeeper } from './draft-keeper.ts';
import { failureCodeOf } from './failure-code.ts';
import { Lazy } from './lazy.ts';
import { MenuButton } from './menu-button.ts';
import type { SentFile } from './attachments/index.ts';
import { smallButton } from './buttons.ts';
import { around as styles } from './styles/around.ts';

export type AroundHost = {
  readonly root: ShadowRoot;
  readonly draft: Draft;
  client(): ChatClient | undefined;
  requestUpdate(): void;
  submit(): void;
  focusComposer(): void;
  say(text: string): void;
  isEditing(): boolean;
  /** What goes along with the message that is being sent. */
  sent(files: readonly SentFile[]): void;
};

/** What stands around the messages: files, drafts, menu, the list of conversations, what is asked for first. */
export class Around {
  readonly #host: AroundHost;
  readonly #attachments;
  readonly #list;
  readonly #gate;
  readonly #menu: MenuButton;
  readonly #drafts: DraftKeeper;
  #isListShown = false;
  #gateShown: ChatSnapshot['gate'] = 'none';
  #view: View | undefined;
  /** Whether the focus was in the panel as it was about to be drawn. */
  #hadFocus = false;
  /** It was in what is hidden now, and goes on in what comes for it. */
  #owesFocus = false;

  constructor(host: AroundHost) {
    this.#host = host;
    const { root, say } = host;
    const client = (): ChatClient | undefined => host.client();
    const changed = (): void => host.requestUpdate();
    const focusComposer = (): void => host.focusComposer();
    const submit = (): void => host.submit();
    this.#attachments = new Lazy(
      async () =>
        (await import('./attachments/index.ts')).createAttachments({
          root,
          client,
          changed,
          say,
          submit,
          focusComposer,
        }),
      changed,
    );
    this.#list = new Lazy(
      async () => (await import('./list/index.ts')).createConversationList({ root, client, changed }),
      changed,
    );
    this.#gate = new Lazy(async () => (await import('./gate/index.ts')).createGate({ root, client, changed }), changed);
    this.#menu = new MenuButton({ root, changed, download: (view) => void this.#download(view) });
    this.#drafts = new DraftKeeper({ root, draft: host.draft, client, isEditing: () => host.isEditing() });
    root.adoptedStyleSheets.push(sheetOf(styles));
  }

  /** The same actions, but that what is typed stays with its conversation. */
  actions(act: Actions): Actions {
    const leave = (): void => this.#drafts.leave();
    return {
      ...act,
      newConversation: () => (leave(), act.newConversation()),
      openConversation: (id) => (leave(), act.openConversation(id)),
    };
  }

  /** In the header. */
  menu(view: View): TemplateResult {
    return this.#menu.view(view);
  }

  /** Over the messages. */
  cover(view: View): TemplateResult | typeof nothing {
    if (!view.showsConversations) return nothing;
    const list = this.#list.want();
    return html`<div class="cover">${list === undefined ? this.#waitingView(view, this.#list) : list.view(view)}</div>`;
  }

  /** Above the field to write in, or in its place. */
  bar(view: View): unknown {
    this.#view = view;
    this.#hadFocus = this.#host.root.activeElement !== null;
    const { snapshot } = view;
    if (view.showsConversations || snapshot.access === 'denied') return nothing;
    if (snapshot.gate !== 'none') {
      const gate = this.#gate.want();
      return gate === undefined
        ? html`<div class="gate">${this.#waitingView(view, this.#gate)}</div>`
        : gate.view(view);
    }
    const seconds = secondsHeld(view);
    return [
      seconds === 0
        ? nothing
        : html`<p class="held" id="held" part="held" role="timer" aria-live="off">
            ${view.strings.inSeconds(seconds)}
          </p>`,
      this.#attachments.value?.tray(view) ?? nothing,
    ];
  }

  /** Within the field, before the text. */
  fieldStart(view: View): unknown {
    const has = view.snapshot.agent?.features['attachments'] === true;
    return (has ? this.#attachments.want() : this.#attachments.value)?.button(view) ?? nothing;
  }

  /** What there is to send beside a text, or against it. */
  beside(snapshot: ChatSnapshot, now: number): Beside | undefined {
    return isHeld(snapshot, now) ? 'held' : this.#attachments.value?.sends;
  }

  /** Whether sending has to wait, and says why. */
  waits(now: number): boolean {
    const view = this.#view;
    if (view !== undefined && isHeld(view.snapshot, now)) {
      this.#host.say(view.strings.inSeconds(secondsHeld({ ...view, now })));
      return true;
    }
    return this.#attachments.value?.waits() === true;
  }

  /** Sends a text with what is attached. Files come back where the message was not taken at all. */
  send(client: ChatClient, text: string): Promise<void> {
    const attachments = this.#attachments.value;
    attachments?.dismiss();
    const files = attachments?.files ?? [];
    if (attachments === undefined || files.length === 0) return client.send(text);
    const { epoch } = client.snapshot;
    this.#host.sent(files);
    return client.send(text, { attachments: attachments.take() }).catch((error: ChatError) => {
      if (error.code === 'not_sent' && client.snapshot.epoch === epoch) attachments.putBack(files);
      throw error;
    });
  }

  /** To be called after each drawing. */
  drawn(snapshot: ChatSnapshot, showsList: boolean): void {
    const scroller = this.#find('.scroller');
    // What is covered is for nobody, and keeps its place.
    if (scroller !== undefined) scroller.inert = showsList;
    this.#find('.send')?.toggleAttribute('aria-describedby', false);
    if (this.#find('#held') !== undefined) this.#find('.send')?.setAttribute('aria-describedby', 'held');
    this.#drafts.follow(snapshot);
    this.#menu.drawn();
    this.#followFocus();
    this.#followList(showsList);
    this.#followGate(snapshot);
  }

  connect(): void {
    this.#drafts.connect();
    for (const type of ['input', 'focusout']) this.#host.root.addEventListener(type, this.#tellTyping);
  }

  /** Forgets everything of a person. */
  forget(): void {
    this.#attachments.value?.clear();
    this.#list.value?.clear();
    this.#gate.value?.clear();
    this.#menu.close(false);
  }

  rest(): void {
    this.#drafts.disconnect();
    for (const type of ['input', 'focusout']) this.#host.root.removeEventListener(type, this.#tellTyping);
    this.#menu.close(false);
  }

  /** A person who answers sees that the visitor is writing. */
  readonly #tellTyping = ({ type, target }: Event): void => {
    const client = this.#host.client();
    if (client?.snapshot.handoff?.state !== 'active') return;
    if (target instanceof Element && target.matches('[part=input]')) {
      client.typing(type === 'input' && !this.#host.draft.isEmpty);
    }
  };

  /** The focus goes into the list with it, and back to where it was asked for. */
  #followList(isShown: boolean): void {
    const list = this.#list.value;
    if (isShown === this.#isListShown || (isShown && list === undefined)) return;
    this.#isListShown = isShown;
    if (isShown) {
      list?.opened();
      list?.focus();
    } else if (this.#owesFocus) this.#find('.more')?.focus();
  }

  /** Whoever was writing as it came goes on in it, and back in the composer; nobody else is disturbed. */
  #followGate({ gate }: ChatSnapshot): void {
    if (gate === this.#gateShown || (gate !== 'none' && this.#gate.value === undefined)) return;
    this.#gateShown = gate;
    if (this.#owesFocus) this.#host.focusComposer();
  }

  #followFocus(): void {
    const { activeElement } = this.#host.root;
    const isNowhere =
      activeElement === null ||
      activeElement.getClientRects().length === 0 ||
      activeElement.closest('[inert]') !== null;
    this.#owesFocus = isNowhere && (this.#owesFocus || this.#hadFocus);
  }

  async #download(view: View): Promise<void> {
    const client = this.#host.client();
    if (client === undefined) return;
    try {
      const { downloadTranscript } = await import('./transcript/index.ts');
      await downloadTranscript(client, view, this.#host.root);
    } catch (error) {
      const code = failureCodeOf(error, view.strings);
      if (code !== undefined) view.fail(code);
    }
  }

  #waitingView({ strings }: View, part: Lazy<unknown>): TemplateResult {
    return part.hasFailed
      ? html`<div class="center">
          <p>${strings.failures.network}</p>
          ${smallButton(strings.tryAgain, part.retry)}
        </div>`
      : loadingView(strings);
  }

  #find(selector: string): HTMLElement | undefined {
    return this.#host.root.querySelector<HTMLElement>(selector) ?? undefined;
  }
}

/** The server has asked for patience: nothing that is sent before has a chance. */
function isHeld({ failure }: ChatSnapshot, now: number): boolean {
  return failure?.code === 'rate_limited' && failure.retryAt !== undefined && failure.retryAt > now;
}

function secondsHeld({ snapshot, now }: Pick<View, 'snapshot' | 'now'>): number {
  return isHeld(snapshot, now) ? Math.ceil(((snapshot.failure?.retryAt ?? now) - now) / 1_000) : 0;
}
