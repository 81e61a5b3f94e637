// docs/compatibility.md: which test shows which behaviour. `--write` makes it, `--check` (in `npm run check`) fails when it does not
// agree with the tests.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { documents } from './compatibility/documents/index.ts';
import { collectEvidence, findContradictions, type SourceFile } from './compatibility/evidence.ts';
import { renderTable } from './compatibility/render-table.ts';
import { standing } from './compatibility/standing.ts';
import { listFiles } from './list-files.ts';

const target = 'docs/compatibility.md';
const repositoryFolder = path.resolve(import.meta.dirname, '..');

type Comparison = { readonly text: string; readonly problems: readonly string[] };

/** The table as the tests have it, and what is wrong with `committed` and with the lists. No problems: all agree. */
export function compareWithTests(files: readonly SourceFile[], committed: string): Comparison {
  const evidence = collectEvidence(files);
  const text = renderTable(documents, standing, evidence);
  const stale = `${target} does not agree with the tests: run node scripts/compatibility.ts --write`;
  const contradictions = findContradictions(documents, standing, evidence);
  return { text, problems: text === committed ? contradictions : [...contradictions, stale] };
}

async function readTests(): Promise<readonly SourceFile[]> {
  const names = await listFiles('test/**/*.ts', 'server/test/**/*.ts');
  return Promise.all(names.map(async (name) => ({ name, code: await readFile(name, 'utf8') })));
}

async function run(mode: string | undefined): Promise<void> {
  if (mode !== '--write' && mode !== '--check') throw new TypeError('Say --write or --check.');
  process.chdir(repositoryFolder);
  const files = await readTests();
  const committed = await readFile(target, 'utf8').catch(() => '');
  const { text } = compareWithTests(files, committed);
  if (mode === '--write' && text !== committed) await writeFile(target, text);
  const { problems } = compareWithTests(files, mode === '--write' ? text : committed);
  for (const problem of problems) console.error(problem);
  console.log(`${files.length} files of tests, ${problems.length} problems`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}

if (import.meta.main) await run(process.argv[2]);
