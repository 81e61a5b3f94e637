import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** What a declaration file imports: `from './x.ts'`, `import('./x.ts')`. */
const importPattern = /((?:\bfrom|\bimport)\s*\(?\s*')(\.{1,2}\/[^']+)\.ts'/g;

/** Of the declarations that the compiler wrote into `folder`: those that the entries lead to, by name, as they are packed. */
export async function reachableDeclarations(folder: string, entries: readonly string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const waiting = [...entries];
  for (const name of waiting) {
    if (found.has(name)) continue;
    const text = await readFile(path.join(folder, name), 'utf8');
    for (const [, , specifier = ''] of text.matchAll(importPattern)) {
      waiting.push(path.posix.join(path.posix.dirname(name), `${specifier}.d.ts`));
    }
    // Outside this repository a module's name is that of the JavaScript.
    found.set(name, text.replaceAll(importPattern, "$1$2.js'"));
  }
  return found;
}
