import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { TestContext } from 'node:test';
import { z } from 'zod';
import { defineAction, type Action, type ActionCall } from '../../src/index.ts';
import { openStore, type AuditEntry } from '../../src/storage/index.ts';
import {
  allFrames,
  newSession,
  startServer,
  textIn,
  userMessage,
  type Harness,
  type HarnessOptions,
  type ReadFrame,
  type Sent,
} from './harness.ts';

const articles = fileURLToPath(new URL('../../../demo/articles', import.meta.url));

export type Part = { readonly type: string } & { readonly [field: string]: unknown };

/** What was asked for by one message, as a reader of the stream sees it. */
export type Exchange = {
  readonly response: Response;
  readonly parts: readonly Part[];
  readonly types: readonly string[];
  readonly text: string;
  /** Of the newest `tool-approval-request`. */
  readonly approvalId: string | undefined;
};

export type Person = {
  readonly conversationId: string;
  readonly say: (text: string) => Promise<Exchange>;
  readonly answer: (approvalId: string, approved: boolean, conversationId?: string) => Promise<Exchange>;
};

/** Actions whose calls are written down. */
export type Shop = {
  readonly calls: ActionCall[];
  readonly actions: readonly Action[];
};

/** `orders`: personal. `ticket`: for everybody. `cancel`: personal, asks first. Say "where is my order" and so on. */
export function createShop(change: { readonly run?: (call: ActionCall) => unknown } = {}): Shop {
  const calls: ActionCall[] = [];
  const run = (call: ActionCall): unknown => {
    calls.push(call);
    return change.run === undefined ? { message: 'All done.' } : change.run(call);
  };
  const nothing = z.strictObject({});
  return {
    calls,
    actions: [
      defineAction({
        name: 'orders',
        description: 'Lists the orders',
        inputSchema: z.object({ email: z.string().optional(), sub: z.string().optional() }),
        access: 'verified',
        phrases: ['where is my order'],
        run,
      }),
      defineAction({
        name: 'ticket',
        description: 'Opens a ticket',
        inputSchema: z.object({ about: z.string() }),
        access: 'public',
        phrases: ['open a ticket'],
        inputFrom: (about) => ({ about }),
        run,
      }),
      defineAction({
        name: 'cancel_order',
        description: 'Cancels an order',
        inputSchema: z.object({ order: z.string() }),
        access: 'verified',
        approval: true,
        phrases: ['cancel my order'],
        inputFrom: (message) => ({ order: /F-\d+/.exec(message)?.[0] ?? 'newest' }),
        run,
      }),
      defineAction({
        name: 'club',
        description: 'For members',
        inputSchema: nothing,
        access: 'verified',
        allow: { claim: ['metadata', 'plan'], equals: 'club' },
        phrases: ['club offer'],
        run,
      }),
    ],
  };
}

/** A server whose agent answers from the demo's articles and runs the shop's actions. */
export function startActionServer(test: TestContext, shop: Shop, options: HarnessOptions = {}): Promise<Harness> {
  return startServer(test, actionOptions(shop, options));
}

export function actionOptions(shop: Shop, options: HarnessOptions = {}): HarnessOptions {
  return {
    ...options,
    agent: { knowledge: articles, ...options.agent },
    server: { agentFor: () => undefined, actionsFor: () => shop.actions, ...options.server },
  };
}

/** Somebody in a conversation of their own, by the credentials given. */
export function talker(server: Harness, sent: Pick<Sent, 'token' | 'session'>, id: string = randomUUID()): Person {
  return {
    conversationId: id,
    say: async (text) => read(await server.send('/chat', { ...sent, body: { id, messages: [userMessage(text)] } })),
    answer: async (approvalId, approved, conversationId = id) =>
      read(await server.send(`/chat/${conversationId}/approvals/${approvalId}`, { ...sent, body: { approved } })),
  };
}

export function visitor(server: Harness): Person {
  return talker(server, { session: newSession() });
}

async function read(response: Response): Promise<Exchange> {
  if (response.status !== 200) return { response, parts: [], types: [], text: '', approvalId: undefined };
  const frames = await allFrames(response);
  const parts = partsOf(frames);
  const asked = parts.findLast(({ type }) => type === 'tool-approval-request');
  return {
    response,
    parts,
    types: parts.map(({ type }) => type),
    text: textIn(frames),
    approvalId: asked === undefined ? undefined : String(asked['approvalId']),
  };
}

function partsOf(frames: readonly ReadFrame[]): readonly Part[] {
  return frames.filter(({ data }) => data !== '[DONE]').map(({ data }) => JSON.parse(data) as Part);
}

/** The records of actions, oldest first. The server is closed for it. */
export async function auditOf(server: Harness): Promise<readonly AuditEntry[]> {
  await server.server.close();
  const store = await openStore({ dataDirectory: server.dataDirectory });
  try {
    const entries = await store.audit.list('shop', 100_000);
    return entries.filter(({ kind }) => kind === 'action-run').toReversed();
  } finally {
    await store.close();
  }
}
