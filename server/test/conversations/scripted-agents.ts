import type { ContentPart } from '../../../src/protocol/index.ts';
import type { Agent, Turn } from '../../src/agents/index.ts';

/** Says so many words in one text block. */
export function speakingAgent(...words: readonly string[]): Agent & { readonly turns: Turn[] } {
  const turns: Turn[] = [];
  return {
    turns,
    async *reply(turn) {
      turns.push(turn);
      yield { type: 'text-start', id: 't' };
      for (const delta of words) yield { type: 'text-delta', id: 't', delta };
      yield { type: 'text-end', id: 't' };
    },
  };
}

/** Says what the test tells it to, when the test tells it to. */
export type DirectedAgent = Agent & {
  readonly turns: Turn[];
  say(delta: string): void;
  yields(value: unknown): void;
  end(): void;
  fails(error: unknown): void;
};

/** Pays no attention to its signal unless `listens`. Opens its text block by itself. */
export function directedAgent({ listens = false } = {}): DirectedAgent {
  const turns: Turn[] = [];
  const steps: (() => IteratorResult<ContentPart>)[] = [];
  let wake: (() => void) | undefined;

  function tell(step: () => IteratorResult<ContentPart>): void {
    steps.push(step);
    wake?.();
  }

  async function next(): Promise<IteratorResult<ContentPart>> {
    for (;;) {
      const step = steps.shift();
      if (step !== undefined) return step();
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }

  tell(() => ({ done: false, value: { type: 'text-start', id: 't' } }));
  const yields = (value: unknown): void => tell(() => ({ done: false, value: value as ContentPart }));
  const fails = (error: unknown): void =>
    tell(() => {
      throw error;
    });
  return {
    turns,
    say: (delta) => yields({ type: 'text-delta', id: 't', delta }),
    yields,
    end: () => tell(() => ({ done: true, value: undefined })),
    fails,
    reply: (turn) => {
      turns.push(turn);
      if (listens) turn.signal.addEventListener('abort', () => fails(new Error('aborted')));
      return { [Symbol.asyncIterator]: () => ({ next }) };
    },
  };
}
