import { type ChatMessage, emptyReply, type Reply, reduceReply, type StreamPart } from '../../../src/protocol/index.ts';
import type { Agent, Turn } from '../agents/index.ts';
import type { Store } from '../storage/index.ts';
import { readAgent } from './agent-reader.ts';
import { describeAgentError, describeStoreError } from './describe-error.ts';
import { type Ending, endingParts, failureText } from './ending.ts';
import { createLiveReply, type LiveReply } from './live-reply.ts';
import { createPartWriter, type PartWriter } from './part-writer.ts';
import { partsWritten, watchReply } from './reply-watch.ts';
import type { ServiceLog } from './service-log.ts';
import { endedMessage, storeEnding } from './store-ending.ts';
import type { Timing } from './timing.ts';

export type RunningReply = {
  readonly live: LiveReply;
  /** Ends the reply with what there is of it; the first call wins. Resolves when it has ended and that is stored. */
  cut(ending: Ending): Promise<void>;
};

export type RunnerOptions = {
  readonly store: Store;
  readonly agent: Agent;
  readonly turn: Omit<Turn, 'signal'>;
  readonly messageId: string;
  /** When the reply began, ISO 8601. */
  readonly createdAt: string;
  readonly clock: () => number;
  readonly timing: Timing;
  readonly log: ServiceLog;
  /** The reply has ended in the store, with this message. */
  readonly onStored: (message: ChatMessage) => void;
};

/**
 * Lets an agent answer one turn, whoever reads along. What it yields goes to readers in this process at once and to the store
 * in batches. The end is stored before any reader sees it: who sends the next message then finds the conversation free.
 */
export function startReply(options: RunnerOptions): RunningReply {
  const runner = new ReplyRunner(options);
  void runner.run();
  return { live: runner.live, cut: (ending) => runner.cut(ending) };
}

class ReplyRunner {
  readonly live: LiveReply;
  readonly #options: RunnerOptions;
  readonly #writer: PartWriter;
  readonly #cutting = new AbortController();
  readonly #where: { readonly messageId: string; readonly conversationId: string };
  #reply: Reply;
  #cutAs: Ending | 'lost' | undefined;

  constructor(options: RunnerOptions) {
    const { store, messageId, clock, timing } = options;
    this.#options = options;
    this.#where = { messageId, conversationId: options.turn.conversationId };
    this.#reply = emptyReply(messageId);
    this.live = createLiveReply(messageId);
    this.#writer = createPartWriter({
      store,
      messageId,
      clock,
      timing,
      onWritten: () => this.#publish(partsWritten),
      onLost: () => this.#cut('lost'),
      onError: (error) => this.#warn(error, 'parts of a reply could not be stored yet'),
    });
  }

  cut(ending: Ending): Promise<void> {
    this.#cut(ending);
    return this.live.ended;
  }

  async run(): Promise<void> {
    const { store, messageId, clock, timing, createdAt, log } = this.#options;
    const unwatch = watchReply({
      store,
      messageId,
      clock,
      timing,
      onCut: (ending) => this.#cut(ending),
      onError: (error) => this.#warn(error, 'the heartbeat of a reply could not be stored'),
    });
    try {
      this.#emit({ type: 'start', messageId, messageMetadata: { createdAt } });
      this.#cut(await this.#consume());
      await this.#close();
    } catch (error) {
      log.error({ ...this.#where, error: describeAgentError(error) }, 'a reply broke off');
    } finally {
      unwatch();
      this.live.end();
      this.#publish('ended');
    }
  }

  #cut(ending: Ending | 'lost'): void {
    this.#cutAs ??= ending;
    this.#cutting.abort();
  }

  #emit(part: StreamPart): void {
    this.#reply = reduceReply(this.#reply, part);
    this.live.push(part);
    this.#writer.add(part);
  }

  async #consume(): Promise<Ending> {
    const { agent, turn, timing, log } = this.#options;
    const { signal } = this.#cutting;
    try {
      return await readAgent({
        ask: () => agent.reply({ ...turn, signal }),
        signal,
        timing,
        reply: () => this.#reply,
        emit: (part) => this.#emit(part),
        onDropped: () => log.warn(this.#where, 'an agent yielded what is no part of a reply; left out'),
        keepUp: () => this.#writer.keepUp(),
      });
    } catch (error) {
      // An agent that was told to stop may well throw; that is no failure.
      if (!signal.aborted) log.error({ ...this.#where, error: describeAgentError(error) }, 'an agent failed');
      return { status: 'failed', errorText: failureText.agentFailed };
    }
  }

  async #close(): Promise<void> {
    const { store, messageId, clock, timing, log } = this.#options;
    const interrupted: Ending = { status: 'interrupted' };
    const ending = this.#cutAs === 'lost' ? interrupted : (this.#cutAs ?? interrupted);
    const rest = await this.#writer.takeRest();
    const last = endingParts(ending, this.#reply.open);
    const message = endedMessage(this.#reply, ending);
    const onError = (error: unknown, attempt: number): void =>
      log.error(
        { ...this.#where, attempt, error: describeStoreError(error) },
        'the end of a reply could not be stored',
      );
    const stored = await storeEnding(
      { store, messageId, clock, retryMs: timing.finishRetryMs, onError },
      ending,
      message,
      { firstN: rest.firstN, parts: [...rest.parts, ...last] },
    );
    if (stored) this.#options.onStored(message);
    for (const part of stored ? last : endingParts(interrupted, this.#reply.open)) this.live.push(part);
  }

  #publish(payload: string): void {
    const { store, messageId } = this.#options;
    store.notifier
      .publish(`reply:${messageId}`, payload)
      .catch((error: unknown) => this.#warn(error, 'readers of a reply could not be told'));
  }

  #warn(error: unknown, message: string): void {
    this.#options.log.warn({ ...this.#where, error: describeStoreError(error) }, message);
  }
}
