import { ModelServer } from './model-server.ts';
import type { Server } from './run-schedule.ts';
import type { OnInvalidToken } from './steps.ts';

/** The model of the server, for schedules. */
export function createModel(onInvalidToken: OnInvalidToken): Server {
  const clock = { now: 1_800_000_000_000 };
  const server = new ModelServer(clock, onInvalidToken);
  return {
    clock,
    handle: (call) => server.handle(call),
    sign: (sub, options) => server.sign(sub, options),
    subjectOf: (token) => server.subjectOf(token),
    revoke: (token) => server.revoke(token),
    refusal: (token) => server.refusal(token),
    setHoldsReplies: (holds) => void (server.holdsReplies = holds),
    running: () => server.running(),
    finishReply: (id) => server.finishReply(id),
    tick: () => server.tick(),
    settle: () => Promise.resolve(),
    stored: () =>
      Promise.resolve(
        [...server.conversations.values()].map(({ id, owner, messages }) => ({
          id,
          owner,
          texts: messages.filter(({ role }) => role === 'user').map(({ text }) => text),
        })),
      ),
  };
}
