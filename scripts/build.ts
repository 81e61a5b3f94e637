// Builds the widget into dist/, and the operators' pages into dist/dashboard/. What it makes and why: docs/decisions/0006-toolchain.md
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { buildDashboard, type DashboardManifest } from './build-dashboard.ts';
import { bundleWidget, type Bundle, type BundledFile } from './bundle.ts';
import { collectLicenses } from './licenses.ts';
import { publishFiles, withCompressed, type FileFacts } from './publish-files.ts';

/** `dist/manifest.json`. */
export type BuildManifest = {
  /** What the page and the widget fetch: the script tag's file, and those that it fetches on intent. */
  readonly entries: { readonly script: 'chat.js' } & Bundle['lazy'];
  readonly files: Readonly<
    Record<string, FileFacts & { readonly imports: readonly string[]; readonly dynamicImports: readonly string[] }>
  >;
};

export const repositoryFolder = path.resolve(import.meta.dirname, '..');

/** Builds the widget whose sources are in `root`/src into `root`/dist. Safe while others read from there. */
export async function buildWidget(root: string = repositoryFolder): Promise<BuildManifest> {
  const bundled = await bundleWidget(root);
  const contents = new Map<string, Buffer>();
  const files: Record<string, BuildManifest['files'][string]> = {};
  for (const { file, facts, compressed } of await Promise.all(inLoadOrder(bundled.files).map(prepare))) {
    files[file.fileName] = { ...facts, imports: file.imports, dynamicImports: file.dynamicImports };
    for (const [name, bytes] of compressed) contents.set(name, bytes);
  }
  const manifest = manifestOf(bundled, files);
  contents.set('licenses.txt', Buffer.from(await collectLicenses(bundled.files.flatMap((file) => file.modules))));
  contents.set('manifest.json', print(manifest));
  contents.set('integrity.json', print(integrityOf(files)));
  contents.set('.npmignore', Buffer.from(onlyThese([...Object.keys(files), 'licenses.txt', 'integrity.json'])));
  await publishFiles(path.join(root, 'dist'), contents, ['dashboard']);
  return manifest;
}

const print = (value: object): Buffer => Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`);

/** For pages that pin a version: what stands in the `integrity` of a script tag, or of an import map. */
const integrityOf = (files: BuildManifest['files']): object =>
  Object.fromEntries(Object.entries(files).map(([name, { integrity }]) => [name, integrity]));

/** The npm package holds this build, and neither chunks of the last hour nor what a server sends compressed. */
const onlyThese = (names: readonly string[]): string =>
  ['/*', '!/chunks/', '/chunks/*', ...names.map((name) => `!/${name}`), ''].join('\n');

async function prepare(file: BundledFile) {
  const { facts, contents } = await withCompressed(file.fileName, file.code);
  return { file, facts, compressed: contents };
}

/** Chunks first: whoever reads a new entry file finds the chunks that it names. */
const inLoadOrder = (files: readonly BundledFile[]): readonly BundledFile[] => {
  const isChunk = (file: BundledFile): boolean => file.fileName.startsWith('chunks/');
  return [...files.filter(isChunk), ...files.filter((file) => !isChunk(file))];
};

const manifestOf = (bundled: Bundle, files: BuildManifest['files']): BuildManifest => ({
  entries: { script: 'chat.js', ...bundled.lazy },
  files,
});

const underDashboard = (files: DashboardManifest['files']): Readonly<Record<string, FileFacts>> =>
  Object.fromEntries(Object.entries(files).map(([name, facts]) => [`dashboard/${name}`, facts]));

async function main(): Promise<void> {
  const startedAt = performance.now();
  const [widget, dashboard] = await Promise.all([buildWidget(), buildDashboard(repositoryFolder)]);
  const files = { ...widget.files, ...underDashboard(dashboard.files) };
  for (const [name, facts] of Object.entries(files)) {
    console.log(`${name.padEnd(50)}${String(facts.bytes).padStart(8)} B ${String(facts.brotli).padStart(8)} B brotli`);
  }
  console.log(`dist/ is ready (${Math.round(performance.now() - startedAt)} ms)`);
}

if (import.meta.main) {
  await main().catch((error: unknown) => {
    // The bundler's message shows the line; the stack below it is its own.
    console.error(stripVTControlCharacters(error instanceof Error ? error.message : String(error)));
    process.exitCode = 1;
  });
}
