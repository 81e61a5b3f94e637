import { ChatWidgetElement } from 'chat-widget';
import { hydrateRoot } from 'react-dom/client';
import { readSettings } from '../../shared/shop.ts';
import { Support } from './support.tsx';

// For a page whose HTML a server has rendered (server.tsx): there the element is upgraded before React has seen it.
const settings = await readSettings();
ChatWidgetElement.defaultServer = settings.server;
await customElements.whenDefined('chat-widget');
hydrateRoot(document.querySelector('#app')!, <Support {...settings} />, {
  onRecoverableError: (error) => console.error('recovered', error),
});
