import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { ContentPart } from '../../../../src/protocol/index.ts';
import { deltasOf } from '../knowledge/deltas.ts';
import type { Agent, Turn } from '../types.ts';
import type { Action } from './action.ts';
import { callAction, hashOf, obstacleOf, parseInput, type ActionResult } from './call-action.ts';
import { askedFirst, askForMore, declined, sayResult } from './say-result.ts';

/** All that a visitor, a stream or a model reads of a failure; what really happened is the operator's to know. */
const actionFailedText = 'This did not work.';

/** Does what a message asks for, for the user of the turn, and says how it went. */
export async function* act(action: Action, message: string, turn: Turn): AsyncGenerator<ContentPart> {
  const parsed = parseInput(action, action.inputFrom(message));
  if (!parsed.ok) {
    yield* say(askForMore(action, parsed.missing), turn.signal);
    return;
  }
  const { input } = parsed;
  const toolCallId = randomUUID();
  // Nobody is asked about what they may not do.
  const mayAsk = obstacleOf(action, turn.actor?.user) === undefined;
  if (mayAsk && action.needsApproval(input)) yield* askFirst(action, input, toolCallId, turn);
  else yield* runAndTell(action, input, toolCallId, turn);
}

/** The visitor's answer to an action that waited for it. */
async function* goOn(actions: readonly Action[], turn: Turn, answered: Answered): AsyncGenerator<ContentPart> {
  const action = actions.find(({ name }) => name === answered.actionName);
  const { input, toolCallId } = answered;
  if (!answered.approved) {
    await reportDeclined(answered, turn);
    yield* say(declined, turn.signal);
  } else if (action === undefined) {
    // The configuration has changed since.
    yield* say('I cannot do this any more.', turn.signal);
  } else {
    yield* runAndTell(action, input, toolCallId, turn);
  }
}

type Answered = NonNullable<Turn['answered']>;

/** The same agent, which also goes on where the visitor has answered. */
export function withAnswers(agent: Agent, actions: readonly Action[]): Agent {
  return {
    reply: (turn) => (turn.answered === undefined ? agent.reply(turn) : goOn(actions, turn, turn.answered)),
  };
}

async function* askFirst(action: Action, input: unknown, toolCallId: string, turn: Turn): AsyncGenerator<ContentPart> {
  if (turn.askApproval === undefined) {
    yield* say('I cannot ask you for your approval here, so I do not do it.', turn.signal);
    return;
  }
  yield* say(askedFirst, turn.signal);
  yield callPart(action, input, toolCallId);
  const approvalId = await turn.askApproval({ toolCallId, actionName: action.name, input });
  yield { type: 'tool-approval-request', approvalId, toolCallId };
}

async function* runAndTell(
  action: Action,
  input: unknown,
  toolCallId: string,
  turn: Turn,
): AsyncGenerator<ContentPart> {
  yield callPart(action, input, toolCallId);
  const result = await callAction(action, input, toolCallId, turn);
  yield resultPart(result, toolCallId);
  yield* say(sayResult(action, result), turn.signal);
  if (result.kind === 'sign-in-required') yield { type: 'data-sign-in-required', data: {} };
}

export function callPart({ name }: Action, input: unknown, toolCallId: string): ContentPart {
  return { type: 'tool-input-available', toolCallId, toolName: name, input, dynamic: true };
}

export function resultPart(result: ActionResult, toolCallId: string): ContentPart {
  return result.kind === 'done'
    ? { type: 'tool-output-available', toolCallId, output: result.output }
    : { type: 'tool-output-error', toolCallId, errorText: actionFailedText };
}

/** Yields to the event loop between two pieces, so that a long answer holds up nobody else's. */
export async function* say(text: string, signal: AbortSignal): AsyncGenerator<ContentPart> {
  const id = randomUUID();
  yield { type: 'text-start', id };
  for (const delta of deltasOf(text)) {
    if (signal.aborted) return;
    yield { type: 'text-delta', id, delta };
    await setImmediate();
  }
  yield { type: 'text-end', id };
}

async function reportDeclined({ actionName, toolCallId, input }: Answered, turn: Turn): Promise<void> {
  await turn.actor?.report({
    action: actionName,
    toolCallId,
    conversationId: turn.conversationId,
    outcome: 'declined',
    durationMs: 0,
    inputHash: hashOf(input),
  });
}
