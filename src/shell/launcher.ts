/** The button that opens the chat: all that the shell draws. */
export type Launcher = {
  readonly button: HTMLButtonElement;
  /** `busy`: the panel is on its way. `failed`: it could not be fetched; a click tries again. */
  draw(state: { readonly open: boolean; readonly unread: number; readonly progress: 'none' | 'busy' | 'failed' }): void;
};

const css = `
:host{display:contents}
:host([hidden]){display:none!important}
:host(:is([mode=inline],[mode=page])){display:block;block-size:100%}
button{all:unset;box-sizing:border-box;position:fixed;inset-block-end:max(20px,env(safe-area-inset-bottom));inset-inline-end:20px;z-index:2147483000;inline-size:56px;block-size:56px;border-radius:28px;display:grid;place-items:center;cursor:pointer;background:var(--chat-accent,#0b6b4f);color:var(--chat-on-accent,#fff);box-shadow:0 2px 6px #0003,0 8px 24px #0003;transition:transform .15s}
:host([position=start]) button{inset-inline:20px auto}
button:hover{transform:scale(1.05)}
button:focus-visible{outline:3px solid var(--chat-focus,#5b8cff);outline-offset:3px}
button[aria-busy]{opacity:.7;cursor:progress}
svg{inline-size:28px;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
i{all:unset;position:absolute;inset-block-start:-4px;inset-inline-end:-4px;min-inline-size:20px;padding-inline:5px;box-sizing:border-box;border-radius:10px;background:#c02626;color:#fff;font:600 12px/20px system-ui,sans-serif;text-align:center}
i:empty{display:none}
@media(max-width:479px){:host([open]) button{display:none}}
@media(prefers-reduced-motion){button{transition:none}}
@media(forced-colors:active){button{border:2px solid ButtonText}}
`;

const bubble = 'M20 11.5a7.5 7.5 0 0 1-11 6.6L4 19.5l1.4-4.4A7.5 7.5 0 1 1 20 11.5Z';
const cross = 'M6 6l12 12M18 6L6 18';

let sheet: CSSStyleSheet | undefined;

export function createLauncher(root: ShadowRoot, onClick: () => void, onIntent: () => void): Launcher {
  if (sheet === undefined) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
  }
  root.adoptedStyleSheets = [sheet];
  const button = document.createElement('button');
  const badge = document.createElement('i');
  const slot = document.createElement('slot');
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const path = document.createElementNS(svg.namespaceURI, 'path');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.ariaHidden = 'true';
  svg.append(path);
  slot.name = 'launcher';
  slot.append(svg);
  button.type = 'button';
  button.part.add('launcher');
  badge.part.add('badge');
  button.append(slot, badge);
  button.onclick = onClick;
  for (const event of ['pointerenter', 'focus', 'touchstart']) {
    button.addEventListener(event, onIntent, { once: true, passive: true });
  }
  root.append(button);
  return {
    button,
    draw({ open, unread, progress }) {
      const count = unread > 0 && !open ? `${unread > 99 ? '99+' : unread}` : '';
      path.setAttribute('d', open ? cross : bubble);
      badge.textContent = count;
      button.ariaExpanded = `${open}`;
      button.toggleAttribute('aria-busy', progress === 'busy');
      const label = open ? 'Close chat' : count === '' ? 'Open chat' : `Open chat, ${count} unread`;
      button.ariaLabel = progress === 'failed' ? 'The chat could not be loaded. Try again' : label;
      button.title = progress === 'failed' ? button.ariaLabel : '';
    },
  };
}
