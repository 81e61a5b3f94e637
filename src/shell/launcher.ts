/** The button that opens the chat: all that the shell draws. Its badge comes with the controller. */
const css = `
:host{display:contents}
:host([mode=inline]),:host([mode=page]){display:block;height:100%}
:host([hidden]),:host([mode=inline])>button,:host([mode=page])>button{display:none}
button{all:unset;position:fixed;bottom:20px;inset-inline-end:20px;z-index:2147483000;padding:14px;border-radius:50%;cursor:pointer;background:var(--chat-accent,#0b6b4f);color:var(--chat-on-accent,#fff);box-shadow:0 4px 16px #0004}
:host([position=start]) button{inset-inline:20px auto}
button:focus-visible{outline:3px solid #5b8cff;outline-offset:3px}
button[aria-busy]{opacity:.6}
svg{display:block;width:28px;height:28px;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round}
@media(forced-colors:active){button{border:2px solid}}
`;

/** What the launcher's icon looks like while the chat is closed. */
export const bubbleIcon = 'M20 11.5a7.5 7.5 0 0 1-11 6.6L4 19.5l1.4-4.4A7.5 7.5 0 1 1 20 11.5Z';

export function createLauncher(root: ShadowRoot): HTMLButtonElement {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [sheet];
  const button = document.createElement('button');
  const slot = document.createElement('slot');
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const path = document.createElementNS(svg.namespaceURI, 'path');
  svg.setAttribute('viewBox', '0 0 24 24');
  path.setAttribute('d', bubbleIcon);
  svg.append(path);
  slot.name = 'launcher';
  slot.append(svg);
  button.type = 'button';
  button.part.add('launcher');
  button.ariaLabel = 'Chat';
  button.append(slot);
  root.append(button);
  return button;
}
