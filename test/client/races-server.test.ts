import { mock, test } from 'node:test';
import fc from 'fast-check';
import '../../src/client/exchange.ts';
import { createModel } from './support/races/model.ts';
import { startRealServer } from './support/races/real-server.ts';
import { runSchedule } from './support/races/run-schedule.ts';
import { schedules } from './support/races/steps.ts';

/** `RACES_SERVER_RUNS` for more of them. The first ones are the same each time, so that a failure is nobody's luck. */
const runs = Number(process.env['RACES_SERVER_RUNS'] ?? 100);

for (const seed of [1, 2, 3, 4]) {
  test(`A8 A9 Wo18 W7 the real server keeps the promises that its model does, in schedules of seed ${seed}`, async (t) => {
    mock.method(Math, 'random', () => 0.5);
    t.after(() => mock.restoreAll());
    for (const schedule of fc.sample(schedules(16), { numRuns: runs / 4, seed })) {
      await runSchedule(schedule, createModel(schedule.onInvalidToken));
      await t.test('a schedule', async (one) =>
        runSchedule(schedule, await startRealServer(one, schedule.onInvalidToken)),
      );
    }
  });
}
