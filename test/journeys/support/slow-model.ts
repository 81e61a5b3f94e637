import type { ServerResponse } from 'node:http';
import { begin, finish, startModelServer } from '../../../server/test/agents/model-server.ts';

/** One answer of the model, written piece by piece as a test says. */
export type ModelAnswer = {
  /** What the visitor asked, with all that the server sent around it. */
  readonly question: string;
  say(text: string): void;
  finish(): void;
  /** Ends the connection in the middle of the answer. */
  cut(): void;
};

/** A model's server that answers nothing until a test makes it. */
export type SlowModel = {
  readonly url: string;
  /** How often it was asked. */
  readonly asked: () => number;
  /** The next request that nobody has taken yet; waits for it. */
  next(): Promise<ModelAnswer>;
  close(): Promise<void>;
};

export async function startSlowModel(): Promise<SlowModel> {
  const ready: ModelAnswer[] = [];
  const waiting: ((answer: ModelAnswer) => void)[] = [];
  const server = await startModelServer((response, count) => {
    const question = server.requests[count - 1]?.body.messages.at(-1)?.content ?? '';
    const answer = answerOn(response, question);
    const taker = waiting.shift();
    if (taker === undefined) ready.push(answer);
    else taker(answer);
  });
  return {
    url: server.url,
    asked: () => server.requests.length,
    next: () => {
      const answer = ready.shift();
      return answer === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(answer);
    },
    close: () => server.close(),
  };
}

function answerOn(response: ServerResponse, question: string): ModelAnswer {
  begin(response);
  return {
    question,
    say(text) {
      const choice = { index: 0, delta: { role: 'assistant', content: text }, finish_reason: null };
      const chunk = { id: 'c-1', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [choice] };
      response.write(`data: ${JSON.stringify(chunk)}\n\n`);
    },
    finish: () => finish(response),
    cut: () => void response.destroy(),
  };
}
