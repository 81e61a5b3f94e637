import { createSSRApp } from 'vue';
import { renderToString } from 'vue/server-renderer';
import type { ChatSettings } from '../../shared/shop.ts';
import Support from './support.vue';

export const render = (settings: ChatSettings): Promise<string> => renderToString(createSSRApp(Support, settings));
