import fc from 'fast-check';

/** One thing that happens in a browser with two tabs. Plain data, so that a failure can be read. */
export type RaceStep =
  | { readonly do: 'identify'; readonly tab: 0 | 1; readonly as: 'ada' | 'grace'; readonly isGood: boolean }
  | { readonly do: 'type' | 'logout' | 'reload' | 'newConversation'; readonly tab: 0 | 1 }
  | { readonly do: 'network'; readonly isOnline: boolean };

export type RaceSchedule = {
  readonly steps: readonly RaceStep[];
  /** Milliseconds that each request takes in turn, so that later ones overtake earlier ones; undefined ones are lost. */
  readonly delaysMs: readonly (number | undefined)[];
};

const tab = fc.constantFrom<0 | 1>(0, 0, 1);
const step: fc.Arbitrary<RaceStep> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('identify' as const),
      tab,
      as: fc.constantFrom('ada' as const, 'grace' as const),
      isGood: fc.constantFrom(true, true, true, false),
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('type' as const), tab }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('logout' as const, 'reload' as const, 'newConversation' as const),
      tab,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('network' as const), isOnline: fc.boolean() }) },
);

export const raceSchedules: fc.Arbitrary<RaceSchedule> = fc.record({
  steps: fc.array(step, { minLength: 5, maxLength: 9, size: 'max' }),
  delaysMs: fc.array(fc.constantFrom(0, 0, 20, 150, undefined), { minLength: 5, maxLength: 9 }),
});
