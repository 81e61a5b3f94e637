// `npm test`, or a part of it: `npm test -- node|browser|journeys [part of a file's path, or of a test's title]`.
// The last line says how many tests passed and failed.
import { rmSync } from 'node:fs';
import { mkdtemp, readFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { findBrowser } from './browser.ts';
import { listFiles } from './list-files.ts';
import { runCommand } from './run-command.ts';
import { parseTestCounts, type TestCounts } from './test-counts.ts';

const stepNames = ['node', 'browser', 'journeys'] as const;
type StepName = (typeof stepNames)[number];

/** `title` is a pattern for titles, where the second argument is no part of a file's path. */
type Selection = { readonly files: readonly string[]; readonly title: string | undefined };

type Invocation = { readonly command: string; readonly args: readonly string[]; readonly env: NodeJS.ProcessEnv };

const isBrowserTest = (file: string): boolean => file.endsWith('.browser.test.ts');
const isJourney = (file: string): boolean => file.startsWith('test/journeys/');

const stepKinds: Record<
  StepName,
  { owns: (file: string) => boolean; invoke: (of: Selection, counts: string) => Invocation }
> = {
  node: {
    owns: (file) => !isBrowserTest(file) && !isJourney(file),
    invoke: (selection, counts) =>
      nodeTests(selection, counts, { concurrency: availableParallelism(), timeoutMs: 180_000 }),
  },
  browser: { owns: isBrowserTest, invoke: browserTests },
  journeys: {
    owns: (file) => isJourney(file) && !isBrowserTest(file),
    // Each has a browser, a chat server and a shop of its own.
    invoke: (selection, counts) => nodeTests(selection, counts, { concurrency: 1, timeoutMs: 180_000 }),
  },
};

function nodeTests(
  { files, title }: Selection,
  countsFile: string,
  { concurrency, timeoutMs }: { concurrency: number; timeoutMs: number },
): Invocation {
  const args = [
    '--test',
    `--test-concurrency=${concurrency}`,
    `--test-timeout=${timeoutMs}`,
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    '--test-reporter=./scripts/node-test-reporter.ts',
    `--test-reporter-destination=${countsFile}`,
    ...(title === undefined ? [] : [`--test-name-pattern=${title}`]),
    ...files,
  ];
  return { command: 'node', args, env: {} };
}

function browserTests({ files, title }: Selection, countsFile: string): Invocation {
  const env = { COUNTS_FILE: countsFile, TEST_FILES: JSON.stringify(files), TEST_TITLE: title };
  return { command: 'wtr', args: ['--config', 'web-test-runner.config.mjs'], env };
}

async function select(step: StepName, pattern: string | undefined): Promise<Selection> {
  const all = (await listFiles('test/**/*.test.ts', 'server/test/**/*.test.ts')).filter(stepKinds[step].owns);
  if (pattern === undefined) return { files: all, title: undefined };
  const matching = all.filter((file) => file.includes(pattern));
  return matching.length > 0 ? { files: matching, title: undefined } : { files: all, title: pattern };
}

async function runStep(step: StepName, pattern: string | undefined, folder: string): Promise<TestCounts> {
  heading(step);
  const selection = await select(step, pattern);
  if (selection.files.length === 0) return failure(`${step}: there are no test files`);
  if (step !== 'node') process.env['CHROME_PATH'] = await findBrowser();
  const countsFile = path.join(folder, `${step}.json`);
  const { command, args, env } = stepKinds[step].invoke(selection, countsFile);
  const { exitCode } = await runCommand(command, args, { env, echo: true, timeoutMs: 25 * 60_000 });
  const counts = parseTestCounts(await readFile(countsFile, 'utf8').catch(() => ''));
  if (!counts) return failure(`${step}: ended with code ${exitCode} before the tests were counted`);
  if (counts.failures.length > 0) return counts;
  if (exitCode !== 0) return { ...counts, failures: [`${step}: ended with code ${exitCode}`] };
  return counts.passed + counts.skips.length === 0 ? failure(`${step}: no test was run`) : counts;
}

const failure = (what: string): TestCounts => ({ passed: 0, failures: [what], skips: [] });

async function build(): Promise<TestCounts> {
  heading('build');
  const { exitCode } = await runCommand('node', ['scripts/build.ts'], { echo: true });
  return exitCode === 0 ? { passed: 0, failures: [], skips: [] } : failure('build: the widget could not be built');
}

const heading = (name: string): void => console.log(`\n=== ${name}`);

function parseArguments(args: readonly string[]): { steps: readonly StepName[]; pattern: string | undefined } {
  const [step, pattern] = args;
  if (step === undefined) return { steps: stepNames, pattern: undefined };
  const found = stepNames.find((name) => name === step);
  if (!found)
    throw new TypeError(`npm test -- takes one of ${stepNames.join(', ')}, and after it a pattern; not "${step}"`);
  return { steps: [found], pattern };
}

function printSummary(results: readonly TestCounts[]): void {
  const passed = results.reduce((sum, counts) => sum + counts.passed, 0);
  const failures = results.flatMap((counts) => counts.failures);
  const skips = results.flatMap((counts) => counts.skips);
  console.log('');
  for (const { title, reason } of skips) console.log(`skipped: ${title}: ${reason}`);
  for (const title of failures) console.log(`failed: ${title}`);
  console.log(`${passed} passed, ${failures.length} failed${skips.length > 0 ? `, ${skips.length} skipped` : ''}`);
  process.exitCode = failures.length > 0 || passed === 0 ? 1 : 0;
}

const { steps, pattern } = parseArguments(process.argv.slice(2));
const folder = await mkdtemp(path.join(tmpdir(), 'chat-widget-test-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const results = [await build()];
for (const step of steps) results.push(await runStep(step, pattern, folder));
printSummary(results);
