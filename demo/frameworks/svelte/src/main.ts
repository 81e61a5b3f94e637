import { ChatWidgetElement } from 'chat-widget';
import { mount } from 'svelte';
import { readSettings } from '../../shared/shop.ts';
import '../../shared/style.css';
import Support from './support.svelte';

const settings = await readSettings();
// Tokens go to no server that the markup alone names.
ChatWidgetElement.defaultServer = settings.server;
mount(Support, { target: document.querySelector('#app')!, props: settings });
