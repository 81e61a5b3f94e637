import { mock, test } from 'node:test';
import fc from 'fast-check';
// Fetched once, so that a schedule waits for nothing but its own steps.
import '../../src/client/exchange.ts';
import '../../src/client/extras.ts';
import { createModel } from './support/races/model.ts';
import { runSchedule } from './support/races/run-schedule.ts';
import { schedules, type Schedule } from './support/races/steps.ts';

/**
 * Schedules of one run: 10,000, the same each time, so that a failure is nobody's luck. `RACES_RUNS` looks for new ones, as
 * `npm run test:long` does for 100,000. `RACES_SEED` and `RACES_PATH` run one again. Several tests share them, so that each
 * stays well below the limit of a test on a slow machine.
 */
const runs = Number(process.env['RACES_RUNS'] ?? 10_000);
const seedOf = (maxSteps: number, part: number): number | undefined => {
  const { RACES_SEED: given, RACES_RUNS: asked } = process.env;
  if (given !== undefined) return Number(given);
  return asked === undefined ? maxSteps * 100 + part : undefined;
};
const path = process.env['RACES_PATH'];

const lengths = [12, 20, 28, 36];
const perTest = 1250;

const isReplay = process.env['RACES_STEPS'] !== undefined;
const parts = lengths
  .flatMap((maxSteps) => partsOf(runs / lengths.length).map((numRuns, part) => ({ maxSteps, numRuns, part: part + 1 })))
  .filter(({ maxSteps }) => !isReplay || process.env['RACES_STEPS'] === `${maxSteps}`);

for (const { maxSteps, numRuns, part } of isReplay ? parts.slice(0, 1) : parts) {
  test(`A8 A9 Wo18 W7 in any order of what pages, tabs and network do (up to ${maxSteps} steps, part ${part}) nobody gets another’s words, and none are lost`, async (t) => {
    mock.method(Math, 'random', () => 0.5);
    t.after(() => mock.restoreAll());
    const seed = seedOf(maxSteps, part);
    const result = await fc.check(
      fc.asyncProperty(schedules(maxSteps), (schedule) => runSchedule(schedule, createModel(schedule.onInvalidToken))),
      { numRuns, ...(seed !== undefined && { seed }), ...(path && { path }) },
    );
    if (!result.failed) return;
    const [schedule] = result.counterexample ?? [];
    throw new Error(`${tell(schedule)}\n${replay(result, maxSteps)}`, { cause: result.errorInstance });
  });
}

function partsOf(count: number): number[] {
  return count <= perTest ? [Math.ceil(count)] : [perTest, ...partsOf(count - perTest)];
}

function replay({ seed: of, counterexamplePath }: { seed: number; counterexamplePath: string | null }, steps: number) {
  const variables = `RACES_STEPS=${steps} RACES_SEED=${of} RACES_PATH=${counterexamplePath ?? ''}`;
  return `Run it again: ${variables} npm test -- node client/races`;
}

function tell(schedule: Schedule | undefined): string {
  if (schedule === undefined) return 'A schedule failed';
  const { steps, ...rest } = schedule;
  return ['A schedule failed:', JSON.stringify(rest), ...steps.map((step) => JSON.stringify(step))].join('\n');
}
