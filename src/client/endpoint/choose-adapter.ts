import type { Adapter } from './adapter.ts';
import { aiSdk } from './ai-sdk.ts';

const adapters: { readonly [type: string]: () => Adapter | Promise<Adapter> } = {
  'ai-sdk': () => aiSdk,
  openai: () => import('./open-ai.ts'),
  'ag-ui': () => import('./ag-ui.ts'),
};

/** Types that were warned of already. */
const warned = new Set<string>();

/** @returns gets what the backend speaks, which is fetched when it is asked for. An unknown type counts as `ai-sdk`. */
export function chooseAdapter(type = ''): () => Adapter | Promise<Adapter> {
  const known = Object.hasOwn(adapters, type) ? adapters[type] : undefined;
  if (known !== undefined) return known;
  if (type !== '') {
    warnOnce(`endpoint-type "${type.slice(0, 40)}" is none of ${Object.keys(adapters).join(', ')}; ai-sdk is taken.`);
  }
  return () => aiSdk;
}

export function warnOnce(text: string): void {
  if (warned.has(text)) return;
  warned.add(text);
  console.warn(`chat-widget: ${text}`);
}
