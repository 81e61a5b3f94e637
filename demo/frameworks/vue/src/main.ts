import { ChatWidgetElement } from 'chat-widget';
import { createApp } from 'vue';
import { readSettings } from '../../shared/shop.ts';
import '../../shared/style.css';
import Support from './support.vue';

const settings = await readSettings();
// Tokens go to no server that the markup alone names.
ChatWidgetElement.defaultServer = settings.server;
createApp(Support, settings).mount('#app');
