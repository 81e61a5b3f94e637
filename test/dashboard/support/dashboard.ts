import { http, HttpResponse } from 'msw';
import { setupWorker } from 'msw/browser';
import '../../../server/dashboard/src/main.ts';
import { connection, type Operator, session } from '../../../server/dashboard/src/api/index.ts';
import { forgetDrafts } from '../../../server/dashboard/src/live/drafts.ts';
import { type Route, routes as allRoutes } from '../../../server/dashboard/src/routes.ts';
import { applyTheme, type Theme } from '../../../server/dashboard/src/theme.ts';
import { until } from '../../shell/support/until.ts';

export const ada: Operator = { id: 'o1', name: 'Ada', email: 'ada@example.com', role: 'admin', agentIds: null };

export type Call = {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: unknown;
};

/** The calls of the API that were made in this test, in order. */
export const calls: Call[] = [];

export const noContent = (): Response => new HttpResponse(null, { status: 204 });

const unexpected: string[] = [];
const api = (path: string): string => `${location.origin}/dashboard/api/${path}`;
const worker = setupWorker(
  http.post(api('fence'), noContent),
  http.all(api('*'), ({ request }) => {
    unexpected.push(`${request.method} ${request.url}`);
    return HttpResponse.error();
  }),
);

async function note(request: Request): Promise<void> {
  const { method, headers, url } = request;
  const text = await request.clone().text();
  const path = new URL(url).pathname.replace('/dashboard/api/', '');
  calls.push({ method, path, headers, body: text === '' ? undefined : JSON.parse(text) });
}

type Method = 'get' | 'post' | 'patch' | 'put' | 'delete';
type Resolve = (request: Request) => Response | undefined | Promise<Response | undefined>;

/** Answers a call below `/dashboard/api/` until the test is over. */
export function answer(method: Method, path: string, resolve: Resolve): void {
  const resolver = async ({ request }: { readonly request: Request }): Promise<Response | undefined> => {
    await note(request);
    return resolve(request);
  };
  worker.use(http[method](api(path), resolver));
}

export const json = (body: object): Response => HttpResponse.json(body);
export const unreachable = (): Response => HttpResponse.error();

export const problem = (status: number, code: string, extra: object = {}): Response =>
  HttpResponse.json({ type: 'about:blank', title: code, status, code, ...extra }, { status });

export function answerSession(operator: Operator | null, extra: object = {}): void {
  answer('get', 'session', () => json({ operator, needsSetup: false, oidc: null, ...extra }));
}

/** Where `goBack` leads to, the last address at the end. */
const steps: string[] = [];

/**
 * Back, as pages hear of it. The tests' own page has no part in its steps: a page that goes one too far through a real history
 * leaves them. Journeys press the real button.
 */
export function goBack(): void {
  const address = steps.pop();
  if (address === undefined) throw new Error('There is no page before this one');
  history.replaceState(null, '', address);
  window.dispatchEvent(new PopStateEvent('popstate', { state: null }));
}

const send = window.fetch;
const pending = new Set<Promise<Response>>();

function fetchKnown(...call: Parameters<typeof fetch>): Promise<Response> {
  const answered = send(...call);
  pending.add(answered);
  const forget = (): unknown => pending.delete(answered);
  answered.then(forget, forget);
  return answered;
}

/** Until all that a page has asked for is answered, and what it asked because of that: the answers are this test's. */
async function settle(): Promise<void> {
  do {
    await Promise.allSettled(pending);
    // What else was sent, as by an `EventSource`, has arrived before this.
    await send(api('fence'), { method: 'POST', body: 'fence' });
  } while (pending.size > 0);
}

/** Once in a file: an API in which nothing is answered but what a test says. */
export function useDashboard(): void {
  const start = location.href;
  before(async () => {
    history.pushState = (state: unknown, _: string, address) => {
      steps.push(location.href);
      history.replaceState(state, '', address);
    };
    history.back = goBack;
    window.fetch = fetchKnown;
    await worker.start({ quiet: true, onUnhandledFrame: 'bypass' });
  });
  afterEach(async () => {
    for (const element of document.querySelectorAll('cw-dashboard, cw-confirm-dialog')) element.remove();
    session.forget();
    await settle();
    connection.reached();
    history.replaceState(null, '', start);
    worker.resetHandlers();
    applyTheme('system');
    localStorage.clear();
    forgetDrafts();
    calls.length = steps.length = 0;
    const refused = unexpected.splice(0);
    if (refused.length > 0) throw new Error(`Nobody was expected to call ${refused.join(', ')}`);
  });
  after(() => {
    window.fetch = send;
    for (const name of ['pushState', 'back']) Reflect.deleteProperty(history, name);
    return worker.stop();
  });
}

type Opened = { readonly routes?: readonly Route[]; readonly operator?: Operator | null; readonly theme?: Theme };

/** Opens an address as if the page had been loaded there. Signed in as Ada unless `operator` says otherwise. */
export async function openDashboard(address: string, options: Opened = {}): Promise<HTMLElement> {
  const { routes = allRoutes, operator = ada, theme = 'system' } = options;
  // What the API answers is said by the test where it says anything.
  if (!('operator' in options) || operator) answerSession(operator);
  history.pushState(null, '', address);
  applyTheme(theme);
  document.documentElement.lang = 'en';
  const app = document.createElement('cw-dashboard');
  app.routes = routes;
  document.body.append(app);
  await until(() => app.querySelector('h1, h2'), 'a page');
  return app;
}

export const heading = (): string => document.querySelector('main h1')?.textContent?.trim() ?? '';
export const shown = (text: string): boolean =>
  (document.querySelector('cw-dashboard') as HTMLElement).innerText.includes(text) ||
  (document.querySelector('cw-confirm-dialog')?.textContent ?? '').includes(text);
export const isShown = (text: string): Promise<void> => until(() => shown(text), `“${text}”`);

/** The control with this label. */
export function field(label: string): HTMLInputElement {
  const labels = [...document.querySelectorAll('label')];
  const found = labels.find(({ textContent }) => textContent.trim() === label)?.control;
  if (!(found instanceof HTMLInputElement)) throw new Error(`There is no field “${label}”`);
  return found;
}

export function type(label: string, text: string): void {
  const input = field(label);
  input.value = text;
  input.dispatchEvent(new Event('input', { bubbles: true }));
}

/** Presses the button or link with this name; the last one, which is that of an open dialog. */
export function press(name: string): void {
  const nameOf = (element: Element): string =>
    (element.getAttribute('aria-label') ?? element.textContent).trim().replaceAll(/\s+/g, ' ');
  const found = [...document.querySelectorAll<HTMLElement>('a, button')].findLast(
    (element) => nameOf(element) === name,
  );
  if (!found) throw new Error(`There is no button “${name}”`);
  found.click();
}

/** What is read with a field: its hint and its error. */
export const describedBy = (input: HTMLElement): string =>
  (input.getAttribute('aria-describedby') ?? '')
    .split(' ')
    .map((id) => document.getElementById(id)?.textContent?.trim() ?? '')
    .join(' ')
    .trim();
