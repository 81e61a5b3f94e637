import { bootstrapApplication } from '@angular/platform-browser';
import { ChatWidgetElement } from 'chat-widget';
import { readSettings } from '../../shared/shop.ts';
import { settings, Support } from './support.ts';

readSettings()
  .then((value) => {
    // Tokens go to no server that the markup alone names.
    ChatWidgetElement.defaultServer = value.server;
    return bootstrapApplication(Support, { providers: [{ provide: settings, useValue: value }] });
  })
  .catch((error: unknown) => console.error(error));
