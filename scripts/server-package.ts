// What the server's npm package holds: its JavaScript and declarations, the built widget and dashboard, and the demo's articles, in the folders
// that they have in the repository, so that the code finds them by the same paths. `npm pack` in server/ runs it.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildDashboard } from './build-dashboard.ts';
import { buildWidget, repositoryFolder } from './build.ts';
import { reachableDeclarations } from './declarations.ts';
import { listFiles } from './list-files.ts';
import { replaceFolder } from './replace-folder.ts';
import { runCommand } from './run-command.ts';

const entries = ['server/src/index.d.ts', 'server/src/sign/index.d.ts'];

type Files = Map<string, string | Uint8Array>;

async function compileServer(folder: string): Promise<Files> {
  const { exitCode, output } = await runCommand('tsc', ['-p', 'tsconfig.server.json', '--outDir', folder]);
  if (exitCode !== 0) throw new Error(`The server could not be compiled:\n${output}`);
  const scripts = await listFiles(`${folder}/**/*.js`);
  return new Map([...(await reachableDeclarations(folder, entries)), ...(await readFiles(folder, scripts))]);
}

/** By their names below `root`. */
async function readFiles(root: string, files: readonly string[]): Promise<Files> {
  const nameOf = (file: string): string => path.relative(root, file).split(path.sep).join('/');
  return new Map(await Promise.all(files.map(async (file) => [nameOf(file), await readFile(file)] as const)));
}

/** This build, and neither chunks of the last hour nor what is for npm alone. */
async function readWidget(): Promise<Files> {
  const { files } = await buildWidget();
  const scripts = Object.keys(files).flatMap((name) => [name, `${name}.br`, `${name}.gz`]);
  const names = [...scripts, 'integrity.json', 'licenses.txt', 'manifest.json'];
  const inDist = names.map((name) => path.join(repositoryFolder, 'dist', name));
  return readFiles(repositoryFolder, inDist);
}

async function readDashboard(): Promise<Files> {
  const { files } = await buildDashboard(repositoryFolder);
  const served = Object.keys(files).flatMap((name) => [name, `${name}.br`, `${name}.gz`]);
  const names = [...served, 'licenses.txt', 'manifest.json'];
  return readFiles(
    repositoryFolder,
    names.map((name) => path.join(repositoryFolder, 'dist/dashboard', name)),
  );
}

/** Builds the server's package into `server/dist/`. */
export async function buildServerPackage(): Promise<void> {
  const temporary = await mkdtemp(path.join(tmpdir(), 'chat-widget-server-'));
  try {
    const [server, widget, dashboard] = await Promise.all([compileServer(temporary), readWidget(), readDashboard()]);
    const articles = await listFiles(`${repositoryFolder}/demo/articles/**/*.md`);
    const files = new Map([...server, ...widget, ...dashboard, ...(await readFiles(repositoryFolder, articles))]);
    await replaceFolder(path.join(repositoryFolder, 'server/dist'), files);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

if (import.meta.main) await buildServerPackage();
