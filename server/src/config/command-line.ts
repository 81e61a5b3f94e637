import { nameWord, readArguments } from './arguments.ts';
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
  /** `about`: the command that was mistaken, where it was one. */
  | { readonly name: 'mistake'; readonly message: string; readonly about: 'serve' | undefined };

export const usage = `Usage: chat-widget-server serve [options]

Options of serve:
  --port <number>    port to listen on, 0 for any free one   (PORT, default 8787)
  --host <address>   address to listen on                    (default localhost; 0.0.0.0 for every network)
  --data <folder>    where SQLite keeps its data             (CHAT_DATA_DIR, default ./.data)
  --config <file>    agents and their policies, as JSON      (CHAT_CONFIG, default: one agent "demo")

  --help             this text
  --version          the version of this server

Environment, where no flag says otherwise:
  PORT, CHAT_DATA_DIR, CHAT_CONFIG
                            as above
  DATABASE_URL              a Postgres database instead of SQLite, also where --data is given
  WIDGET_JWT_HMAC_SECRET    signing key of agents that have none of their own, at least 32 bytes
  CHAT_MASTER_KEY           encrypts stored keys: 32 bytes, as 64 hexadecimal digits or in base64 (default: DATA/master.key)
  CHAT_MODEL_URL, CHAT_MODEL, CHAT_MODEL_KEY
                            an OpenAI-compatible endpoint that answers instead of the full-text search
  CHAT_S3_ACCESS_KEY_ID, CHAT_S3_SECRET_ACCESS_KEY
                            keys of the S3-compatible storage that the configuration names for attachments
`;

/** Reads the arguments after the program's name. Never throws. */
export function parseCommandLine(argv: readonly string[]): Command {
  try {
    return parse(argv);
  } catch (error) {
    // What is thrown here is meant for whoever typed it.
    const message = error instanceof Error ? error.message : String(error);
    return { name: 'mistake', message, about: argv[0] === 'serve' ? 'serve' : undefined };
  }
}

const options = {
  port: { type: 'string' },
  host: { type: 'string' },
  data: { type: 'string' },
  config: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const;

function parse(argv: readonly string[]): Command {
  const { values, words } = readArguments(argv, options);
  if (values['help'] === true) return { name: 'help' };
  if (values['version'] === true) return { name: 'version' };
  const [command, surplus] = words;
  if (command === undefined) throw new ConfigError('Say what to do, such as chat-widget-server serve.');
  if (command.text !== 'serve') {
    throw new ConfigError(
      `There are the commands serve, keys, policy and token. Not understood: ${nameWord(command)}.`,
    );
  }
  if (surplus !== undefined)
    throw new ConfigError(`serve takes options alone. Not understood: argument ${surplus.place}.`);
  for (const [flag, value] of Object.entries(values)) {
    if (value === '') throw new ConfigError(`--${flag} needs a value.`);
  }
  const text = (name: keyof typeof options) => (typeof values[name] === 'string' ? values[name] : undefined);
  const port = text('port');
  return {
    name: 'serve',
    port: port === undefined ? undefined : parsePort(port, '--port'),
    host: text('host'),
    dataDirectory: text('data'),
    configPath: text('config'),
  };
}
