import { mock, test } from 'node:test';
import fc from 'fast-check';
// Fetched once, so that a schedule waits for nothing but its own steps.
import '../../src/client/exchange.ts';
import { createModel } from './support/races/model.ts';
import { runSchedule } from './support/races/run-schedule.ts';
import { schedules, type Schedule } from './support/races/steps.ts';

/**
 * Schedules of one run: `RACES_RUNS`, 10,000 without it. `RACES_SEED` and `RACES_PATH` run one again.
 * Several tests share them, so that each stays well below the limit of a test on a slow machine.
 */
const runs = Number(process.env['RACES_RUNS'] ?? 10_000);
const seed = process.env['RACES_SEED'];
const path = process.env['RACES_PATH'];

const lengths = [12, 20, 28, 36];

for (const maxSteps of lengths) {
  test(`A8 A9 Wo18 W7 in any order of what pages, tabs and network do (up to ${maxSteps} steps) nobody gets another’s words, and none are lost`, async (t) => {
    mock.method(Math, 'random', () => 0.5);
    t.after(() => mock.restoreAll());
    const isReplay = process.env['RACES_STEPS'] !== undefined;
    if (isReplay && process.env['RACES_STEPS'] !== `${maxSteps}`) return;
    const result = await fc.check(
      fc.asyncProperty(schedules(maxSteps), (schedule) => runSchedule(schedule, createModel())),
      { numRuns: runs / lengths.length, ...(seed && { seed: Number(seed) }), ...(path && { path }) },
    );
    if (!result.failed) return;
    const [schedule] = result.counterexample ?? [];
    throw new Error(`${tell(schedule)}\n${replay(result, maxSteps)}`, { cause: result.errorInstance });
  });
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
