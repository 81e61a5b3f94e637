// `npm run test:long`: the schedules of races, many more of them than `npm test` takes: 100,000 of the client against a
// model of the server, and 1,000 in a real browser. A quarter of an hour on two cores that do nothing else.
import { runCommand } from './run-command.ts';

const env = { RACES_RUNS: '100000', RACES_JOURNEYS: '1000', ...process.env };

for (const part of [
  ['node', 'client/races'],
  ['journeys', 'journeys/races'],
]) {
  const { exitCode } = await runCommand('node', ['scripts/test.ts', ...part], {
    env,
    echo: true,
    timeoutMs: 3_600_000,
  });
  if (exitCode !== 0) process.exitCode = 1;
}
