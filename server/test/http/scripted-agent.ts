import { textOf } from '../../../src/protocol/index.ts';
import type { Agent, Turn } from '../../src/index.ts';

type ContentPart = Agent['reply'] extends (turn: Turn) => AsyncIterable<infer Part> ? Part : never;

export type HeldReply = {
  readonly turn: Turn;
  /** Says more. */
  readonly say: (text: string) => void;
  readonly finish: () => void;
  readonly fail: (error: Error) => void;
};

export type ScriptedAgent = Agent & {
  /** Every turn that it was asked, oldest first. */
  readonly turns: readonly Turn[];
  /** From now on replies go on only as the test says. Resolves with the next one when it has begun. */
  readonly hold: () => Promise<HeldReply>;
};

type Step = { readonly text: string } | { readonly end: Error | undefined };

/** Answers `You said: …` at once, unless it is held. */
export function createScriptedAgent(): ScriptedAgent {
  const turns: Turn[] = [];
  let waiting: ((reply: HeldReply) => void) | undefined;
  return {
    turns,
    hold: () => new Promise((resolve) => (waiting = resolve)),
    async *reply(turn) {
      turns.push(turn);
      const held = waiting;
      waiting = undefined;
      yield { type: 'text-start', id: 't' };
      if (held === undefined) yield delta(`You said: ${questionOf(turn)}`);
      else yield* heldText(turn, held);
      yield { type: 'text-end', id: 't' };
    },
  };
}

async function* heldText(turn: Turn, held: (reply: HeldReply) => void): AsyncGenerator<ContentPart> {
  const steps: Step[] = [];
  let wake = (): void => undefined;
  const push = (step: Step): void => {
    steps.push(step);
    wake();
  };
  turn.signal.addEventListener('abort', () => push({ end: undefined }));
  held({
    turn,
    say: (text) => push({ text }),
    finish: () => push({ end: undefined }),
    fail: (error) => push({ end: error }),
  });
  for (;;) {
    const step = steps.shift();
    if (step === undefined) await new Promise<void>((resolve) => (wake = resolve));
    else if ('text' in step) yield delta(step.text);
    else if (step.end === undefined) return;
    else throw step.end;
  }
}

function delta(text: string): ContentPart {
  return { type: 'text-delta', id: 't', delta: text };
}

function questionOf({ history }: Turn): string {
  const question = history.at(-1);
  return question === undefined ? '' : textOf(question);
}
