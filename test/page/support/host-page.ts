import { backend } from '../../shell/support/backend.ts';
import { until } from '../../shell/support/until.ts';

/** The window of a page that embeds the built widget. */
export type HostWindow = Window & typeof globalThis & { [name: string]: unknown };

export type HostPage = {
  readonly window: HostWindow;
  readonly document: Document;
  /** The page's widgets. */
  readonly widgets: readonly HTMLElement[];
  /** What was said on its console, and what went wrong unnoticed. */
  readonly warnings: readonly string[];
  readonly errors: readonly string[];
  readonly rejections: readonly string[];
  /** Names of the widget's files that it has fetched, without what changes with their content. */
  readonly fetched: () => readonly string[];
  /** The button of its only widget. */
  readonly launcher: () => HTMLButtonElement;
};

const stub =
  "if (typeof window.chat != 'function') window.chat = function () { (chat.q = chat.q || []).push(arguments) };";

export const stubScript = `<script>${stub}</script>`;

/** The element, and its name on pages that were written for another chat. */
const widgetNames = 'chat-widget, applied-chat-widget';

let pages = 0;

/** Where the built script is, for one page: nothing of another page's is in the way. */
export const scriptAddress = (): string => `/copy/${++pages}/chat.js`;

/** The script tag as a page has it. */
export function scriptTag(attributes = '', position = ''): string {
  return `<script ${position} src="${scriptAddress()}" data-server="${backend.server}" ${attributes}></script>`;
}

/**
 * Opens a page of its own, with a window, a module map and a console of its own, and waits until it has loaded.
 *
 * @param prepare changes the window before any of its scripts runs
 */
export async function openPage(html: string, prepare: (window: HostWindow) => void = () => {}): Promise<HostPage> {
  const frame = document.createElement('iframe');
  // An address of its own, or the page would have none that a token may be sent from.
  frame.src = '/test/page/support/empty.html';
  frame.style.cssText = 'width:800px;height:600px';
  const loaded = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
  document.body.append(frame);
  await loaded;
  const window = frame.contentWindow as HostWindow;
  window.document.open();
  const page = watch(window);
  prepare(window);
  window.document.write(html);
  window.document.close();
  await until(() => window.document.readyState === 'complete', 'the page');
  return page;
}

/** For `describe`: closes the pages of each test. */
export function useHostPages(): void {
  afterEach(() => {
    for (const frame of document.querySelectorAll('iframe')) frame.remove();
  });
}

function watch(window: HostWindow): HostPage {
  const [warnings, errors, rejections]: string[][] = [[], [], []];
  const { console } = window;
  console.warn = (...words: unknown[]) => void warnings?.push(words.join(' '));
  console.error = (...words: unknown[]) => void errors?.push(words.join(' '));
  window.addEventListener('error', (event) => void errors?.push(event.message));
  window.addEventListener('unhandledrejection', (event) => void rejections?.push(String(event.reason)));
  return {
    window,
    document: window.document,
    get widgets() {
      return [...window.document.querySelectorAll<HTMLElement>(widgetNames)];
    },
    warnings: warnings ?? [],
    errors: errors ?? [],
    rejections: rejections ?? [],
    fetched: () =>
      window.performance
        .getEntriesByType('resource')
        .map(({ name }) => /\/copy\/\d+\/(?:chunks\/)?(.+?)(?:-.{8})?\.js$/.exec(name)?.[1] ?? '')
        .filter((name) => name !== '' && name !== 'chat'),
    launcher: () => {
      const button = window.document.querySelector(widgetNames)?.shadowRoot?.querySelector('button');
      if (!button) throw new Error('There is no launcher');
      return button;
    },
  };
}
