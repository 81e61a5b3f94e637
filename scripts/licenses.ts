import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * The licences of the packages whose code is in the bundles. Their comments are stripped from the files that visitors
 * load, so that the notices travel beside them.
 */
export async function collectLicenses(modules: readonly string[]): Promise<string> {
  const folders = new Set(modules.flatMap(packageFolderOf));
  const notices = await Promise.all([...folders].toSorted().map(noticeOf));
  return notices.join(`\n${'-'.repeat(80)}\n\n`);
}

function packageFolderOf(module: string): string[] {
  const found = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(module.split(path.sep).join('/'));
  return found ? [found[0]] : [];
}

async function noticeOf(folder: string): Promise<string> {
  const described: unknown = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));
  const { name, version, license } = described as { name: string; version: string; license?: string };
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e(\.(md|txt))?$/i.test(entry));
  const text = file ? await readFile(path.join(folder, file), 'utf8') : `License: ${license ?? 'not stated'}\n`;
  return `${name} ${version}\n\n${text}`;
}
