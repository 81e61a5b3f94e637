// Finds a Chromium for the tests, or gets one. Prints its path when run by itself.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

const startTimeoutMs = 20_000;

const executableNames = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'microsoft-edge-stable',
  'microsoft-edge',
];

const macosPaths = ['Google Chrome', 'Chromium', 'Microsoft Edge'].map(
  (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
);

const windowsPaths = ['Google\\Chrome\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe'];

type Source = { readonly name: string; readonly find: () => string | undefined | Promise<string | undefined> };

const sources: readonly Source[] = [
  { name: 'CHROME_PATH', find: fromEnvironment },
  { name: 'installed', find: findInstalled },
  { name: 'apt-get install chromium', find: installWithApt },
  { name: '@sparticuz/chromium', find: unpackSparticuz },
  { name: 'playwright-core install', find: installWithPlaywright },
];

/**
 * Resolves with the path of a Chromium, Chrome or Edge that starts. Looks at `CHROME_PATH`, then for an installed one,
 * then gets one: Debian's package (as root), the one inside the npm package `@sparticuz/chromium`, Playwright's download.
 * May set environment variables that the browser needs, so browsers must be started from this process or its children.
 *
 * @throws Error when there is none and none can be had.
 */
export async function findBrowser(): Promise<string> {
  for (const { name, find } of sources) {
    const executable = await find();
    if (executable === undefined) continue;
    console.error(`[browser] ${name}: ${executable}`);
    return executable;
  }
  throw new Error('No Chromium could be found or installed. Install one, or set CHROME_PATH to the path of one.');
}

function fromEnvironment(): string | undefined {
  const executable = process.env['CHROME_PATH'];
  if (!executable) return undefined;
  if (!existsSync(executable)) throw new Error(`CHROME_PATH names a file that does not exist: ${executable}`);
  return executable;
}

function findInstalled(): string | undefined {
  if (process.platform === 'darwin') return macosPaths.find((file) => existsSync(file));
  if (process.platform === 'win32') return findInstalledOnWindows();
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  const candidates = folders.flatMap((folder) => executableNames.map((name) => path.join(folder, name)));
  return candidates.find((file) => existsSync(file) && starts(file));
}

function findInstalledOnWindows(): string | undefined {
  // Not asked for its version: chrome.exe would open a window instead of answering.
  return ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA']
    .flatMap((name) => process.env[name] ?? [])
    .flatMap((folder) => windowsPaths.map((file) => path.join(folder, file)))
    .find((file) => existsSync(file));
}

function installWithApt(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return undefined;
  console.error('[browser] none found: apt-get install chromium (about 200 MB)');
  const apt = (...args: string[]): boolean => run('apt-get', args, { DEBIAN_FRONTEND: 'noninteractive' });
  apt('update', '-qq');
  return apt('install', '-y', '-qq', '--no-install-recommends', 'chromium') ? findInstalled() : undefined;
}

async function unpackSparticuz(): Promise<string | undefined> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  // Makes the package unpack the system libraries that a bare machine lacks, and point LD_LIBRARY_PATH at them.
  process.env['AWS_LAMBDA_JS_RUNTIME'] ??= 'nodejs24.x';
  try {
    const { default: chromium } = await import('@sparticuz/chromium');
    chromium.setGraphicsMode = false;
    const executable = await chromium.executablePath();
    return starts(executable) ? executable : undefined;
  } catch (error) {
    console.error(`[browser] @sparticuz/chromium: ${String(error)}`);
    return undefined;
  }
}

async function installWithPlaywright(): Promise<string | undefined> {
  console.error('[browser] none found: npx playwright-core install chromium');
  if (!run('npx', ['playwright-core', 'install', 'chromium'])) return undefined;
  const { chromium } = await import('playwright-core');
  return chromium.executablePath();
}

const starts = (file: string): boolean =>
  spawnSync(file, ['--version', '--no-sandbox'], { timeout: startTimeoutMs, stdio: 'ignore' }).status === 0;

const run = (command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): boolean =>
  spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, ...env } }).status === 0;

if (import.meta.main) console.log(await findBrowser());
