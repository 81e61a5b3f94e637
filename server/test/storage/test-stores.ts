import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { startPostgres } from '../../../scripts/postgres.ts';
import type { ChatMessage } from '../../../src/protocol/index.ts';
import type { NewTurn, Owner } from '../../src/storage/index.ts';

export type TestPostgres = {
  /** The reason why there is none, or false: for node:test's `skip`. */
  readonly missing: string | false;
  /** URL of a new, empty database. */
  createDatabase(): Promise<string>;
  /** Ends all connections to a database, as a restart of Postgres would. */
  cutConnections(url: string): Promise<void>;
  stop(): Promise<void>;
};

/** A real Postgres, or a loud notice that there is none; `REQUIRE_POSTGRES=1` makes that an error. */
export async function openTestPostgres(): Promise<TestPostgres> {
  const { url, reason, stop } = await startPostgres();
  if (url === null) {
    const line = '!'.repeat(80);
    const notice = `No Postgres could be started; its tests do not run.\n${reason ?? ''}`;
    if (process.env['REQUIRE_POSTGRES'] === '1') throw new Error(notice);
    console.error(`${line}\n${notice}\n${line}`);
  }
  const admin = async <Result>(work: (client: pg.Client) => Promise<Result>): Promise<Result> => {
    const client = new pg.Client({ connectionString: url ?? '' });
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  };
  const created: string[] = [];
  return {
    missing: url === null ? 'no Postgres could be started' : false,
    createDatabase: async () => {
      const name = `chat_test_${randomUUID().replaceAll('-', '')}`;
      await admin((client) => client.query(`create database ${name}`));
      created.push(name);
      return Object.assign(new URL(url ?? ''), { pathname: `/${name}` }).href;
    },
    cutConnections: async (database) => {
      const name = new URL(database).pathname.slice(1);
      await admin((client) =>
        client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]),
      );
    },
    stop: async () => {
      for (const name of url === null ? [] : created) {
        await admin((client) => client.query(`drop database if exists ${name} with (force)`));
      }
      await stop();
    },
  };
}

/** A new temporary directory, and what removes it. */
export function temporaryDirectory(): { readonly path: string; remove(): void } {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'chat-store-'));
  return { path: directory, remove: () => fs.rmSync(directory, { recursive: true, force: true }) };
}

export const startOfTime = Date.UTC(2026, 0, 1);

export function subjectOwner(subject: string = randomUUID(), agentId = 'demo') {
  return { kind: 'subject', agentId, subject } as const;
}

export function sessionOwner(sessionHash: string = randomUUID(), agentId = 'demo') {
  return { kind: 'session', agentId, sessionHash } as const;
}

export function userMessage(text: string, id: string = randomUUID()): ChatMessage {
  return { id, role: 'user', parts: [{ type: 'text', text }] };
}

export function assistantMessage(text: string, id: string): ChatMessage {
  return { id, role: 'assistant', parts: [{ type: 'text', text, state: 'done' }], metadata: { status: 'complete' } };
}

type TurnBase = { readonly owner: Owner; readonly conversationId: string; readonly now?: number };

/** A turn whose content hash is its text, with a new reply id. */
export function submitTurn(input: TurnBase & { readonly message?: ChatMessage; readonly hash?: string }): NewTurn {
  const message = input.message ?? userMessage('Where is my order?');
  return {
    ...turnBase(input),
    trigger: 'submit-message',
    message,
    metadata: {},
    contentHash: input.hash ?? JSON.stringify(message.parts),
  };
}

export function regenerateTurn(input: TurnBase & { readonly messageId: string }): NewTurn {
  return { ...turnBase(input), trigger: 'regenerate-message', messageId: input.messageId };
}

function turnBase({ owner, conversationId, now = startOfTime }: TurnBase) {
  return { owner, conversationId, replyId: randomUUID(), processId: 'process-1', now, staleBefore: now - 20_000 };
}

/** Resolves when `look` finds something; for what happens in other connections and processes. */
export async function eventually<Result>(look: () => Promise<Result | undefined | false>): Promise<Result> {
  const deadline = performance.now() + 10_000;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > deadline) throw new Error('It did not happen within ten seconds.');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
