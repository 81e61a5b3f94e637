import { api } from './api.ts';
import { type Session, session } from './session.ts';

/**
 * Something happened on the server: what kind of thing, and the ids by which a page can ask for it. `resumed` is this
 * page's own: the connection was away, so that anything may have happened; the server says so too where somebody was told
 * too much at once. Others: `conversation` with a `kind` (`message`, `title`, `handoff`, `status`, `assignee`, `note`, `read`,
 * `removed`), `typing` (the visitor does, or has stopped), `presence` (who looks at a conversation, or types there).
 */
export type DashboardEvent = {
  readonly type: string;
  readonly agentId?: string;
  readonly conversationId?: string;
  readonly [field: string]: unknown;
};

type Subscription = { readonly listener: (event: DashboardEvent) => void; readonly whileHidden: boolean };

const address = '/dashboard/api/events';
const firstRetryMs = 1_000;
const maxRetryMs = 30_000;

const subscriptions = new Set<Subscription>();
let source: EventSource | undefined;
let wasConnected = false;
let retryMs = firstRetryMs;
let retry: ReturnType<typeof setTimeout> | undefined;

/**
 * Listens to `/dashboard/api/events`: one connection for the page, closed while nobody listens, and while the page is
 * hidden unless somebody listens `whileHidden` (who notifies). Returns what ends it. Each message is a JSON object with a
 * `type`; what is not is ignored.
 */
export function subscribe(
  listener: (event: DashboardEvent) => void,
  { whileHidden = false }: { readonly whileHidden?: boolean } = {},
): () => void {
  const subscription = { listener, whileHidden };
  if (subscriptions.size === 0) document.addEventListener('visibilitychange', adjust);
  subscriptions.add(subscription);
  adjust();
  return () => {
    subscriptions.delete(subscription);
    if (subscriptions.size === 0) document.removeEventListener('visibilitychange', adjust);
    adjust();
  };
}

const isWanted = (): boolean =>
  [...subscriptions].some(({ whileHidden }) => whileHidden || document.visibilityState === 'visible');

function adjust(): void {
  if (!isWanted()) close();
  else if (source === undefined && retry === undefined) open();
}

function close(): void {
  clearTimeout(retry);
  retry = undefined;
  source?.close();
  source = undefined;
  if (subscriptions.size === 0) wasConnected = false;
}

function open(): void {
  const opened = (source = new EventSource(address));
  opened.addEventListener('open', () => {
    retryMs = firstRetryMs;
    if (wasConnected) tell({ type: 'resumed' });
    wasConnected = true;
  });
  opened.addEventListener('message', ({ data }) => {
    const event = decode(data);
    if (event?.type === 'signed-out') lookWhoIsSignedIn();
    else if (event) tell(event);
  });
  opened.addEventListener('error', () => {
    if (source !== opened) return;
    // The browser tries again by itself unless the answer was no stream at all; whether the server is there is said meanwhile.
    if (opened.readyState !== EventSource.CLOSED) return lookWhoIsSignedIn();
    close();
    // The stream is refused where nobody is signed in any more.
    lookWhoIsSignedIn();
    retry = setTimeout(reopen, retryMs);
    retryMs = Math.min(maxRetryMs, retryMs * 2);
  });
}

function lookWhoIsSignedIn(): void {
  api.get<Session>('session').then(
    ({ operator }) => operator ?? session.end(),
    () => undefined,
  );
}

function reopen(): void {
  retry = undefined;
  adjust();
}

function tell(event: DashboardEvent): void {
  for (const { listener } of subscriptions) listener(event);
}

function decode(data: unknown): DashboardEvent | undefined {
  try {
    const value: unknown = JSON.parse(String(data));
    const isEvent = typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
    return isEvent ? (value as DashboardEvent) : undefined;
  } catch {
    return undefined;
  }
}
