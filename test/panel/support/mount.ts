import { fixture, html } from '@open-wc/testing';
import type { ChatSnapshot } from '../../../src/client/index.ts';
import '../../../src/panel/index.ts';
import type { ChatPanelElement } from '../../../src/panel/index.ts';
import { createFakeClient, type FakeClient } from './fake-client.ts';
import './pace.ts';

export type Mounted = {
  readonly panel: ChatPanelElement;
  readonly client: FakeClient;
  readonly root: ShadowRoot;
  /** The element; throws when there is none. */
  readonly find: <Name extends Element = HTMLElement>(selector: string) => Name;
  readonly text: () => string;
  /** The button with this name, by its label or its text; throws when there is none. */
  readonly button: (name: string) => HTMLButtonElement;
  readonly input: HTMLTextAreaElement;
  readonly type: (text: string) => void;
};

/** A panel of 400 by 600 pixels with a scripted client. */
export async function mount(
  start: Partial<ChatSnapshot> = {},
  change: Partial<ChatPanelElement> = {},
): Promise<Mounted> {
  const client = createFakeClient(start);
  const box = await fixture<HTMLElement>(
    html`<div>
      <style>
        chat-panel {
          width: 400px;
          height: 600px;
        }
      </style>
    </div>`,
  );
  const panel = document.createElement('chat-panel');
  Object.assign(panel, { client, mode: 'inline' }, change);
  box.append(panel);
  await drawn(panel);
  const root = panel.renderRoot;
  return {
    panel,
    client,
    root,
    find: (selector) => required(root.querySelector(selector), selector),
    text: () => required(root.querySelector('.panel'), '.panel').textContent.replaceAll(/\s+/g, ' '),
    button: (name) =>
      required(
        [...root.querySelectorAll('button')].find((button) => nameOf(button) === name),
        name,
      ),
    input: required(root.querySelector('textarea'), 'textarea'),
    type: (text) => {
      const area = required(root.querySelector('textarea'), 'textarea');
      area.value = text;
      area.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
    },
  };
}

/** Resolves when the panel has drawn, with its texts as markdown. */
export async function drawn(panel: ChatPanelElement): Promise<void> {
  await panel.updateComplete;
  // In the order in which the panel asked for them, so that it has them before the test goes on.
  await import('../../../src/panel/conversation/index.ts');
  await import('../../../src/markdown/index.ts');
  await new Promise(requestAnimationFrame);
  await panel.updateComplete;
}

export function nameOf(button: Element): string {
  return (button.getAttribute('aria-label') ?? button.textContent).trim().replaceAll(/\s+/g, ' ');
}

function required<T>(value: T | null | undefined, name: string): T {
  if (value === null || value === undefined) throw new Error(`Nothing there: ${name}`);
  return value;
}
