// `npm start`: builds the widget if need be, runs the chat server and the demo shop, and stops both on Ctrl-C.
import { mkdirSync, renameSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { readNumber, readShopEnvironment } from '../demo/server/environment.ts';
import { startShop } from '../demo/server/start-shop.ts';
import { demoUsers } from '../demo/server/users.ts';
import { needsBuild, startBuild } from './start/build.ts';
import { startChatServer } from './start/chat-server.ts';
import { findDashboard } from './start/dashboard-link.ts';
import { readDemoSecrets } from './start/demo-secret.ts';
import { findFreePort, findPortProblem } from './start/ports.ts';
import { renderScreen } from './start/screen.ts';
import { writeDemoConfig } from './start/demo-config.ts';
import { createStopper, StartProblem, type Stopper } from './start/stopper.ts';

const root = join(import.meta.dirname, '..');
const readyTimeoutMs = 30_000;
const maxLogBytes = 10 * 1024 * 1024;

const stopper = createStopper();
try {
  await start(stopper);
} catch (error) {
  await stopper.fail(error);
}

async function start({ guard, onStop }: Stopper): Promise<void> {
  const settings = readSettings();
  const problem = await findPortProblem([
    { variable: 'CHAT_PORT', port: settings.chatPort, purpose: 'the chat server' },
    { variable: 'DEMO_PORT', port: settings.demoPort, purpose: 'the demo shop' },
  ]);
  if (problem !== undefined) throw new StartProblem(problem);

  const { dataFolder, logFile } = settings;
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  const { visitors: secret, actions: actionsSecret } = readDemoSecrets(process.env, dataFolder);
  await guard(buildIfNeeded(onStop));

  const chatPort = settings.chatPort || (await findFreePort());
  const chatUrl = process.env['CHAT_URL'] || `http://localhost:${chatPort}`;
  rotateLog(logFile);
  // Both ends of an action have to know where the shop is.
  const shopPort = settings.demoPort || (await findFreePort());
  const actionsOrigin = `http://127.0.0.1:${shopPort}`;
  const configFile = writeDemoConfig(dataFolder, actionsOrigin, actionsSecret);
  const { verbose } = settings;
  const chatServer = startChatServer({ port: chatPort, dataFolder, secret, configFile, logFile, verbose });
  onStop({ stop: chatServer.stop, kill: chatServer.kill });
  const notReady = await guard(chatServer.ready(readyTimeoutMs));
  if (notReady !== undefined) throw new StartProblem(`${notReady}\n\nIts log: ${show(logFile)}`);

  const chat = { WIDGET_JWT_HMAC_SECRET: secret, CHAT_URL: chatUrl };
  const environment = { ...process.env, ...chat, DEMO_PORT: String(shopPort) };
  const shop = await guard(startShop({ ...readShopEnvironment(environment), actionsOrigin, actionsSecret }));
  onStop({ stop: shop.close, kill: () => undefined });

  console.log(
    renderScreen({
      shopUrl: shop.url,
      chatUrl,
      dashboard: await guard(findDashboard(chatUrl, `http://localhost:${chatPort}`, dataFolder)),
      dataFolder: show(dataFolder),
      logFile: show(logFile),
      users: demoUsers,
      model: process.env['CHAT_MODEL_URL'] ? process.env['CHAT_MODEL'] : undefined,
      databaseHost: readDatabaseHost(process.env['DATABASE_URL']),
    }),
  );
  const end = await guard(chatServer.ended);
  throw new StartProblem(`The chat server has ended, so the demo stops too.\n${end}\n\nIts log: ${show(logFile)}`);
}

/** Everything else is set by the environment; an argument that does nothing would be believed to do something. */
function readArguments(): { readonly verbose: boolean } {
  const unknown = process.argv.slice(2).filter((argument) => argument !== '--verbose');
  if (unknown.length === 0) return { verbose: process.argv.includes('--verbose') };
  throw new StartProblem(
    `npm start does not know ${unknown.join(' ')}.\n\n` +
      'npm start -- --verbose   shows the log of the chat server\n' +
      'CHAT_PORT, DEMO_PORT     other ports than 8787 and 3000\n' +
      'CHAT_DATA_DIR            another folder than .data\n' +
      'DATABASE_URL             Postgres instead of that folder\n' +
      'CHAT_MODEL_URL, CHAT_MODEL, CHAT_MODEL_KEY   a model that answers',
  );
}

function readSettings() {
  const dataFolder = resolve(root, process.env['CHAT_DATA_DIR'] || '.data');
  return {
    chatPort: readNumber(process.env, 'CHAT_PORT', { otherwise: 8787, min: 0, max: 65_535 }),
    demoPort: readNumber(process.env, 'DEMO_PORT', { otherwise: 3000, min: 0, max: 65_535 }),
    dataFolder,
    logFile: join(dataFolder, 'server.log'),
    ...readArguments(),
  };
}

async function buildIfNeeded(onStop: Stopper['onStop']): Promise<void> {
  if (!needsBuild(root)) return;
  console.log('Building the widget…');
  const build = startBuild(root);
  onStop({
    stop: async () => {
      build.process.kill('SIGTERM');
      await build.problem;
    },
    kill: () => void build.process.kill('SIGKILL'),
  });
  const problem = await build.problem;
  if (problem !== undefined) throw new StartProblem(problem);
}

function rotateLog(file: string): void {
  const bytes = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (bytes > maxLogBytes) renameSync(file, `${file}.1`);
}

function readDatabaseHost(url: string | undefined): string | undefined {
  if (!url) return undefined;
  return URL.canParse(url) ? new URL(url).host : 'DATABASE_URL';
}

function show(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere.startsWith('..') ? path : fromHere;
}
