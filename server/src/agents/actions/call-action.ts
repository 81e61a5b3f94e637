import { createHash } from 'node:crypto';
import type { Action } from './action.ts';
import type { ActionOutcome, ActionUser } from './actor.ts';
import { allows } from './allow-rule.ts';
import type { Turn } from '../types.ts';

/** What may hold an action back before anything is asked or done. */
export type Obstacle = 'sign-in-required' | 'not-allowed';

export type ActionResult =
  | { readonly kind: 'done'; readonly output: unknown }
  | { readonly kind: 'failed' | 'stopped' | Obstacle };

export type ParsedInput =
  | { readonly ok: true; readonly input: unknown }
  /** `missing`: paths of what does not fit. */
  | { readonly ok: false; readonly missing: readonly string[] };

const maxOutputBytes = 64 * 1024;
const maxInputBytes = 32 * 1024;

/** Why this user may not use an action; undefined where they may. No user at all may nothing. */
export function obstacleOf(action: Action, user: ActionUser | undefined): Obstacle | undefined {
  if (user === undefined) return 'not-allowed';
  if (action.access === 'public' && action.allow === undefined) return undefined;
  if (!user.verified) return 'sign-in-required';
  return action.allow === undefined || allows(action.allow, user.claims) ? undefined : 'not-allowed';
}

/** An input as the action will get it: what is shown, what is stored and what runs are this same JSON. Never throws. */
export function parseInput(action: Action, raw: unknown): ParsedInput {
  const result = action.inputSchema.safeParse(raw);
  if (!result.success) {
    return { ok: false, missing: [...new Set(result.error.issues.map(({ path }) => path.map(String).join('.')))] };
  }
  const input = toJson(result.data, maxInputBytes);
  return input === undefined ? { ok: false, missing: [''] } : { ok: true, input };
}

/**
 * Runs an action for the user of this turn, if they may, and records it. The one place where actions run.
 *
 * The user is the turn's, whatever the input says; their token is asked about in the store right before.
 *
 * @param input as `parseInput` made it
 */
export async function callAction(
  action: Action,
  input: unknown,
  toolCallId: string,
  turn: Turn,
): Promise<ActionResult> {
  const { actor } = turn;
  const obstacle = obstacleOf(action, actor?.user);
  if (obstacle === 'sign-in-required' || actor === undefined) return { kind: obstacle ?? 'not-allowed' };
  const startedMs = performance.now();
  const report = (outcome: ActionOutcome, error?: unknown): Promise<void> =>
    actor.report({
      action: action.name,
      toolCallId,
      conversationId: turn.conversationId,
      outcome,
      durationMs: Math.round(performance.now() - startedMs),
      inputHash: hashOf(input),
      ...(error === undefined ? {} : { error }),
    });
  if (obstacle !== undefined) {
    await report('not-allowed');
    return { kind: obstacle };
  }
  if ((await actor.lapse()) !== undefined) {
    await report('lapsed');
    return { kind: 'sign-in-required' };
  }
  try {
    const output = await run(action, input, toolCallId, turn, actor.user);
    await report('done');
    return { kind: 'done', output };
  } catch (error) {
    const kind = turn.signal.aborted ? 'stopped' : 'failed';
    await report(kind, error);
    return { kind };
  }
}

async function run(action: Action, input: unknown, toolCallId: string, turn: Turn, user: ActionUser): Promise<unknown> {
  const signal = AbortSignal.any([turn.signal, AbortSignal.timeout(action.timeoutMs)]);
  signal.throwIfAborted();
  const conversation = { id: turn.conversationId, agentId: turn.agentId };
  // An action that does not listen to its signal is left behind, not waited for.
  const aborted = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  const running = Promise.resolve().then(() =>
    action.run({ input, user, conversation, toolCallId, signal, askForPerson: () => askForPerson(turn) }),
  );
  const output = toJson((await Promise.race([running, aborted])) ?? null, maxOutputBytes);
  if (output === undefined) throw new TypeError(`Action ${action.name}: its result is no JSON of at most 64 KiB.`);
  return output;
}

async function askForPerson(turn: Turn): Promise<'asked' | 'already' | 'impossible'> {
  const outcome = await turn.askForPerson?.();
  return outcome === 'ok' ? 'asked' : outcome === 'wrong_state' ? 'already' : 'impossible';
}

/** A copy as JSON makes it; undefined for what has none, or a larger one. */
function toJson(value: unknown, maxBytes: number): unknown {
  try {
    const text: string | undefined = JSON.stringify(value);
    return text === undefined || Buffer.byteLength(text) > maxBytes ? undefined : JSON.parse(text);
  } catch {
    // A cycle, a BigInt, a `toJSON` that throws.
    return undefined;
  }
}

/** SHA-256 of an input as JSON, in hex. */
export function hashOf(input: unknown): string {
  return createHash('sha256').update(JSON.stringify(input)).digest('hex');
}
