import { ChatWidgetElement } from 'chat-widget';
import { render } from 'solid-js/web';
import { readSettings } from '../../shared/shop.ts';
import '../../shared/style.css';
import { Support } from './support.tsx';

const settings = await readSettings();
// Tokens go to no server that the markup alone names.
ChatWidgetElement.defaultServer = settings.server;
render(() => <Support {...settings} />, document.querySelector('#app')!);
