import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { readManifest, type ElementDescription } from '../../scripts/editor-data.ts';

const repositoryFolder = path.join(import.meta.dirname, '../..');

let described: Promise<ElementDescription> | undefined;

/** The element as `custom-elements.json` describes it, made from the sources once and when it is first asked for. */
export function describeWidget(): Promise<ElementDescription> {
  described ??= analyze().catch((error: unknown) => {
    described = undefined;
    throw error;
  });
  return described;
}

async function analyze(): Promise<ElementDescription> {
  const folder = await mkdtemp(path.join(tmpdir(), 'chat-widget-manifest-'));
  try {
    const outdir = path.relative(repositoryFolder, folder);
    const args = ['analyze', '--config', 'scripts/custom-elements.config.mjs', '--outdir', outdir];
    const program = path.join(repositoryFolder, 'node_modules/@custom-elements-manifest/analyzer/cem.js');
    await promisify(execFile)(process.execPath, [program, ...args], { cwd: repositoryFolder });
    return readManifest(await readFile(path.join(folder, 'custom-elements.json'), 'utf8'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
