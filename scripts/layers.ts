// Checks who imports whom (.dependency-cruiser.mjs), and that every source file was looked at.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { listFiles } from './list-files.ts';

const folders = ['src', 'server/src', 'server/dashboard', 'server/test', 'test', 'scripts', 'demo', 'bench'];
const maxReportBytes = 64 * 1024 * 1024;

type Violation = {
  readonly from: string;
  readonly to: string;
  readonly rule: { readonly name: string };
  readonly cycle?: readonly { readonly name: string }[];
};

type Report = {
  readonly modules: readonly { readonly source: string }[];
  readonly summary: { readonly violations: readonly Violation[] };
};

async function cruise(folders: readonly string[]): Promise<Report> {
  const args = ['--config', '.dependency-cruiser.mjs', '--output-type', 'json', ...folders];
  const { stdout } = await promisify(execFile)('depcruise', args, { maxBuffer: maxReportBytes });
  return JSON.parse(stdout) as Report;
}

/** Pages with package files of their own, which their own tools look at (scripts/frameworks.ts). */
const isOfFramework = (file: string): boolean => file.startsWith('demo/frameworks/');

const describe = ({ rule, from, to, cycle }: Violation): string =>
  `${rule.name}: ${[from, ...(cycle?.map(({ name }) => name) ?? [to])].join(' → ')}`;

const present = folders.filter((folder) => existsSync(folder));
const sourceFiles = listFiles(...present.map((folder) => `${folder}/**/*.{ts,mjs}`));
const [report, found] = await Promise.all([cruise(present), sourceFiles]);
const files = found.filter((file) => !isOfFramework(file));
const seen = new Set(report.modules.map(({ source }) => source));
const problems = [
  ...report.summary.violations.map(describe),
  // The tool has been seen to report success on nothing, when it did not get along with the compiler.
  ...files.filter((file) => !seen.has(file)).map((file) => `not looked at: ${file}`),
  ...(files.length === 0 ? ['no source files found'] : []),
];
for (const problem of problems) console.error(problem);
console.log(`${files.length} files, ${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;
