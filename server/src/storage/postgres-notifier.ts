import { sql } from 'kysely';
import pg from 'pg';
import type { Database } from './backend.ts';
import type { Notifier } from './store.ts';
import { createSubscriptions, type Subscriptions } from './subscriptions.ts';

/** The one channel of Postgres that all of ours share; which of ours it is stands in the payload. */
const physicalChannel = 'chat_widget';

/** Postgres takes payloads below 8000 bytes: https://www.postgresql.org/docs/current/sql-notify.html */
const maxEnvelopeBytes = 7_900;

const firstDelayMs = 50;
const maxDelayMs = 5_000;
const heartbeatMs = 15_000;
const closeTimeoutMs = 1_000;

/**
 * LISTEN/NOTIFY. The listening connection comes back by itself; since notifications may have been missed meanwhile, every
 * subscriber is then woken with an empty payload.
 */
export function createPostgresNotifier(
  databaseUrl: string,
  database: Database,
  onError: (error: unknown) => void,
): Notifier & { readonly started: Promise<void>; close(): Promise<void> } {
  const subscriptions = createSubscriptions(onError);
  const listener = keepListening(databaseUrl, subscriptions, onError);
  return {
    publish: async (channel, payload = '') => {
      await sql`select pg_notify(${physicalChannel}, ${encodeEnvelope(channel, payload)})`.execute(database);
    },
    subscribe: subscriptions.subscribe,
    started: listener.started,
    close: () => listener.close(),
  };
}

function encodeEnvelope(channel: string, payload: string): string {
  const envelope = JSON.stringify({ channel, payload });
  // Without its payload a notification means "look for yourself", which is always right.
  return Buffer.byteLength(envelope) <= maxEnvelopeBytes ? envelope : JSON.stringify({ channel, payload: '' });
}

function deliverEnvelope(text: string | undefined, subscriptions: Subscriptions): void {
  const { channel, payload } = JSON.parse(text ?? '') as { channel?: unknown; payload?: unknown };
  if (typeof channel === 'string') subscriptions.deliver(channel, typeof payload === 'string' ? payload : '');
}

function keepListening(databaseUrl: string, subscriptions: Subscriptions, onError: (error: unknown) => void) {
  const closing = new AbortController();
  const started = Promise.withResolvers<void>();
  let client: pg.Client | undefined;

  const onLost = (error: unknown): void => {
    started.resolve();
    if (!closing.signal.aborted) onError(error);
  };

  async function run(): Promise<void> {
    let delayMs = firstDelayMs;
    while (!closing.signal.aborted) {
      client = createListener(databaseUrl, subscriptions, onError);
      const lost = whenLost(client);
      try {
        await startListening(client);
        delayMs = firstDelayMs;
        started.resolve();
        subscriptions.deliverToAll();
        onLost(await lost);
      } catch (error) {
        onLost(error);
      }
      await pause(delayMs, closing.signal);
      delayMs = Math.min(delayMs * 2, maxDelayMs);
    }
  }

  const running = run();
  return {
    /** The first attempt is over; what fails after it is tried again for as long as it takes. */
    started: started.promise,
    close: async () => {
      closing.abort();
      const ended = Promise.all([client?.end().catch(() => {}), running]);
      // A network that swallows packets must not hold up a server that stops.
      await Promise.race([ended, pause(closeTimeoutMs, new AbortController().signal)]);
    },
  };
}

function createListener(databaseUrl: string, subscriptions: Subscriptions, onError: (error: unknown) => void) {
  const client = new pg.Client({
    connectionString: databaseUrl,
    keepAlive: true,
    connectionTimeoutMillis: 5_000,
    query_timeout: 10_000,
    application_name: 'chat-widget-server listener',
  });
  client.on('notification', (message) => {
    try {
      deliverEnvelope(message.payload, subscriptions);
    } catch (error) {
      onError(error);
    }
  });
  return client;
}

async function startListening(client: pg.Client): Promise<void> {
  try {
    await client.connect();
    await client.query(`listen ${physicalChannel}`);
  } catch (error) {
    void client.end().catch(() => {});
    throw error;
  }
}

/** Settles with the reason when the connection has gone, also when nobody at the other end says so. */
function whenLost(client: pg.Client): Promise<unknown> {
  return new Promise((resolve) => {
    const heartbeat = setInterval(() => {
      client.query('select 1').catch((error: unknown) => {
        resolve(error);
        void client.end().catch(() => {});
      });
    }, heartbeatMs).unref();
    const lose = (error?: unknown): void => {
      clearInterval(heartbeat);
      resolve(error ?? new Error('The connection that listens for notifications has ended.'));
    };
    client.on('error', lose);
    client.on('end', lose);
  });
}

function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, durationMs);
    timer.unref();
    signal.addEventListener('abort', done);
  });
}
