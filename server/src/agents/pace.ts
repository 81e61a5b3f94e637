import { setTimeout as sleep } from 'node:timers/promises';
import type { ContentPart } from '../../../src/protocol/index.ts';
import type { Agent, Turn } from './types.ts';

/** An answer is held back for no longer than that altogether: what is left of it then comes at once. */
const maxPauseMs = 10_000;

export type PaceOptions = {
  readonly wordsPerSecond: number;
  /** Resolves after a while, or as soon as the signal is aborted. Default: a timer. */
  readonly pause?: ((durationMs: number, signal: AbortSignal) => Promise<void>) | undefined;
};

/**
 * The same agent, whose text comes as fast as somebody reads. Holds nothing up but the next piece of that text, and not that
 * either once the reply is stopped or the server is about to go down.
 */
export function withPace(agent: Agent, { wordsPerSecond, pause = pauseByTimer }: PaceOptions): Agent {
  return { reply: (turn) => paced(agent.reply(turn), turn, wordsPerSecond, pause) };
}

async function* paced(
  parts: AsyncIterable<ContentPart>,
  turn: Turn,
  wordsPerSecond: number,
  pause: NonNullable<PaceOptions['pause']>,
): AsyncGenerator<ContentPart> {
  const hurry = AbortSignal.any([turn.signal, ...(turn.hurry === undefined ? [] : [turn.hurry])]);
  let restMs = maxPauseMs;
  let dueMs = 0;
  for await (const part of parts) {
    if (part.type === 'text-delta') {
      const waitMs = hurry.aborted ? 0 : Math.min(dueMs, restMs);
      if (waitMs > 0) await pause(waitMs, hurry);
      restMs -= waitMs;
      dueMs = (1000 * wordsIn(part.delta)) / wordsPerSecond;
    }
    yield part;
  }
}

function wordsIn(text: string): number {
  return text.match(/\S+/g)?.length ?? 0;
}

async function pauseByTimer(durationMs: number, signal: AbortSignal): Promise<void> {
  await sleep(durationMs, undefined, { signal }).catch(() => undefined);
}
