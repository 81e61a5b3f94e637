import fc from 'fast-check';

export type User = 'ada' | 'grace' | 'linus';

/** One thing that happens: to a page, to the network, to the clock. Plain data, so that a failure can be read and shrunk. */
export type Step =
  | {
      readonly do: 'identify';
      readonly tab: 0 | 1;
      readonly as: User;
      readonly how: 'token' | 'again' | 'forged' | 'provider';
    }
  | { readonly do: 'logout' | 'load' | 'newConversation' | 'openConversation' | 'retry' | 'stop'; readonly tab: 0 | 1 }
  | { readonly do: 'edit' | 'comment' | 'draft' | 'lateDraft' | 'attach'; readonly tab: 0 | 1 }
  | { readonly do: 'type' | 'navigate' | 'freeze'; readonly tab: 0 | 1 }
  | { readonly do: 'wake'; readonly tab: 0 | 1; readonly areTimersFirst: boolean }
  | { readonly do: 'deliver'; readonly index: number; readonly times: number }
  | { readonly do: 'lose'; readonly index: number }
  /** The site ends a sign-in on the server alone, by the user's latest token: no page is told. */
  | { readonly do: 'revoke'; readonly as: User }
  | { readonly do: 'finishReply'; readonly index: number }
  | { readonly do: 'advance'; readonly seconds: number }
  | { readonly do: 'network'; readonly isOnline: boolean };

/** What becomes of a request with a refused token: `onInvalidToken` of the agent's policy. */
export type OnInvalidToken = 'block' | 'anonymous';

export type Schedule = {
  readonly onInvalidToken: OnInvalidToken;
  readonly steps: readonly Step[];
  /** How wrong the browser's clock is, in hours. */
  readonly skewHours: number;
  readonly holdsReplies: boolean;
};

const tab = fc.constantFrom<0 | 1>(0, 0, 0, 1);
const index = fc.nat({ max: 7 });
const as = fc.constantFrom<User>('ada', 'grace', 'ada', 'linus');
const plain = <Name extends string>(...names: Name[]) => fc.record({ do: fc.constantFrom(...names), tab });

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('identify' as const),
      tab,
      as,
      how: fc.constantFrom(
        'token' as const,
        'token' as const,
        'again' as const,
        'forged' as const,
        'provider' as const,
      ),
    }),
  },
  { weight: 5, arbitrary: plain('type') },
  { weight: 4, arbitrary: plain('edit', 'comment', 'draft', 'lateDraft', 'attach') },
  { weight: 2, arbitrary: plain('logout') },
  { weight: 3, arbitrary: plain('load', 'newConversation', 'openConversation', 'retry', 'stop') },
  { weight: 2, arbitrary: plain('navigate', 'freeze') },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wake' as const), tab, areTimersFirst: fc.boolean() }) },
  {
    weight: 14,
    arbitrary: fc.record({ do: fc.constant('deliver' as const), index, times: fc.constantFrom(1, 1, 1, 1, 2) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('lose' as const), index }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('revoke' as const), as }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('finishReply' as const), index }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('advance' as const), seconds: fc.constantFrom(1, 5, 40, 500, 700) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('network' as const), isOnline: fc.boolean() }) },
);

/** `maxSteps` of them at the most. */
export const schedules = (maxSteps: number): fc.Arbitrary<Schedule> =>
  fc.record({
    steps: fc.array(step, { minLength: 3, maxLength: maxSteps, size: 'max' }),
    onInvalidToken: fc.constantFrom<OnInvalidToken>('block', 'anonymous'),
    skewHours: fc.constantFrom(0, 0, -7, 9),
    holdsReplies: fc.boolean(),
  });
