import { html, nothing, type TemplateResult } from 'lit';
import type { ApiError, LoadState } from '../api/index.ts';
import { icon, type IconName } from './icons.ts';

export type EmptyState = {
  readonly icon?: IconName;
  readonly title: string;
  /** What somebody can do about it. */
  readonly text: string;
  readonly action?: TemplateResult;
};

/** Where there is nothing to show: says why, and what to do. */
export const emptyState = ({ icon: name = 'inbox', title, text, action }: EmptyState): TemplateResult =>
  html`<div class="state">
    ${icon(name)}
    <h2>${title}</h2>
    <p>${text}</p>
    ${action ?? nothing}
  </div>`;

const start = { href: '/dashboard/', label: 'Go to the start' };

/** Where something could not be loaded. What does not exist will not come by trying again: a way on is `elsewhere`. */
export const failedState = (error: ApiError, retry: () => unknown, elsewhere = start): TemplateResult =>
  html`<div class="state" role="alert">
    ${icon('alert')}
    <h2>${error.code === 'not_found' ? 'Not found' : 'This could not be loaded'}</h2>
    <p>${error.detail}</p>
    ${
      error.code === 'not_found'
        ? html`<a class="button" href=${elsewhere.href}>${elsewhere.label}</a>`
        : html`<button type="button" class="button" @click=${() => void retry()}>Try again</button>`
    }
  </div>`;

export const loadingState = (): TemplateResult =>
  html`<div class="skeleton" role="status" aria-label="Loading"><i></i><i></i><i></i></div>`;

type Loading<T> = { readonly current: LoadState<T>; readonly start: () => Promise<void> };

type LoadedOptions = { readonly loading?: () => unknown; readonly elsewhere?: typeof start };

/** What a {@link Loader} has: its value as `ready` draws it, or why there is none. */
export function loaded<T>(
  loader: Loading<T>,
  ready: (value: T) => unknown,
  { loading = loadingState, elsewhere = start }: LoadedOptions = {},
): unknown {
  const { current } = loader;
  if (current.state === 'ready') return ready(current.value);
  return current.state === 'failed' ? failedState(current.error, loader.start, elsewhere) : loading();
}
