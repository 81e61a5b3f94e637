import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Example } from './examples.ts';

const execute = promisify(execFile);
export const signingFolder = path.resolve(import.meta.dirname, '../../docs/signing');

export type Found =
  | { readonly example: Example; readonly program: string; readonly version: string; readonly missing: false }
  /** `missing` says why, for node:test's `skip`. */
  | { readonly example: Example; readonly missing: string };

export type Output = {
  readonly exitCode: number | string | undefined;
  readonly stdout: string;
  readonly stderr: string;
};

/**
 * What can run each example here. What is missing is said loudly; `REQUIRE_LANGUAGES=1` makes that an error, and
 * `INSTALL_LANGUAGES=1` installs it first, as root on Debian.
 */
export async function findPrograms(examples: readonly Example[]): Promise<readonly Found[]> {
  if (process.env['INSTALL_LANGUAGES'] === '1') await installMissing(examples);
  const found = await Promise.all(examples.map(find));
  const notices = found.flatMap(({ example, missing }) => (missing === false ? [] : [`${example.name}: ${missing}`]));
  if (notices.length === 0) return found;
  const line = '!'.repeat(80);
  const notice = `Signing examples that cannot run here:\n${notices.join('\n')}`;
  if (process.env['REQUIRE_LANGUAGES'] === '1') throw new Error(notice);
  console.error(`${line}\n${notice}\n${line}`);
  return found;
}

/** Runs an example with a secret (none: the variable is not there) and arguments. Does not throw for how it ends. */
export function runExample(
  program: string,
  { file, run = [], environment }: Example,
  secret: string | undefined,
  args: readonly string[],
): Promise<Output> {
  const { WIDGET_JWT_HMAC_SECRET: _, ...inherited } = process.env;
  const given = secret === undefined ? {} : { WIDGET_JWT_HMAC_SECRET: secret };
  return execution(program, [...run, path.join(signingFolder, file), ...args], {
    ...inherited,
    ...environment,
    ...given,
  });
}

async function execution(program: string, args: readonly string[], environment: NodeJS.ProcessEnv): Promise<Output> {
  // Java and Ruby read their arguments in the locale; Go would fetch another version of itself.
  const env = { ...environment, LC_ALL: 'C.UTF-8', GOTOOLCHAIN: 'local' };
  try {
    const { stdout, stderr } = await execute(program, args, { env, timeout: 30_000 });
    return { exitCode: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout = '', stderr = '' } = error as { code?: number | string; stdout?: string; stderr?: string };
    return { exitCode: code, stdout, stderr };
  }
}

async function find(example: Example): Promise<Found> {
  for (const program of example.programs) {
    const { exitCode, stdout, stderr } = await execution(program, example.probe, {
      ...process.env,
      ...example.environment,
    });
    const version = (stdout || stderr).trim().split('\n')[0] ?? '';
    if (exitCode === 0) return { example, program, version, missing: false };
  }
  return { example, missing: `not installed (Debian: ${example.packages.join(' ')})` };
}

/** One package's absence from a release of Debian does not keep the others away. */
async function installMissing(examples: readonly Example[]): Promise<void> {
  const missing = (await Promise.all(examples.map(find))).filter(({ missing }) => missing !== false);
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0) throw new Error('INSTALL_LANGUAGES=1 needs root, on Debian');
  await aptGet('update');
  for (const { example } of missing) {
    await aptGet('install', '--yes', '--no-install-recommends', ...example.packages).catch((error: unknown) => {
      console.error(`${example.name}: ${error instanceof Error ? error.message : String(error)}`);
    });
  }
}

async function aptGet(...args: readonly string[]): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await execute('apt-get', ['--quiet', ...args], { env, timeout: 10 * 60_000, maxBuffer: 64 * 1024 * 1024 });
}
