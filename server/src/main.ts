import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { helpOf, isToolName, overview, runTool, toolUsage, UsageError } from './cli/index.ts';
import {
  ConfigError,
  defaultConfig,
  parseCommandLine,
  readConfigFile,
  readEnvironment,
  usage,
  type Command,
  type Environment,
} from './config/index.ts';
import { createChatServer, listen, scrub, type ChatServer, type Listener } from './http/index.ts';

const defaultPort = 8787;
/** This machine alone: whoever wants more says so. */
const defaultHost = '127.0.0.1';
const defaultDataDirectory = '.data';

type ServeCommand = Extract<Command, { readonly name: 'serve' }>;

/** The command line. Exit codes: 0 stopped or answered, 1 could not do it (or the token was refused), 2 not understood. */
export async function main(argv: readonly string[]): Promise<void> {
  if (isToolName(argv[0])) {
    if (!argv.some((word) => word === '--help' || word === '-h')) return tool(argv);
    process.stdout.write(helpFor(argv));
    return;
  }
  const command = parseCommandLine(argv);
  switch (command.name) {
    case 'help':
      process.stdout.write(helpFor(argv));
      return;
    case 'version':
      process.stdout.write(`${await readVersion()}\n`);
      return;
    case 'mistake':
      process.stderr.write(`${command.message}\n\n${command.about === 'serve' ? usage : overview}`);
      process.exitCode = 2;
      return;
    case 'serve':
      await serve(command);
  }
}

/** Of the command that was named, or of all. */
function helpFor([command, verb]: readonly string[]): string {
  return command === 'serve' ? usage : (helpOf(command, verb) ?? usage + toolUsage);
}

/** `keys`, `policy`, `token` and `operators`: beside a server that may be running. */
async function tool(argv: readonly string[]): Promise<void> {
  try {
    process.exitCode = await runTool(argv, {
      environment: process.env,
      readInput: () => text(process.stdin),
      write: (output) => void process.stdout.write(output),
      note: (words) => void process.stderr.write(words),
      clock: Date.now,
    });
  } catch (error) {
    process.stderr.write(`chat-widget-server: ${scrub(explain(error))}\n`);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}

async function serve(command: ServeCommand): Promise<void> {
  try {
    const environment = readEnvironment(process.env);
    const server = await start(command, environment);
    const port = command.port ?? environment.port ?? defaultPort;
    const listener = await listen(server, { port, host: command.host ?? defaultHost });
    stopOnSignals(server, listener);
    const { url } = listener;
    server.log.info({ url, pid: process.pid }, `chat-widget-server is ready at ${url}`);
    await showDashboard(server, url);
  } catch (error) {
    process.stderr.write(`chat-widget-server: ${scrub(explain(error))}\n`);
    process.exit(1);
  }
}

/** The link is for the person at the terminal; a log that is collected somewhere gets the way to one. */
async function showDashboard(server: ChatServer, url: string): Promise<void> {
  if (process.stdout.isTTY) {
    const token = await server.createSetupLink();
    const words = token === undefined ? `${url}/dashboard/` : `${url}/dashboard/setup#${token}   (once, within a day)`;
    process.stdout.write(`Dashboard: ${words}\n`);
  } else if (await server.needsSetup()) {
    server.log.info(
      'the dashboard has no administrator yet: chat-widget-server operators link [--url <address>] makes a link for one',
    );
  }
}

/** @throws ConfigError that begins with the file's name where the file is to blame. */
async function start(command: ServeCommand, environment: Environment): Promise<ChatServer> {
  const configPath = command.configPath ?? environment.configPath;
  const { config, baseDirectory } = configPath === undefined ? defaultConfig() : await readConfigFile(configPath);
  const { databaseUrl, widgetSecret: environmentSecret, masterKey, model, s3, oidcClientSecret } = environment;
  const dataDirectory = command.dataDirectory ?? environment.dataDirectory ?? defaultDataDirectory;
  const store = databaseUrl === undefined ? { dataDirectory } : { databaseUrl };
  try {
    const server = createChatServer({
      config,
      baseDirectory,
      store,
      environmentSecret,
      masterKey,
      model,
      s3,
      oidcClientSecret,
    });
    await server.ready;
    if (databaseUrl !== undefined && command.dataDirectory !== undefined) {
      server.log.warn('--data is not used: DATABASE_URL is set, so everything is stored in that Postgres database');
    }
    return server;
  } catch (error) {
    if (!(error instanceof ConfigError) || configPath === undefined) throw error;
    throw new ConfigError(error.message.replaceAll(/^/gm, `${configPath}: `));
  }
}

/** The first signal lets running replies finish; the second one does not wait. */
function stopOnSignals(server: ChatServer, listener: Listener): void {
  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(1);
    stopping = true;
    server.log.info({ signal }, 'stopping');
    listener.close().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`chat-widget-server: ${scrub(explain(error))}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

/** Why the server cannot start, for the one who started it. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return 'it could not start.';
  const { code, address, port } = error as NodeJS.ErrnoException & { address?: string; port?: number };
  switch (code) {
    case 'EADDRINUSE':
      return `port ${port} is in use. Stop what listens there, or choose another port (--port).`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `it cannot listen on ${address ?? 'this address'} (--host).`;
    case 'ECONNREFUSED':
      return 'the database of DATABASE_URL does not answer (ECONNREFUSED).';
    default:
      return error.message === '' ? `it could not start (${code ?? error.name}).` : error.message;
  }
}

async function readVersion(): Promise<string> {
  const text = await readFile(new URL(import.meta.resolve('chat-widget-server/package.json')), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
