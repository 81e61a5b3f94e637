import { parseArgs } from 'node:util';
import { ConfigError, parsePort } from './environment.ts';

/** What was asked for on the command line. Flags that were not given are undefined, so that the environment can say. */
export type Command =
  | { readonly name: 'help' | 'version' }
  | {
      readonly name: 'serve';
      readonly port: number | undefined;
      readonly host: string | undefined;
      readonly dataDirectory: string | undefined;
      readonly configPath: string | undefined;
    }
  | { readonly name: 'mistake'; readonly message: string };

export const usage = `Usage: chat-widget-server serve [options]

Options of serve:
  --port <number>    port to listen on, 0 for any free one   (PORT, default 8787)
  --host <address>   address to listen on                    (default localhost; 0.0.0.0 for every network)
  --data <folder>    where SQLite keeps its data             (CHAT_DATA_DIR, default ./.data)
  --config <file>    agents and their policies, as JSON      (default: one agent "demo")

  --help             this text
  --version          the version of this server

Environment, where no flag says otherwise:
  PORT, CHAT_DATA_DIR       as above
  DATABASE_URL              a Postgres database instead of SQLite, also where --data is given
  WIDGET_JWT_HMAC_SECRET    signing key of agents that have none of their own, at least 32 bytes
  CHAT_MASTER_KEY           encrypts stored keys: 32 bytes, as 64 hexadecimal digits or in base64 (default: DATA/master.key)
  CHAT_MODEL_URL, CHAT_MODEL, CHAT_MODEL_KEY
                            an OpenAI-compatible endpoint that answers instead of the full-text search
`;

/** Reads the arguments after the program's name. Never throws. */
export function parseCommandLine(argv: readonly string[]): Command {
  try {
    return parse(argv);
  } catch (error) {
    // Only parseArgs and parsePort throw here; what they say is meant for whoever typed it.
    return { name: 'mistake', message: error instanceof Error ? error.message : String(error) };
  }
}

function parse(argv: readonly string[]): Command {
  const { values, positionals } = parseArgs({
    args: [...argv],
    strict: true,
    allowPositionals: true,
    options: {
      port: { type: 'string' },
      host: { type: 'string' },
      data: { type: 'string' },
      config: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
      version: { type: 'boolean', short: 'v' },
    },
  });
  if (values.help === true) return { name: 'help' };
  if (values.version === true) return { name: 'version' };
  if (positionals.length === 0) throw new ConfigError('Say what to do: chat-widget-server serve');
  if (positionals[0] !== 'serve')
    throw new ConfigError(`There is no command "${positionals[0]}", only "serve", "keys", "policy" and "token".`);
  if (positionals.length > 1) throw new ConfigError(`Unexpected argument "${positionals[1]}".`);
  for (const [flag, value] of Object.entries(values)) {
    if (value === '') throw new ConfigError(`--${flag} needs a value.`);
  }
  return {
    name: 'serve',
    port: values.port === undefined ? undefined : parsePort(values.port, '--port'),
    host: values.host,
    dataDirectory: values.data,
    configPath: values.config,
  };
}
