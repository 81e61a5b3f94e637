import { parseArgs, type ParseArgsConfig } from 'node:util';
import { runKeys } from './key-commands.ts';
import { runPolicy } from './policy-commands.ts';
import { runTokens } from './token-commands.ts';
import { UsageError, type Invocation, type Surroundings } from './tool.ts';
import { inWorkplace, type Workplace } from './workplace.ts';

type Tool = {
  readonly options: NonNullable<ParseArgsConfig['options']>;
  /** The exit code. */
  readonly run: (invocation: Invocation, place: Workplace, surroundings: Surroundings) => Promise<number>;
};

const text = { type: 'string' } as const;
const common = { agent: text, data: text, config: text, json: { type: 'boolean' } } as const;

const tools: { readonly [name: string]: Tool | undefined } = {
  keys: {
    options: { ...common, id: text, name: text, algorithm: text, 'secret-file': text, 'public-key': text },
    run: async (...values) => {
      await runKeys(...values);
      return 0;
    },
  },
  policy: {
    options: common,
    run: async (...values) => {
      await runPolicy(...values);
      return 0;
    },
  },
  token: {
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
};

export const toolUsage = `
Commands beside serve, for the database that the server has (it may be running):
  keys create --agent <id> [--name <text>] [--id <key>]       a new secret, shown once
  keys import --agent <id> --secret-file <file | ->           a secret that you have
  keys import --agent <id> --public-key <file | -> --algorithm <RS256 | PS256 | ES256 | EdDSA>
  keys list --agent <id>
  keys reveal | retire | remove --agent <id> <key>
  keys rename --agent <id> <key> <name>
  policy show --agent <id>
  policy set --agent <id> [<preset>] [<setting>=<value> ...]  an empty value sets nothing any more
  token sign --agent <id> --sub <user> [--name <text>] [--email <address>] [--claim <name>=<value> ...]
             [--expires 1h] [--key <key>]                     a token to try the widget with
  token debug [--agent <id>] <token | ->                      why a token is accepted or refused

  --data, --config, --json                                    as for serve; answers as JSON
`;

export function isToolName(name: string | undefined): name is string {
  return name !== undefined && Object.hasOwn(tools, name);
}

/**
 * Runs `keys …`, `policy …` or `token …`. Rejects with what is in the way.
 *
 * @returns the exit code: 0; or 1 from `token debug` for a token that is refused
 * @throws UsageError for what was not understood
 */
export async function runTool(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  const [name = '', ...rest] = argv;
  const tool = Object.hasOwn(tools, name) ? tools[name] : undefined;
  if (tool === undefined) throw new UsageError(`There is no command "${name}".`);
  const invocation = parse(name, rest, tool);
  return inWorkplace(invocation, surroundings, (place) => tool.run(invocation, place, surroundings));
}

function parse(name: string, argv: readonly string[], { options }: Tool): Invocation {
  try {
    const { values, positionals } = parseArgs({ args: [...argv], strict: true, allowPositionals: true, options });
    const [verb, ...others] = positionals;
    if (verb === undefined) throw new UsageError(`Say what to do: chat-widget-server ${name} …`);
    return { verb, positionals: others, flags: values as Invocation['flags'] };
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError(error instanceof Error ? error.message : String(error));
  }
}
