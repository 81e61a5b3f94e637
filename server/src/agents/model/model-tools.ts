import { randomUUID } from 'node:crypto';
import { dynamicTool, jsonSchema, type ToolSet } from 'ai';
import { z } from 'zod';
import type { Action } from '../actions/action.ts';
import { callPart, resultPart } from '../actions/act.ts';
import { callAction, obstacleOf, parseInput, type ActionResult } from '../actions/call-action.ts';
import { askedFirst, sayResult } from '../actions/say-result.ts';
import type { Turn } from '../types.ts';
import type { PartQueue } from './part-queue.ts';

/** What a model reads of a call. */
type Told = { readonly [name: string]: unknown };

export type ModelTools = {
  readonly tools: ToolSet;
  /** How many actions run right now. */
  readonly running: () => number;
  /** The visitor has been asked: the model has nothing to do until they answer. */
  readonly waits: () => boolean;
  /** What to say where the model has said nothing. */
  readonly lastWords: () => string | undefined;
};

const maxCalls = 8;
const maxResultCharacters = 12_000;

type ToolOptions = {
  readonly actions: readonly Action[];
  readonly turn: Turn;
  /** Takes the parts that tell the visitor what is done. */
  readonly parts: PartQueue;
  /** Told when an action begins, and when it has ended. */
  readonly onRunning: (count: number) => void;
};

/**
 * The actions as a model's tools, for one turn. A model chooses an action and its input, and nothing else: whose data it
 * is, whether they may, and whether they are asked first is decided by `callAction` and the turn's own user.
 */
export function createModelTools({ actions, turn, parts, onRunning }: ToolOptions): ModelTools {
  let calls = 0;
  let running = 0;
  let waits = false;
  let lastWords: string | undefined;
  let hasOfferedSignIn = false;

  function offerSignIn(): Told {
    if (!hasOfferedSignIn) parts.push({ type: 'data-sign-in-required', data: {} });
    hasOfferedSignIn = true;
    return { error: 'sign_in_required', hint: 'Tell the visitor that signing in is needed for this.' };
  }

  async function run(action: Action, input: unknown, id: string): Promise<Told> {
    parts.push(callPart(action, input, id));
    onRunning(++running);
    const result = await callAction(action, input, id, turn);
    onRunning(--running);
    parts.push(resultPart(result, id));
    lastWords = sayResult(action, result);
    return result.kind === 'sign-in-required' ? offerSignIn() : told(result);
  }

  async function ask(action: Action, input: unknown, id: string): Promise<Told> {
    if (turn.askApproval === undefined) return { error: 'not_possible_here' };
    parts.push(callPart(action, input, id));
    const approvalId = await turn.askApproval({ toolCallId: id, actionName: action.name, input });
    parts.push({ type: 'tool-approval-request', approvalId, toolCallId: id });
    waits = true;
    lastWords = askedFirst;
    return { status: 'waiting_for_the_visitor' };
  }

  async function execute(action: Action, raw: unknown): Promise<Told> {
    if (++calls > maxCalls) return { error: 'too_many_calls' };
    const obstacle = obstacleOf(action, turn.actor?.user);
    if (obstacle === 'sign-in-required') return offerSignIn();
    const parsed = parseInput(action, raw);
    if (!parsed.ok) return { error: 'input_does_not_fit', fields: parsed.missing };
    // The model's own ids may repeat themselves.
    const id = randomUUID();
    const asksFirst = obstacle === undefined && action.needsApproval(parsed.input);
    return asksFirst ? ask(action, parsed.input, id) : run(action, parsed.input, id);
  }

  const tools = Object.fromEntries(actions.map((action) => [action.name, toTool(action, execute)]));
  return { tools, running: () => running, waits: () => waits, lastWords: () => lastWords };
}

function toTool(action: Action, execute: (action: Action, raw: unknown) => Promise<Told>): ToolSet[string] {
  // Described to the model, and checked by us: what it sends is read in one place only.
  const schema = z.toJSONSchema(action.inputSchema, { io: 'input', unrepresentable: 'any' });
  return dynamicTool({
    description: action.description,
    inputSchema: jsonSchema(schema as Parameters<typeof jsonSchema>[0]),
    execute: (raw) => execute(action, raw),
  });
}

function told(result: ActionResult): Told {
  if (result.kind !== 'done') return { error: result.kind.replaceAll('-', '_') };
  const text = JSON.stringify(result.output);
  if (text.length <= maxResultCharacters) return { result: result.output };
  return { result: text.slice(0, maxResultCharacters), isCut: true };
}
