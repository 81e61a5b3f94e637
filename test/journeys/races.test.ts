import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { raceSchedules } from './support/race-steps.ts';
import { RaceVisitor } from './support/race-visitor.ts';
import { useWorld } from './support/world.ts';

/** Schedules of one run. `RACES_SEED` runs others; `RACES_VISITOR` those of one visitor alone, as a failure says. */
const runs = Number(process.env['RACES_JOURNEYS'] ?? 200);
const seed = Number(process.env['RACES_SEED'] ?? 20_260);
const onlyVisitor = process.env['RACES_VISITOR'];

/** So many schedules run one after another in one browser of somebody's, and so many of these at the same time. */
const perVisitor = 10;
const atOnce = 3;
/** A test holds so many visitors, to end within its time on a slow machine. */
const perTest = 6;

describe('races in a real browser, against the real server', () => {
  const world = useWorld({
    rateLimits: { chatPerAddress: 1_000_000, otherPerAddress: 1_000_000, logoutPerAddress: 1_000_000 },
  });
  const samples = fc.sample(raceSchedules, { numRuns: runs, seed });
  const visitors = Array.from({ length: Math.ceil(runs / perVisitor) }, (_, visitor) => visitor).filter(
    (visitor) => onlyVisitor === undefined || visitor === Number(onlyVisitor),
  );

  async function runVisitor(visitor: number): Promise<void> {
    let n = visitor * perVisitor;
    try {
      const browser = await RaceVisitor.visit(world);
      for (const last = Math.min(n + perVisitor, runs); n < last; n++) {
        await browser.run(samples[n] ?? assert.fail(), `${n}`);
      }
      await browser.leave();
    } catch (error) {
      const variables = `RACES_SEED=${seed} RACES_JOURNEYS=${runs} RACES_VISITOR=${visitor}`;
      const again = `Run it again: ${variables} npm test -- journeys journeys/races`;
      throw new Error(`schedule ${n}: ${JSON.stringify(samples[n])}\n${again}`, { cause: error });
    }
  }

  for (let first = 0; first < visitors.length; first += perTest) {
    const mine = visitors.slice(first, first + perTest);
    const [from, to] = [(mine[0] ?? 0) * perVisitor + 1, Math.min(((mine.at(-1) ?? 0) + 1) * perVisitor, runs)];
    it(`A8 A9 W7 nobody's words are on another's screen, in another's storage or request, schedules ${from} to ${to}`, async () => {
      const lane = async (): Promise<void> => {
        for (let next = mine.shift(); next !== undefined; next = mine.shift()) await runVisitor(next);
      };
      await Promise.all(Array.from({ length: atOnce }, lane));
    });
  }
});
