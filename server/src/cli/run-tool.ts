import type { ParseArgsConfig } from 'node:util';
import { nameWord, readArguments } from '../config/index.ts';
import type { Store } from '../storage/index.ts';
import { runKeys } from './key-commands.ts';
import { createMask } from './mask.ts';
import { runOperators } from './operator-commands.ts';
import { runPolicy } from './policy-commands.ts';
import { runTokens } from './token-commands.ts';
import {
  positionalsOf,
  seeHelp,
  unknownVerb,
  UsageError,
  type Flags,
  type Invocation,
  type Surroundings,
} from './tool.ts';
import { inStore, inWorkplace, type Workplace } from './workplace.ts';

type Tool = {
  /** What each verb takes beside options; undefined where it reads them itself. */
  readonly verbs: { readonly [verb: string]: readonly string[] | undefined };
  readonly options: NonNullable<ParseArgsConfig['options']>;
} & (
  | {
      readonly needs: 'agent';
      /** The exit code. */
      readonly run: (invocation: Invocation, place: Workplace, surroundings: Surroundings) => Promise<number>;
    }
  | {
      /** What belongs to no agent. */
      readonly needs: 'store';
      readonly run: (invocation: Invocation, store: Store, surroundings: Surroundings) => Promise<number>;
    }
);

const text = { type: 'string' } as const;
const common = { agent: text, data: text, config: text, json: { type: 'boolean' } } as const;

const tools: { readonly [name: string]: Tool | undefined } = {
  keys: {
    verbs: {
      create: [],
      import: [],
      list: [],
      reveal: ['key'],
      rename: ['key', 'name'],
      retire: ['key'],
      remove: ['key'],
    },
    needs: 'agent',
    options: { ...common, id: text, name: text, algorithm: text, 'secret-file': text, 'public-key': text },
    run: async (...values) => {
      await runKeys(...values);
      return 0;
    },
  },
  policy: {
    verbs: { show: [], set: undefined },
    needs: 'agent',
    options: common,
    run: async (...values) => {
      await runPolicy(...values);
      return 0;
    },
  },
  token: {
    verbs: { sign: [], debug: ['token'] },
    needs: 'agent',
    options: {
      ...common,
      sub: text,
      name: text,
      email: text,
      claim: { type: 'string', multiple: true },
      expires: text,
      key: text,
    },
    run: runTokens,
  },
  operators: {
    verbs: { link: [], list: [] },
    needs: 'store',
    options: { data: text, config: text, json: { type: 'boolean' }, email: text, url: text },
    run: async (...values) => {
      await runOperators(...values);
      return 0;
    },
  },
};

export function isToolName(name: string | undefined): name is string {
  return name !== undefined && Object.hasOwn(tools, name);
}

/**
 * Runs `keys …`, `policy …`, `token …` or `operators …`. Rejects with what is in the way.
 *
 * @returns the exit code: 0; or 1 from `token debug` for a token that is refused
 * @throws UsageError for what was not understood
 */
export async function runTool(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  const mask = createMask(argv);
  try {
    const [invocation, tool] = parse(argv);
    const guarded = { ...surroundings, note: (text: string) => surroundings.note(mask(text)) };
    return tool.needs === 'agent'
      ? await inWorkplace(invocation, guarded, (place) => tool.run(invocation, place, guarded))
      : await inStore(invocation, guarded, (store) => tool.run(invocation, store, guarded));
  } catch (error) {
    if (error instanceof Error) error.message = mask(error.message);
    throw error;
  }
}

function parse(argv: readonly string[]): readonly [Invocation, Tool] {
  const [name = ''] = argv;
  const tool = Object.hasOwn(tools, name) ? tools[name] : undefined;
  if (tool === undefined) throw new UsageError(`Not understood: ${nameWord({ text: name, place: 1 })}.`);
  const { values, words } = readWords(argv, tool);
  const [, verb, ...others] = words;
  if (verb === undefined) throw new UsageError(`Say what to do: ${verbsOf(name, tool)}. ${seeHelp(name)}`);
  const places = { verb: verb.place, positionals: others.map(({ place }) => place) };
  const positionals = others.map(({ text: word }) => word);
  const invocation = { name, verb: verb.text, positionals, places, flags: values as Flags };
  requireVerb(invocation, tool);
  return [invocation, tool];
}

/** Before anything is opened: who has mistyped a command shall not be told of databases. */
function requireVerb(invocation: Invocation, tool: Tool): void {
  const { verb } = invocation;
  if (!Object.hasOwn(tool.verbs, verb)) throw unknownVerb(invocation, Object.keys(tool.verbs));
  const names = tool.verbs[verb];
  if (names !== undefined) positionalsOf(invocation, ...names);
}

function verbsOf(name: string, { verbs }: Tool): string {
  return Object.keys(verbs)
    .map((verb) => `${name} ${verb}`)
    .join(', ');
}

function readWords(argv: readonly string[], { options }: Tool) {
  try {
    return readArguments(argv, options);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
