import { ChatPanelElement } from './chat-panel.ts';

export { ChatPanelElement };
export type { PanelMode, PanelTheme } from './chat-panel.ts';

// A page may load two versions of the widget; the first one keeps the name.
if (customElements.get('chat-panel') === undefined) customElements.define('chat-panel', ChatPanelElement);

declare global {
  interface HTMLElementTagNameMap {
    'chat-panel': ChatPanelElement;
  }
}
