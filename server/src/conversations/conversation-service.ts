import type { ChatMessage, ConversationPage, Feedback, MessagePage } from '../../../src/protocol/index.ts';
import type { HeldAction, Turn } from '../agents/index.ts';
import {
  type Approval,
  type BeginTurn,
  type ConversationListRow,
  type ListPage,
  type NewTurn,
  type Owner,
  ownerKey,
  type Page,
  type ReplyRow,
  type Store,
} from '../storage/index.ts';
import { contentHash } from './content-hash.ts';
import { describeStoreError } from './describe-error.ts';
import { tellDesk } from './desk-events.ts';
import type { Ending } from './ending.ts';
import { createHandoffs } from './handoffs.ts';
import { type Housekeeping, keepHouse } from './housekeeping.ts';
import type { LiveReply } from './live-reply.ts';
import { type RunningReply, startReply } from './reply-runner.ts';
import { createReplySlots, defaultReplyLimits, type ReplyLimits, type ReplySlots } from './reply-slots.ts';
import type { ServiceLog } from './service-log.ts';
import { storedFrames } from './stored-frames.ts';
import { defaultTiming, type Timing } from './timing.ts';
import type { ConversationService, Frame, Handoffs, ReplyHandle, SendInput, SendOutcome } from './types.ts';
import { createVisitorEvents, type VisitorEvents } from './visitor-events.ts';

export type ConversationServiceOptions = {
  readonly store: Store;
  /** Different for every server process on the same database, and for each start of it. */
  readonly processId: string;
  readonly log: ServiceLog;
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly clock?: () => number;
  /** Ids of replies, different ones each time. Default `crypto.randomUUID`. */
  readonly newId?: () => string;
  readonly timing?: Partial<Timing>;
  readonly limits?: Partial<ReplyLimits>;
};

/**
 * Conversations, their replies and their live events, on a store that other processes may share. The store stays the
 * caller's: after `drain` it can be closed.
 */
export function createConversationService(options: ConversationServiceOptions): ConversationService {
  const service = new Service(options);
  return {
    send: (input) => service.send(input),
    running: (owner, conversationId) => service.running(owner, conversationId),
    stop: (owner, conversationId) => service.stop(owner, conversationId),
    list: (owner, page) => service.list(owner, page),
    messages: (owner, conversationId, page) => service.messages(owner, conversationId, page),
    markRead: (owner, conversationId, messageId) => service.markRead(owner, conversationId, messageId),
    rename: (owner, conversationId, title) => service.rename(owner, conversationId, title),
    rate: (owner, messageId, feedback) => service.rate(owner, messageId, feedback),
    remove: (conversationId) => service.remove(conversationId),
    removeIdle: (conversationId, before) => service.removeIdle(conversationId, before),
    handoffs: service.handoffs,
    claim: (session, subject) => service.claim(session, subject),
    events: (owner, lastEventId, signal) => service.events(owner, lastEventId, signal),
    drain: (graceMs) => service.drain(graceMs),
  };
}

class Service {
  readonly #store: Store;
  readonly #processId: string;
  readonly #log: ServiceLog;
  readonly #clock: () => number;
  readonly #newId: () => string;
  readonly #timing: Timing;
  readonly #events: VisitorEvents;
  readonly #house: Housekeeping;
  /** Replies that this process writes, by the id of their message. */
  readonly #replies = new Map<string, RunningReply>();
  readonly #slots: ReplySlots;
  readonly handoffs: Handoffs;
  readonly #closing = new AbortController();
  readonly #hurry = new AbortController();
  /** Turns that are being begun: a drain waits for them, so that none starts behind its back. */
  readonly #beginning = new Set<Promise<unknown>>();
  #draining = false;

