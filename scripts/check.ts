// `npm run check`: everything that can be known without running the product. One line for each step, details at the end.
import { availableParallelism } from 'node:os';
import { runCommand, type CommandResult } from './run-command.ts';

type Step = { readonly name: string; readonly commands: readonly (readonly [string, ...string[]])[] };

const allSteps: readonly Step[] = [
  { name: 'types', commands: [['tsc', '-p', '.']] },
  { name: 'types of the widget, without Node', commands: [['tsc', '-p', 'tsconfig.browser.json']] },
  { name: 'types of the wire, without a DOM', commands: [['tsc', '-p', 'tsconfig.wire.json']] },
  {
    name: 'templates',
    commands: [['lit-analyzer', '--strict', '--noColor', 'src/panel/**/*.ts', 'server/dashboard/src/**/*.ts']],
  },
  { name: 'lint', commands: [['oxlint']] },
  { name: 'layers', commands: [['node', 'scripts/layers.ts']] },
  { name: 'unused code and dependencies', commands: [['knip', '--no-progress', '--treat-config-hints-as-errors']] },
  { name: 'package', commands: [['node', 'scripts/check-package.ts']] },
  { name: 'format', commands: [['oxfmt', '--check']] },
  { name: 'lock file', commands: [['node', 'scripts/lock-file.ts']] },
  { name: 'compatibility table', commands: [['node', 'scripts/compatibility.ts', '--check']] },
  { name: 'forbidden text', commands: [['node', 'scripts/forbidden.ts']] },
  {
    name: 'build and sizes',
    commands: [
      ['node', 'scripts/build.ts'],
      ['node', 'scripts/sizes.ts'],
    ],
  },
];

type Outcome = { readonly name: string; readonly passed: boolean; readonly output: string };

async function runStep({ name, commands }: Step): Promise<Outcome> {
  let output = '';
  let durationMs = 0;
  let passed = true;
  for (const [command, ...args] of commands) {
    const result: CommandResult = await runCommand(command, args);
    output = result.output;
    durationMs += result.durationMs;
    passed = result.exitCode === 0;
    if (!passed) break;
  }
  console.log(`${passed ? 'ok    ' : 'FAILED'} ${name} (${(durationMs / 1000).toFixed(1)} s)`);
  if (passed && name.endsWith('sizes')) console.log(output.trim().replaceAll(/^/gm, '       '));
  return { name, passed, output };
}

/** Runs the steps, as many at a time as the machine has cores; the slow ones stand first in the list. */
async function runSteps(steps: readonly Step[]): Promise<Outcome[]> {
  const waiting = [...steps];
  const outcomes: Outcome[] = [];
  const worker = async (): Promise<void> => {
    for (let step = waiting.shift(); step; step = waiting.shift()) outcomes.push(await runStep(step));
  };
  await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, worker));
  return outcomes;
}

const wanted = process.argv.slice(2);
const steps = allSteps.filter(({ name }) => wanted.length === 0 || wanted.some((word) => name.includes(word)));
const outcomes = await runSteps(steps);
const failed = outcomes.filter(({ passed }) => !passed);
for (const { name, output } of failed) console.error(`\n--- ${name}\n${output.trimEnd()}`);
console.log(`\n${outcomes.length - failed.length} checks passed, ${failed.length} failed`);
process.exitCode = failed.length === 0 && outcomes.length > 0 ? 0 : 1;
