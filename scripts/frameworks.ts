// Installs, checks and builds the pages in demo/frameworks/, each by its own tools. `npm run frameworks [name…]`
import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { repositoryFolder } from './build.ts';
import { packWidget } from './pack.ts';
import { runCommand } from './run-command.ts';

export const frameworks = ['angular', 'solid', 'svelte', 'vue', 'react', 'html'] as const;
export type Framework = (typeof frameworks)[number];

export const folderOf = (framework: Framework): string => path.join(repositoryFolder, 'demo/frameworks', framework);

async function run(folder: string, command: string, args: readonly string[]): Promise<void> {
  const { exitCode, output } = await runCommand(command, args, { cwd: folder });
  if (exitCode !== 0) throw new Error(`${command} ${args.join(' ')} failed in ${folder}:\n${output}`);
}

/** `npm ci`, unless what is there was installed from the same lock file. */
async function install(folder: string): Promise<void> {
  const lock = await readFile(path.join(folder, 'package-lock.json'));
  const hash = createHash('sha256').update(lock).digest('hex');
  const stamp = path.join(folder, 'node_modules/.lock-hash');
  if ((await readFile(stamp, 'utf8').catch(() => '')) === hash) return;
  await run(folder, 'npm', ['ci', '--ignore-scripts', '--prefer-offline', '--loglevel', 'error']);
  await writeFile(stamp, hash);
}

/** Installs, type-checks and builds one page, with the widget as `npm pack` makes it. Rejects with what the tool said. */
async function buildPage(framework: Framework, unpacked: string): Promise<void> {
  const folder = folderOf(framework);
  await install(folder);
  const installed = path.join(folder, 'node_modules/chat-widget');
  await rm(installed, { recursive: true, force: true });
  await cp(unpacked, installed, { recursive: true });
  await run(folder, 'npm', ['run', '--silent', 'check']);
  await run(folder, 'npm', ['run', '--silent', 'build']);
}

/** Resolves with why each page could not be built; undefined for one that could. The slowest begin. */
export async function buildFrameworks(
  wanted: readonly Framework[] = frameworks,
): Promise<ReadonlyMap<Framework, Error | undefined>> {
  const temporary = await mkdtemp(path.join(tmpdir(), 'chat-widget-frameworks-'));
  try {
    await run(temporary, 'tar', ['-xzf', await packWidget(temporary)]);
    const outcomes = new Map<Framework, Error | undefined>();
    const waiting = [...wanted];
    const worker = async (): Promise<void> => {
      for (let name = waiting.shift(); name; name = waiting.shift()) {
        const outcome = buildPage(name, path.join(temporary, 'package'));
        outcomes.set(name, await outcome.then(() => undefined).catch((error: Error) => error));
      }
    };
    await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, worker));
    return outcomes;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  const names = process.argv.slice(2);
  const isKnown = (name: string): name is Framework => (frameworks as readonly string[]).includes(name);
  const unknown = names.find((name) => !isKnown(name));
  if (unknown !== undefined) throw new TypeError(`There is ${frameworks.join(', ')}; not "${unknown}"`);
  const outcomes = await buildFrameworks(names.length > 0 ? names.filter(isKnown) : frameworks);
  for (const [name, error] of outcomes)
    console.log(error === undefined ? `ok     ${name}` : `FAILED ${name}\n${error.message}`);
  if ([...outcomes.values()].some(Boolean)) process.exitCode = 1;
  else console.log('`npm start` shows them at /frameworks/react/ and so on');
}

if (import.meta.main) await main();
