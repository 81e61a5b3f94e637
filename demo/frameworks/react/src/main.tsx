import { ChatWidgetElement } from 'chat-widget';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { readSettings } from '../../shared/shop.ts';
import '../../shared/style.css';
import { Support } from './support.tsx';

const settings = await readSettings();
// Tokens go to no server that the markup alone names.
ChatWidgetElement.defaultServer = settings.server;
createRoot(document.querySelector('#app')!).render(
  <StrictMode>
    <Support {...settings} />
  </StrictMode>,
);
