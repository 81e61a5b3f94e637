import type { ChatClient, ChatClientOptions } from '../client/index.ts';
import type { ChatPanelElement } from '../panel/index.ts';
import type { ChatWidgetElement } from './element.ts';
import { bubbleIcon } from './launcher.ts';
import type { Controller } from './types.ts';

const css = `
[part=badge]{position:absolute;inset-block-start:-4px;inset-inline-end:-4px;min-inline-size:20px;padding-inline:5px;box-sizing:border-box;border-radius:10px;background:#c02626;color:#fff;font:600 12px/20px system-ui,sans-serif;text-align:center}
[part=badge]:empty{display:none}
@media(max-width:479px){:host([open]) button{display:none}}
`;

const crossIcon = 'M6 6l12 12M18 6L6 18';

/** Joins an element to a client and, once it is open, to a panel. */
export function createController(
  element: ChatWidgetElement,
  createChatClient: (options: ChatClientOptions) => ChatClient,
  fire: (name: string, detail?: object) => boolean,
): Controller {
  const root = element.shadowRoot as ShadowRoot;
  const attribute = (name: string) => element.getAttribute(name) ?? '';
  const launcher = root.querySelector('button') as HTMLButtonElement;
  const badge = addBadge(root, launcher);
  let panel: ChatPanelElement | undefined;
  let shown = false;

  const client = createChatClient({
    server: (attribute('server') || (element.constructor as typeof ChatWidgetElement).defaultServer).replace(/\/+$/, ''),
    agentId: attribute('agent-id'),
    onEvent: (name, detail) => fire(name, detail),
  });
  client.subscribe(draw);

  function draw(): void {
    const { unreadCount } = client.snapshot;
    const count = unreadCount > 0 && !shown ? (unreadCount > 99 ? '99+' : `${unreadCount}`) : '';
    badge.textContent = count;
    launcher.ariaLabel = count === '' ? 'Chat' : `Chat, ${count} unread`;
    launcher.ariaExpanded = `${shown}`;
    launcher.querySelector('path')?.setAttribute('d', shown ? crossIcon : bubbleIcon);
  }

  function configure(): void {
    client.update({
      metadata: parseMetadata(attribute('metadata')),
      userName: attribute('data-user-name'),
      userEmail: attribute('data-user-email'),
    });
    warnOfTwoTokens(attribute('contact-context-token'), attribute('data-user-token'));
    if (panel === undefined) return;
    panel.mode = oneOf(attribute('mode'), 'floating', ['inline', 'page']);
    panel.theme = oneOf(attribute('theme'), 'auto', ['light', 'dark']);
    panel.suggestions = element.suggestions === undefined ? undefined : [...element.suggestions];
    panel.setAttribute('position', oneOf(attribute('position'), 'end', ['start']));
  }

  function addPanel(): ChatPanelElement {
    panel = document.createElement('chat-panel');
    panel.client = client;
    panel.addEventListener('panel-close', () => element.close());
    configure();
    for (const name of ['header', 'welcome', 'footer']) {
      // An empty slot would hide what the panel shows without one.
      if (element.querySelector(`:scope>[slot=${name}]`) === null) continue;
      const slot = document.createElement('slot');
      slot.name = slot.slot = name;
      panel.append(slot);
    }
    root.append(panel);
    return panel;
  }

  configure();
  draw();
  return {
    get state() {
      const { identity, unreadCount } = client.snapshot;
      return Object.freeze({ identity, open: element.open, unreadCount });
    },
    identify: client.identify,
    logout: client.logout,
    send: client.send,
    newConversation: client.newConversation,
    configure,
    setOpen(open, takesFocus) {
      const isEmbedded = /inline|page/.test(attribute('mode'));
      shown = open || isEmbedded;
      if (shown) {
        panel ??= addPanel();
        panel.hidden = false;
        client.load();
        if (takesFocus) panel.focusComposer();
      } else if (panel !== undefined) {
        panel.hidden = true;
        if (takesFocus) launcher.focus();
      }
      client.attend(shown);
      draw();
      if (!isEmbedded) fire(open ? 'opened' : 'closed');
    },
    end() {
      client.close();
      panel?.remove();
      badge.remove();
    },
  };
}

function addBadge(root: ShadowRoot, launcher: HTMLButtonElement): HTMLElement {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets.slice(0, 1), sheet];
  const badge = document.createElement('span');
  badge.part.add('badge');
  launcher.append(badge);
  return badge;
}

function oneOf<Value extends string>(value: string, fallback: Value, others: readonly Value[]): Value {
  return others.find((other) => other === value) ?? fallback;
}

function warnOfTwoTokens(first: string, second: string): void {
  if (first === '' || second === '' || first === second) return;
  console.warn('<chat-widget>: contact-context-token and data-user-token differ; the first is used.');
}

function parseMetadata(json: string): { readonly [key: string]: unknown } {
  if (json === '') return {};
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Told below, together with JSON that is no object.
  }
  console.warn('<chat-widget>: the metadata attribute is not a JSON object; nothing is sent along.');
  return {};
}
