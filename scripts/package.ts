// What the npm package holds beside dist/: type declarations, the custom elements manifest, data for editors. `npm pack` runs it.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildWidget, repositoryFolder } from './build.ts';
import { reachableDeclarations } from './declarations.ts';
import { cssCustomData, htmlCustomData, readManifest } from './editor-data.ts';
import { replaceFolder } from './replace-folder.ts';
import { runCommand } from './run-command.ts';

const entries = ['page/index.d.ts', 'shell/index.d.ts', 'client/index.d.ts'];

async function run(command: string, args: readonly string[]): Promise<void> {
  const { exitCode, output } = await runCommand(command, args);
  if (exitCode !== 0) throw new Error(`${command} failed:\n${output}`);
}

async function declareTypes(folder: string): Promise<Map<string, string>> {
  await run('tsc', ['-p', 'tsconfig.types.json', '--outDir', folder]);
  return reachableDeclarations(folder, entries);
}

async function describeElements(folder: string): Promise<Map<string, string>> {
  const config = path.join('scripts', 'custom-elements.config.mjs');
  const outdir = path.relative(repositoryFolder, folder);
  await run('custom-elements-manifest', ['analyze', '--config', config, '--outdir', outdir]);
  const text = await readFile(path.join(folder, 'custom-elements.json'), 'utf8');
  const manifest = readManifest(text);
  const print = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;
  return new Map([
    ['custom-elements.json', text],
    ['html-custom-data.json', print(htmlCustomData(manifest))],
    ['css-custom-data.json', print(cssCustomData(manifest))],
  ]);
}

/** Builds the widget, and all that the package holds beside it, into `package/`. */
export async function buildPackage(): Promise<void> {
  const temporary = await mkdtemp(path.join(tmpdir(), 'chat-widget-package-'));
  try {
    const [types, described] = await Promise.all([
      declareTypes(path.join(temporary, 'types')),
      describeElements(path.join(temporary, 'elements')),
      buildWidget(),
    ]);
    const declarations = [...types].map(([name, text]) => [`types/${name}`, text] as const);
    await replaceFolder(path.join(repositoryFolder, 'package'), new Map([...declarations, ...described]));
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

if (import.meta.main) await buildPackage();
