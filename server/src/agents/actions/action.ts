import type { z } from 'zod';
import type { ActionUser, VerifiedUser } from './actor.ts';
import { allowRuleSchema, type AllowRule } from './allow-rule.ts';

/** `public`: for everybody. `verified`: for visitors whose token was accepted. */
export type ActionAccess = 'public' | 'verified';

export type ActionCall<Input = unknown, User = ActionUser> = {
  /** What the schema made of the input. Hostile where a model or a visitor wrote it. */
  readonly input: Input;
  /** From the token of the very request that asked, checked again just before the call. */
  readonly user: User;
  readonly conversation: { readonly id: string; readonly agentId: string };
  /** Names this call; the same for none other. */
  readonly toolCallId: string;
  /** Aborted when the visitor stops the reply, the server goes down, or the time is up. */
  readonly signal: AbortSignal;
  /**
   * Asks for a person to take over the conversation: operators are told, and the visitor sees it. `already`: one was asked for
   * before. `impossible`: nobody can be asked here.
   */
  readonly askForPerson: () => Promise<'asked' | 'already' | 'impossible'>;
};

/** An action as agents see it. */
export type Action = {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: z.ZodType;
  readonly access: ActionAccess;
  readonly allow: AllowRule | undefined;
  readonly needsApproval: (input: unknown) => boolean;
  readonly phrases: readonly string[];
  /** Its phrases ask for it in questions too: "can I …" is no question about it. */
  readonly isAskedInQuestions: boolean;
  readonly inputFrom: (message: string) => unknown;
  readonly timeoutMs: number;
  readonly run: (call: ActionCall) => unknown;
};

export type ActionSettings<Schema extends z.ZodType, Access extends ActionAccess> = {
  /** 1 to 64 of letters, digits, `_`, `-`, beginning with a letter. Visitors read it, with spaces for `_` and `-`. */
  readonly name: string;
  /** What it does, for a model and for people. */
  readonly description: string;
  /** A zod schema of an object. What it makes of an input has to be JSON: it is shown, stored and hashed as such. */
  readonly inputSchema: Schema;
  readonly access: Access;
  /** Who of the verified visitors may use it. Default: all of them. */
  readonly allow?: AllowRule | undefined;
  /** Whether the visitor is asked first; by the input where it is a function. Default false. */
  readonly approval?: boolean | ((input: z.output<Schema>) => boolean) | undefined;
  /** What visitors say for it, such as "where is my order": how an agent without a model knows. */
  readonly phrases?: readonly string[] | undefined;
  /** Whether a phrase in a question asks for it: "can I talk to somebody?" Default false: "can I cancel my order?" asks about it. */
  readonly isAskedInQuestions?: boolean | undefined;
  /** The input, where no model makes one, out of the visitor's message. Default: an empty object. */
  readonly inputFrom?: ((message: string) => unknown) | undefined;
  /** After it a run has failed. 100 to 120,000. Default 15,000. */
  readonly timeoutMs?: number | undefined;
  /** The result, as JSON of at most 64 KiB; it is shown to the visitor. A `message` in it is what an agent without a model says. */
  readonly run: (call: ActionCall<z.output<Schema>, Access extends 'verified' ? VerifiedUser : ActionUser>) => unknown;
};

const defaultTimeoutMs = 15_000;
const namePattern = /^[A-Za-z][\w-]{0,63}$/;

/**
 * Something that an agent can do for a visitor.
 *
 * @throws TypeError where the settings do not fit together
 */
export function defineAction<Schema extends z.ZodType, Access extends ActionAccess>(
  settings: ActionSettings<Schema, Access>,
): Action {
  check(settings);
  const { name, description, inputSchema, access, approval = false, phrases = [], run } = settings;
  return {
    name,
    description,
    inputSchema,
    access,
    allow: settings.allow,
    needsApproval: (input) => (typeof approval === 'function' ? approval(input as z.output<Schema>) : approval),
    phrases,
    isAskedInQuestions: settings.isAskedInQuestions ?? false,
    inputFrom: settings.inputFrom ?? (() => ({})),
    timeoutMs: settings.timeoutMs ?? defaultTimeoutMs,
    // `callAction` alone calls it: with an input of this schema, and a user whom `access` lets through.
    run: (call) => run(call as Parameters<typeof run>[0]),
  };
}

function check({ name, description, access, allow, timeoutMs }: ActionSettings<z.ZodType, ActionAccess>): void {
  if (!namePattern.test(name)) throw new TypeError(`Action ${JSON.stringify(name)}: its name does not fit.`);
  if (description.trim() === '') throw new TypeError(`Action ${name}: it needs a description.`);
  if (access !== 'public' && access !== 'verified')
    throw new TypeError(`Action ${name}: access is public or verified.`);
  if (timeoutMs !== undefined && !(timeoutMs >= 100 && timeoutMs <= 120_000)) {
    throw new TypeError(`Action ${name}: timeoutMs is 100 to 120,000.`);
  }
  if (allow === undefined) return;
  if (access !== 'verified') throw new TypeError(`Action ${name}: \`allow\` reads claims, so access must be verified.`);
  if (!allowRuleSchema.safeParse(allow).success) throw new TypeError(`Action ${name}: \`allow\` is no rule.`);
}
