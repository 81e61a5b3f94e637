import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/** Whether the built widget or dashboard is missing, or older than anything that they are made of. */
export function needsBuild(root: string): boolean {
  const outputs = ['dist/chat.js', 'dist/dashboard/index.html'].map((file) => modifiedAt(join(root, file)) ?? 0);
  const built = Math.min(...outputs);
  const scripts = ['scripts/build.ts', 'scripts/build-dashboard.ts', 'scripts/bundle.ts', 'scripts/signing-code.ts'];
  const folders = ['src', 'server/dashboard', 'docs/signing'].flatMap((folder) => filesBelow(root, folder));
  const inputs = ['package.json', ...scripts, ...folders];
  return inputs.some((file) => (modifiedAt(join(root, file)) ?? 0) > built);
}

function modifiedAt(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs;
}

function filesBelow(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
}

export type Build = {
  readonly process: ChildProcess;
  /** Undefined when it went well, else what it printed. */ readonly problem: Promise<string | undefined>;
};

export function startBuild(root: string): Build {
  const child = spawn(process.execPath, [join(root, 'scripts/build.ts')], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  return { process: child, problem: finish(child) };
}

async function finish(child: ChildProcess): Promise<string | undefined> {
  const printed = Promise.all(
    [child.stdout, child.stderr].map((stream) => (stream === null ? Promise.resolve('') : text(stream))),
  );
  const [code] = await once(child, 'close');
  return code === 0 ? undefined : `The widget could not be built.\n${(await printed).join('').trim()}`;
}
