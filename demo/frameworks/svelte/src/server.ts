import { render as renderComponent } from 'svelte/server';
import type { ChatSettings } from '../../shared/shop.ts';
import Support from './support.svelte';

export const render = (props: ChatSettings): string => renderComponent(Support, { props }).body;
