// What visitors and operators pay, in bytes of brotli, against the budgets. Reads what `npm run build` left in dist/.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { DashboardManifest } from './build-dashboard.ts';
import { repositoryFolder, type BuildManifest } from './build.ts';
import type { FileFacts } from './publish-files.ts';

export type Size = {
  readonly what: string;
  readonly bytes: number;
  /** Where we want to get to. */
  readonly aimBytes: number;
  /** Where the check fails. */
  readonly maxBytes: number;
  readonly files: readonly string[];
};

async function readDashboardManifest(): Promise<DashboardManifest> {
  const file = path.join(repositoryFolder, 'dist/dashboard/manifest.json');
  return JSON.parse(await readFile(file, 'utf8')) as DashboardManifest;
}

export async function readManifest(root: string = repositoryFolder): Promise<BuildManifest> {
  const file = path.join(root, 'dist/manifest.json');
  return JSON.parse(await readFile(file, 'utf8')) as BuildManifest;
}

/** The two sizes that have budgets: what every page pays, and what it has cost when the visitor can type. */
export function measureSizes(manifest: BuildManifest): Size[] {
  const { script, client, controller, panel } = manifest.entries;
  return [
    sizeOf(manifest, [script], { what: 'a page pays before anyone opens the chat', aimBytes: 1_460, maxBytes: 3_000 }),
    sizeOf(manifest, [script, client, controller, panel], {
      what: 'until the composer can be typed in',
      aimBytes: 14_600,
      maxBytes: 25_000,
    }),
  ];
}

/** What the operators' pages have loaded before the first of them. */
export function measureDashboard({ entry, files }: DashboardManifest): Size {
  const budget = { what: 'of the dashboard before its first page', aimBytes: 30_000, maxBytes: 60_000 };
  return sizeOf({ files }, [entry], budget);
}

type Loaded = {
  readonly files: Readonly<Record<string, Pick<FileFacts, 'brotli'> & { readonly imports: readonly string[] }>>;
};

function sizeOf(
  manifest: Loaded,
  entries: readonly string[],
  budget: Pick<Size, 'what' | 'aimBytes' | 'maxBytes'>,
): Size {
  const files = [...withImports(manifest, entries)];
  const bytes = files.reduce((sum, file) => sum + factsOf(manifest, file).brotli, 0);
  return { ...budget, bytes, files };
}

function withImports(manifest: Loaded, entries: readonly string[]): Set<string> {
  const found = new Set<string>(entries);
  // A set yields what is added while it is walked.
  for (const file of found) factsOf(manifest, file).imports.forEach((imported) => found.add(imported));
  return found;
}

function factsOf(manifest: Loaded, file: string): Loaded['files'][string] {
  const facts = manifest.files[file];
  if (!facts) throw new Error(`dist/manifest.json does not list ${file}`);
  return facts;
}

export const describeSize = ({ what, bytes, aimBytes, maxBytes, files }: Size): string =>
  `${bytes} B brotli ${what} (aim ${aimBytes}, must be below ${maxBytes}): ${files.join(' + ')}`;

if (import.meta.main) {
  const sizes = [...measureSizes(await readManifest()), measureDashboard(await readDashboardManifest())];
  for (const size of sizes) console.log(describeSize(size));
  if (sizes.some(({ bytes, maxBytes }) => bytes >= maxBytes)) process.exitCode = 1;
}