  constructor({ store, processId, log, clock, newId, timing, limits }: ConversationServiceOptions) {
    this.#store = store;
    this.#processId = processId;
    this.#log = log;
    this.#clock = clock ?? Date.now;
    this.#newId = newId ?? (() => crypto.randomUUID());
    this.#timing = { ...defaultTiming, ...timing };
    this.#slots = createReplySlots({ ...defaultReplyLimits, ...limits });
    this.#events = createVisitorEvents({ store, clock: this.#clock, log, pollMs: this.#timing.eventPollMs });
    this.handoffs = createHandoffs({
      store,
      clock: this.#clock,
      newId: this.#newId,
      events: this.#events,
      stopReply: (conversationId) => this.#stopReply(conversationId),
    });
    this.#house = keepHouse({
      store,
      clock: this.#clock,
      timing: this.#timing,
      log,
      onInterrupted: (reply) => {
        this.#events.announce(reply.conversationId, reply.messageId);
        this.#tellReaders(reply.messageId, 'ended');
      },
    });
  }

  async send(input: SendInput): Promise<SendOutcome> {
    const sending = this.#send(input);
    this.#beginning.add(sending);
    try {
      return await sending;
    } finally {
      this.#beginning.delete(sending);
    }
  }

  async #send(input: SendInput): Promise<SendOutcome> {
    await this.#house.ready;
    if (this.#draining) return { ok: false, code: 'unavailable' };
    // Taken before the turn begins, so that parallel messages cannot all find the same room. Without room, what was sent
    // before finds its reply all the same.
    const visitors = [input.owner, input.session].flatMap((owner) => (owner === undefined ? [] : [ownerKey(owner)]));
    const slot = this.#slots.take(visitors, input.conversationId, input.address);
    const mayBegin = typeof slot !== 'string';
    const turn = { ...this.#newTurn(input), mayBegin };
    const begun = await this.#beginTurn(turn);
    if (begun?.outcome !== 'begun' && mayBegin) slot.release();
    if (begun === undefined) return { ok: false, code: 'unavailable' };
    if (begun.outcome === 'exists') return { ok: true, reply: this.#handle(begun.reply.messageId) };
    if (begun.outcome === 'handed_over') return this.#handedOver(turn, begun.reply);
    if (begun.outcome === 'not_begun') return { ok: false, code: mayBegin ? 'unavailable' : slot };
    if (begun.outcome !== 'begun') return { ok: false, code: begun.outcome };
    if (turn.trigger === 'submit-message') this.#events.announce(turn.conversationId, turn.message.id);
    if (begun.approval !== undefined) this.#events.announce(turn.conversationId, begun.approval.messageId);
    const live = this.#start(input, begun, turn.now);
    if (mayBegin) void live.ended.then(slot.release);
    return { ok: true, reply: this.#handle(begun.reply.messageId) };
  }

  /** A person answers: the message is told to who listens, and its stream says whose turn it is. */
  #handedOver(turn: NewTurn, { messageId }: ReplyRow): SendOutcome {
    if (turn.trigger === 'submit-message') this.#events.announce(turn.conversationId, turn.message.id);
    return { ok: true, reply: this.#handle(messageId) };
  }

  async #beginTurn(turn: NewTurn): Promise<BeginTurn | undefined> {
    try {
      return await this.#store.conversations.beginTurn(turn);
    } catch (error) {
      const { conversationId } = turn;
      this.#log.error({ conversationId, error: describeStoreError(error) }, 'a turn could not be stored');
      return undefined;
    }
  }

  #newTurn(input: SendInput): NewTurn {
    const { owner, conversationId, consentVersion, visitor } = input;
    const now = this.#clock();
    const turn = {
      owner,
      conversationId,
      replyId: this.#newId(),
      processId: this.#processId,
      now,
      staleBefore: now - this.#timing.staleAfterMs,
      consentVersion,
      visitor,
    };
    if (input.trigger === 'regenerate-message') return { ...turn, trigger: input.trigger, messageId: input.messageId };
    if (input.trigger === 'answer-approval') {
      return { ...turn, trigger: input.trigger, approvalId: input.approvalId, approved: input.approved };
    }
    const { id, parts } = input.message;
    const { trigger, metadata, attachments, replaces } = input;
    // Metadata of a message is the server's; what a client claims about its own is not stored.
    const createdAt = new Date(now).toISOString();
    const edited = replaces === undefined ? {} : { editedFrom: replaces };
    const message: ChatMessage = { id, role: 'user', parts, metadata: { createdAt, ...edited } };
    const sent = { message, metadata, replaces, ...(attachments === undefined ? {} : { attachments }) };
    return { ...turn, trigger, ...sent, contentHash: contentHash(message) };
  }

  #start(input: SendInput, begun: Begun, now: number): LiveReply {
    const { messageId, conversationId } = begun.reply;
    const reply = startReply({
      store: this.#store,
      agent: input.agent,
      turn: {
        ...input.turn,
        conversationId,
        hurry: this.#hurry.signal,
        history: begun.history,
        askForPerson: () => this.handoffs.request(conversationId),
        askApproval: (held) => this.#holdApproval({ ...held, conversationId, messageId }),
        ...answeredOf(input, begun),
      },
      messageId,
      createdAt: new Date(now).toISOString(),
      clock: this.#clock,
      timing: this.#timing,
      log: this.#log,
      onStored: () => this.#events.announce(conversationId, messageId),
    });
    this.#replies.set(messageId, reply);
    void reply.live.ended.then(() => this.#replies.delete(messageId));
    return reply.live;
  }

  /** Stored before the visitor is asked, so that their answer finds it in any process, and after a restart. */
  async #holdApproval(held: HeldAction & Pick<Approval, 'conversationId' | 'messageId'>): Promise<string> {
    const id = this.#newId();
    const createdAt = this.#clock();
    await this.#store.approvals.hold({ ...held, id, createdAt, expiresAt: createdAt + this.#timing.approvalMs });
    return id;
  }

  #handle(messageId: string): ReplyHandle {
    return { messageId, frames: (afterN, signal) => this.#frames(messageId, Math.max(0, afterN), signal) };
  }

  #frames(messageId: string, afterN: number, signal: AbortSignal) {
    const here = this.#replies.get(messageId);
    if (here !== undefined) return here.live.frames(afterN, signal);
    return this.#storedFrames(messageId, afterN, AbortSignal.any([signal, this.#closing.signal]));
  }

  async running(owner: Owner, conversationId: string): Promise<ReplyHandle | undefined | 'conversation_not_found'> {
    await this.#house.ready;
    if ((await this.#store.conversations.find(owner, conversationId)) === undefined) return 'conversation_not_found';
    const reply = await this.#runningReply(conversationId);
    return reply === undefined ? undefined : this.#handle(reply.messageId);
  }

  /** One whose process has died is ended on the way, and no longer runs. */
  async #runningReply(conversationId: string): Promise<ReplyRow | undefined> {
    const reply = await this.#store.replies.running(conversationId);
    if (reply === undefined || reply.heartbeatAt >= this.#clock() - this.#timing.staleAfterMs) return reply;
    await this.#house.interruptStale();
    return this.#store.replies.running(conversationId);
  }

  async stop(owner: Owner, conversationId: string): Promise<boolean> {
    await this.#house.ready;
    if ((await this.#store.conversations.find(owner, conversationId)) === undefined) return false;
    await this.#stopReply(conversationId);
    return true;
  }

  async #stopReply(conversationId: string): Promise<void> {
    const reply = await this.#runningReply(conversationId);
    if (reply === undefined) return;
    const here = this.#replies.get(reply.messageId);
    if (here === undefined) await this.#stopElsewhere(reply.messageId);
    else await within(here.cut({ status: 'stopped' }), this.#timing.stopWaitMs);
  }

  /** Asks the process that writes the reply, and follows it to its end. */
  async #stopElsewhere(messageId: string): Promise<void> {
    const waiting = AbortSignal.any([AbortSignal.timeout(this.#timing.stopWaitMs), this.#closing.signal]);
    await this.#store.replies.requestStop(messageId);
    this.#tellReaders(messageId, 'stop');
    for await (const _frame of this.#storedFrames(messageId, Number.MAX_SAFE_INTEGER, waiting));
  }

  #storedFrames(messageId: string, afterN: number, signal: AbortSignal): AsyncGenerator<Frame> {
    const interruptStale = (): Promise<void> => this.#house.interruptStale();
    const options = { store: this.#store, clock: this.#clock, timing: this.#timing, interruptStale };
    return storedFrames(options, messageId, afterN, signal);
  }

  #tellReaders(messageId: string, payload: string): void {
    this.#store.notifier.publish(`reply:${messageId}`, payload).catch((error: unknown) => {
      this.#log.warn({ messageId, error: describeStoreError(error) }, 'readers of a reply could not be told');
    });
  }

  async list(owner: Owner, page: ListPage): Promise<ConversationPage> {
    const { rows, nextBefore } = await this.#store.conversations.list(owner, page);
    return { conversations: rows.map(toSummary), nextBefore };
  }

  async messages(owner: Owner, conversationId: string, page: Page): Promise<MessagePage | 'conversation_not_found'> {
    await this.#house.ready;
    if ((await this.#store.conversations.find(owner, conversationId)) === undefined) return 'conversation_not_found';
    return this.#store.conversations.messages(conversationId, page);
  }

  async markRead(owner: Owner, conversationId: string, messageId: string) {
    if ((await this.#store.conversations.find(owner, conversationId)) === undefined) return 'conversation_not_found';
    return (await this.#store.conversations.markRead(conversationId, messageId)) ? 'ok' : 'message_not_found';
  }

  async rename(owner: Owner, conversationId: string, title: string): Promise<boolean> {
    const isRenamed = await this.#store.conversations.rename(owner, conversationId, title);
    if (isRenamed) this.#events.announceChange(conversationId);
    return isRenamed;
  }

  rate(owner: Owner, messageId: string, feedback: Feedback | null) {
    return this.#store.conversations.rate(owner, messageId, feedback);
  }

  async remove(conversationId: string): Promise<boolean> {
    await this.#stopReply(conversationId);
    return this.#remove(conversationId, () => this.#store.conversations.remove(conversationId));
  }

  removeIdle(conversationId: string, before: number): Promise<boolean> {
    return this.#remove(conversationId, () => this.#store.conversations.removeIdle(conversationId, before));
  }

  async #remove(conversationId: string, remove: () => Promise<boolean>): Promise<boolean> {
    const owner = await this.#store.conversations.ownerOf(conversationId);
    const isRemoved = await remove();
    if (!isRemoved || owner === undefined) return isRemoved;
    this.#events.announceRemoval(owner, conversationId);
    this.#tellRemoved(owner.agentId, conversationId);
    return true;
  }

  #tellRemoved(agentId: string, conversationId: string): void {
    tellDesk(this.#store.notifier, { type: 'conversation', agentId, conversationId, kind: 'removed' }).catch(
      (error: unknown) => {
        this.#log.warn({ conversationId, error: describeStoreError(error) }, 'operators could not be told');
      },
    );
  }

  claim(session: Owner & { kind: 'session' }, subject: Owner & { kind: 'subject' }): Promise<number> {
    return this.#store.conversations.claim(session, subject, this.#clock());
  }

  events(owner: Owner, lastEventId: number | undefined, signal: AbortSignal) {
    return this.#events.read(owner, lastEventId, AbortSignal.any([signal, this.#closing.signal]));
  }

  async drain(graceMs: number): Promise<void> {
    this.#draining = true;
    this.#hurry.abort();
    await Promise.allSettled(this.#beginning);
    const ended = Promise.all([...this.#replies.values()].map(({ live }) => live.ended));
    await within(ended, graceMs);
    const interrupted: Ending = { status: 'interrupted' };
    await Promise.all([...this.#replies.values()].map((reply) => reply.cut(interrupted)));
    await this.#events.settled();
    this.#closing.abort();
    this.#house.stop();
  }
}

type Begun = Extract<BeginTurn, { outcome: 'begun' }>;

function answeredOf(input: SendInput, { approval }: Begun): Pick<Turn, 'answered'> {
  if (input.trigger !== 'answer-approval' || approval === undefined) return {};
  const { toolCallId, actionName } = approval;
  return { answered: { toolCallId, actionName, input: approval.input, approved: input.approved } };
}

/** Waits for `task`, but not longer than so. The timer keeps the process alive: a drain must get to its end. */
async function within(task: Promise<unknown>, durationMs: number): Promise<void> {
  const timeout = Promise.withResolvers<void>();
  const timer = setTimeout(timeout.resolve, durationMs);
  await Promise.race([task, timeout.promise]);
  clearTimeout(timer);
}

function toSummary(row: ConversationListRow): ConversationPage['conversations'][number] {
  return {
    id: row.id,
    title: row.title,
    createdAt: new Date(row.createdAt).toISOString(),
    updatedAt: new Date(row.updatedAt).toISOString(),
    lastMessage: row.lastMessage,
    unreadCount: row.unreadCount,
  };
}
