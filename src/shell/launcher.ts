/**
 * The button that opens the chat: all that the shell draws, and each byte of it is on every page. Its badge, its other
 * icon and its theme come with the controller (`looks.ts`). Its own icon is black or white, whichever stands out.
 */
const css = `
:host{display:contents}
:host([mode=inline]),:host([mode=page]){display:block;height:100%}
:host([hidden]),:host([mode=inline])>button,:host([mode=page])>button{display:none}
button{all:initial;outline:revert;color-scheme:light dark;--a:var(--chat-accent,light-dark(#1b6b56,#7ccbb0));--o:var(--chat-offset,20px);position:fixed;bottom:var(--o);inset-inline-end:var(--o);z-index:2147483000;padding:calc(var(--chat-launcher-size,56px)/2 - 12px);border-radius:50%;background:var(--a);color:var(--chat-on-accent,oklch(from var(--a) calc((.6 - l)*1e9) 0 0));cursor:pointer;box-shadow:0 4px 16px #0004}
:host([position=start]) button{inset-inline:var(--o) auto}
svg{display:block;width:24px;height:24px;scale:1.2;fill:currentColor}
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
  path.setAttribute('d', bubbleIcon);
  svg.append(path);
  slot.name = 'launcher';
  slot.append(svg);
  button.part = 'launcher';
  button.ariaLabel = 'Chat';
  button.append(slot);
  root.append(button);
  return button;
}
