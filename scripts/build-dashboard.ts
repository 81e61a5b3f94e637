// Builds the operators' pages (server/dashboard/) into dist/dashboard/, which the server serves at /dashboard.
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { build, type Rolldown } from 'vite';
import { collectLicenses } from './licenses.ts';
import { collectSigningCode } from './signing-code.ts';
import { publishFiles, withCompressed, type FileFacts } from './publish-files.ts';
import { squeezeCssTemplates } from './squeeze-css.ts';

/** `dist/dashboard/manifest.json`: what the server serves, and what loads what. */
export type DashboardManifest = {
  /** The script of `index.html`. */
  readonly entry: string;
  readonly files: Readonly<Record<string, FileFacts & { readonly imports: readonly string[] }>>;
};

type BuiltFile = { readonly name: string; readonly text: string; readonly imports: readonly string[] };

/** Builds `root`/server/dashboard into `root`/dist/dashboard. Safe while others read from there. */
export async function buildDashboard(root: string): Promise<DashboardManifest> {
  const output = await bundle(path.join(root, 'server/dashboard'));
  const files: Record<string, DashboardManifest['files'][string]> = {};
  const contents = new Map<string, Buffer>();
  for (const { name, text, imports } of pageLast(output.map(toFile))) {
    const { facts, contents: compressed } = await withCompressed(name, text);
    files[name] = { ...facts, imports };
    for (const [fileName, bytes] of compressed) contents.set(fileName, bytes);
  }
  const chunks = output.filter((file) => file.type === 'chunk');
  const entry = chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith('/index.html'));
  if (!entry) throw new Error('server/dashboard/index.html loads no script');
  const manifest: DashboardManifest = { entry: entry.fileName, files };
  contents.set('licenses.txt', Buffer.from(await collectLicenses(chunks.flatMap(({ moduleIds }) => moduleIds))));
  contents.set('signing.json', Buffer.from(JSON.stringify(await collectSigningCode(root))));
  contents.set('manifest.json', Buffer.from(`${JSON.stringify(manifest, undefined, 2)}\n`));
  await publishFiles(path.join(root, 'dist/dashboard'), contents);
  return manifest;
}

async function bundle(folder: string): Promise<readonly (Rolldown.OutputChunk | Rolldown.OutputAsset)[]> {
  const result = await build({
    configFile: false,
    root: folder,
    base: '/dashboard/',
    logLevel: 'warn',
    publicDir: false,
    plugins: [squeezeCssTemplates(`${folder.split(path.sep).join('/')}/`)],
    build: {
      write: false,
      target: 'es2023',
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      // The policy allows no data: address.
      assetsInlineLimit: 0,
      rolldownOptions: { input: await pagesIn(folder), output: { comments: false } },
    },
  });
  if ('close' in result) throw new Error('vite started to watch instead of building');
  return [result].flat().flatMap(({ output }) => output);
}

const pagesIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder)).filter((name) => name.endsWith('.html')).map((name) => path.join(folder, name));

function toFile(file: Rolldown.OutputChunk | Rolldown.OutputAsset): BuiltFile {
  const text = file.type === 'chunk' ? file.code : Buffer.from(file.source).toString();
  return { name: file.fileName, text, imports: file.type === 'chunk' ? file.imports : [] };
}

/** Whoever reads the new page finds the files that it names. */
const pageLast = (files: readonly BuiltFile[]): readonly BuiltFile[] =>
  files.toSorted((left, right) => Number(left.name.endsWith('.html')) - Number(right.name.endsWith('.html')));
