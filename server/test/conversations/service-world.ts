import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe } from 'node:test';
import type { StreamPart } from '../../../src/protocol/index.ts';
import type { Agent } from '../../src/agents/index.ts';
import {
  type ConversationService,
  createConversationService,
  type Frame,
  type ReplyHandle,
  type ReplyLimits,
  type SendInput,
  type Timing,
} from '../../src/conversations/index.ts';
import type { Owner, Store } from '../../src/storage/index.ts';
import { sessionOwner, startOfTime, userMessage } from '../storage/test-stores.ts';

/** Two server processes on one database: for SQLite two services on one store, for Postgres two stores. */
export type World = {
  readonly store: Store;
  readonly otherStore: Store;
  readonly clock: { now: number };
  readonly logged: { readonly level: string; readonly fields: object; readonly message: string }[];
  /** A service on `store`, or on the one given. Drained after the suite. */
  service(options?: { store?: Store; timing?: Partial<Timing>; limits?: Partial<ReplyLimits> }): ConversationService;
};

export type OpenStores = () => Promise<{ readonly store: Store; readonly otherStore: Store; close(): Promise<void> }>;

/**
 * Nothing happens by itself: hearts beat only when parts are written, and nobody looks without being told. Tests of what does
 * happen by itself say how often.
 */
const hourMs = 3_600_000;
const testTiming: Partial<Timing> = {
  heartbeatMs: hourMs,
  pollMs: hourMs,
  eventPollMs: hourMs,
  interruptEveryMs: hourMs,
  flushMs: 5,
  stopWaitMs: 2_000,
  finishRetryMs: 200,
};

export function describeWorld(
  title: string,
  skip: string | false,
  open: OpenStores,
  tests: (world: () => World) => void,
): void {
  describe(title, { skip }, () => {
    let world: World;
    let close: () => Promise<void>;
    const services: ConversationService[] = [];
    before(async () => {
      const { store, otherStore, close: closeStores } = await open();
      close = closeStores;
      const clock = { now: startOfTime };
      const logged: World['logged'] = [];
      const logAs = (level: string) => (fields: object, message: string) =>
        void logged.push({ level, fields, message });
      const log = { error: logAs('error'), warn: logAs('warn'), info: logAs('info') };
      world = {
        store,
        otherStore,
        clock,
        logged,
        service: (options = {}) => {
          const service = createConversationService({
            store: options.store ?? store,
            processId: randomUUID(),
            log,
            clock: () => clock.now,
            timing: { ...testTiming, ...options.timing },
            limits: options.limits ?? {},
          });
          services.push(service);
          return service;
        },
      };
    });
    after(async () => {
      await Promise.all(services.map((service) => service.drain(0)));
      await close();
    });
    tests(() => world);
  });
}

export const never = new AbortController().signal;

type MessageInput = {
  readonly agent: Agent;
  readonly owner?: Owner;
  readonly conversationId?: string;
  readonly message?: ReturnType<typeof userMessage>;
};

export function submit({ agent, owner, conversationId, message }: MessageInput): SendInput {
  return {
    ...sendBase(owner ?? sessionOwner(), conversationId ?? randomUUID(), agent),
    trigger: 'submit-message',
    message: message ?? userMessage('Where is my order?'),
    metadata: { source: 'test' },
  };
}

export function regenerate(input: Required<Omit<MessageInput, 'message'>> & { readonly messageId: string }): SendInput {
  const { owner, conversationId, agent, messageId } = input;
  return { ...sendBase(owner, conversationId, agent), trigger: 'regenerate-message', messageId };
}

function sendBase(owner: Owner, conversationId: string, agent: Agent) {
  const user = { verified: false, selfReported: {} } as const;
  const turn = { agentId: 'demo', agentName: 'Demo', user, metadata: { source: 'test' } };
  return { owner, conversationId, agent, turn };
}

export async function sent(service: ConversationService, input: SendInput): Promise<ReplyHandle> {
  const outcome = await service.send(input);
  return outcome.ok ? outcome.reply : assert.fail(outcome.code);
}

/** All frames to the end, or the first so many. */
export async function collect(frames: AsyncIterable<Frame>, count = Infinity): Promise<readonly Frame[]> {
  const collected: Frame[] = [];
  for await (const frame of frames) {
    collected.push(frame);
    if (collected.length === count) break;
  }
  return collected;
}

export function partsOf(frames: readonly Frame[]): readonly StreamPart[] {
  return frames.map(({ part }) => part);
}

export function textIn(frames: readonly Frame[]): string {
  return partsOf(frames)
    .map((part) => (part.type === 'text-delta' ? part.delta : ''))
    .join('');
}

export function typesIn(frames: readonly Frame[]): readonly string[] {
  return partsOf(frames).map(({ type }) => type);
}

/** The numbers of frames are 1, 2, 3 and so on. */
export function assertGapless(frames: readonly Frame[], firstN = 1): void {
  assert.deepEqual(
    frames.map(({ n }) => n),
    frames.map((_, index) => firstN + index),
  );
}
