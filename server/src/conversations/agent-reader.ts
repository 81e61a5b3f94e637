import type { ContentPart, Reply } from '../../../src/protocol/index.ts';
import { contentBytes, readContentPart } from './content-part.ts';
import { type Ending, failureText } from './ending.ts';
import type { Timing } from './timing.ts';

type AgentReaderOptions = {
  /** Called once; what it throws, rejects. */
  readonly ask: () => AsyncIterable<unknown>;
  readonly signal: AbortSignal;
  readonly timing: Pick<Timing, 'maxReplyBytes' | 'maxReplyParts'>;
  /** The reply as far as it was emitted. */
  readonly reply: () => Reply;
  readonly emit: (part: ContentPart) => void;
  readonly onDropped: () => void;
  /** Awaited after each part. */
  readonly keepUp: () => Promise<void>;
};

/** Reads an agent to its end, its bound or the abort of `signal`, whichever comes first. Rejects with what the agent throws. */
export async function readAgent(options: AgentReaderOptions): Promise<Ending> {
  const { signal, timing } = options;
  const iterator = options.ask()[Symbol.asyncIterator]();
  const aborted = whenAborted(signal);
  let bytes = 0;
  try {
    for (let count = 0; ; count++) {
      // An agent that does not listen to its signal is left behind, not waited for.
      const step = await Promise.race([iterator.next(), aborted]);
      if (step === undefined || step.done === true || signal.aborted) return { status: 'complete' };
      const part = readContentPart(step.value, options.reply());
      bytes += part === undefined ? 0 : contentBytes(part);
      if (bytes > timing.maxReplyBytes || count >= timing.maxReplyParts) {
        return { status: 'failed', errorText: failureText.tooLong };
      }
      if (part === undefined) options.onDropped();
      else options.emit(part);
      await options.keepUp();
    }
  } finally {
    leave(iterator);
  }
}

function whenAborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    const abort = (): void => resolve(undefined);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}

/** Lets an agent clean up, without waiting for it. */
function leave(iterator: AsyncIterator<unknown>): void {
  try {
    iterator.return?.().then(undefined, () => {});
  } catch {
    // A hand-written iterator may throw at once; nobody is left to be told.
  }
}
