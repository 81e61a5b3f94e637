import { fixture } from '@open-wc/testing';
import type { ChatPanelElement } from '../../../src/panel/index.ts';
import { ChatWidgetElement } from '../../../src/shell/index.ts';
import { nameOf } from '../../panel/support/mount.ts';
import { backend } from './backend.ts';
import { until } from './until.ts';

if (customElements.get('chat-widget') === undefined) customElements.define('chat-widget', ChatWidgetElement);

type Attributes = { readonly [name: string]: string };

export type HeardEvent = { readonly name: string; readonly detail: unknown; readonly event: CustomEvent };

const eventNames = [
  'ready',
  'opened',
  'closed',
  'identity-changed',
  'token-expiring',
  'sign-in-requested',
  'message-sending',
  'message-sent',
  'message-received',
  'unread-changed',
  'failed',
];

let count = 0;

/** An element with these attributes, and an agent that no other test has talked to, not yet on the page. */
export function createWidget(attributes: Attributes = {}): ChatWidgetElement {
  const widget = new ChatWidgetElement();
  // As on a page whose script came from there.
  ChatWidgetElement.defaultServer = backend.server;
  const all = { 'agent-id': `agent-${++count}`, server: backend.server, ...attributes };
  for (const [name, value] of Object.entries(all)) widget.setAttribute(name, value);
  return widget;
}

/** On the page, with somebody before it. */
export async function mountWidget(attributes: Attributes = {}): Promise<Visitor> {
  const box = await fixture<HTMLElement>('<div></div>');
  const widget = createWidget(attributes);
  const visitor = new Visitor(widget);
  box.append(widget);
  return visitor;
}

/** What somebody before the screen can see and do. */
export class Visitor {
  readonly widget: ChatWidgetElement;
  /** The element's events, in order. */
  readonly events: HeardEvent[] = [];

  constructor(widget: ChatWidgetElement) {
    this.widget = widget;
    for (const name of eventNames) {
      widget.addEventListener(`chat-${name}`, (event) => {
        if (event instanceof CustomEvent) this.events.push({ name, detail: event.detail as unknown, event });
      });
    }
  }

  get launcher(): HTMLButtonElement {
    return required(this.widget.shadowRoot?.querySelector('button'), 'the launcher');
  }

  get panel(): ChatPanelElement | undefined {
    return this.widget.shadowRoot?.querySelector('chat-panel') ?? undefined;
  }

  /** Of the composer, when it is there. */
  get input(): HTMLTextAreaElement | undefined {
    return this.panel?.shadowRoot?.querySelector('textarea') ?? undefined;
  }

  /** All that stands in the panel, its white space collapsed; '' where no panel is shown. */
  get text(): string {
    const panel = this.panel;
    if (panel === undefined || panel.hidden) return '';
    return (panel.shadowRoot?.querySelector('.panel')?.textContent ?? '').replaceAll(/\s+/g, ' ');
  }

  /** The texts of the messages, in order. */
  get messages(): readonly string[] {
    const found = this.panel?.shadowRoot?.querySelectorAll('[data-message]') ?? [];
    return [...found].map((message) => message.textContent.replaceAll(/\s+/g, ' ').trim());
  }

  names(): readonly string[] {
    return this.events.map(({ name }) => name);
  }

  detail(name: string): unknown {
    return this.events.findLast((event) => event.name === name)?.detail;
  }

  /** Clicks the launcher and waits until there is something to type in and the history is there. */
  async open(): Promise<void> {
    this.launcher.click();
    await this.isOpen();
  }

  async isOpen(): Promise<void> {
    await until(() => this.input !== undefined, 'the composer');
    await until(() => this.panel?.shadowRoot?.querySelector('[part=greeting], [data-message], .center'), 'the body');
  }

  async sees(text: string): Promise<void> {
    await until(() => this.text.includes(text), `"${text}" on the screen`).catch((error: unknown) => {
      throw new Error(`${String(error)}; it says: ${this.text}`);
    });
  }

  async heard(name: string): Promise<void> {
    await until(() => this.names().includes(name), `the event ${name}`);
  }

  write(text: string): void {
    const input = required(this.input, 'the composer');
    input.value = text;
    input.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
  }

  /** Writes and presses Enter. */
  say(text: string): void {
    this.write(text);
    this.key('Enter');
  }

  key(key: string): void {
    const options = { key, bubbles: true, composed: true, cancelable: true };
    required(this.input, 'the composer').dispatchEvent(new KeyboardEvent('keydown', options));
  }

  button(name: string): HTMLButtonElement | undefined {
    const buttons = this.panel?.shadowRoot?.querySelectorAll('button') ?? [];
    return [...buttons].find((button) => nameOf(button) === name);
  }

  async press(name: string): Promise<void> {
    await until(() => this.button(name), `the button "${name}"`);
    this.button(name)?.click();
  }
}

function required<T>(value: T | null | undefined, name: string): T {
  if (value === null || value === undefined) throw new Error(`Nothing there: ${name}`);
  return value;
}
