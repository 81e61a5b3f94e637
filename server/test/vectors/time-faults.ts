import { agents, keyedAgents } from './agents.ts';
import { fault, nowSeconds, remove, set, setRaw, type Draft, type Fault } from './draft.ts';

const notTimes = [
  '"1800003600"',
  '""',
  '"never"',
  '"1e9"',
  'null',
  'true',
  'false',
  '[]',
  '[1800003600]',
  '{}',
  '1e400',
  '-1e400',
].concat(['{"$date":1}', '"2027-01-15T08:00:00Z"', '9'.repeat(400)]);

const timeFaults = (['exp', 'nbf', 'iat'] as const).flatMap((name) =>
  notTimes.map((json) =>
    fault(
      { stage: 'times', reason: 'malformed' },
      [name],
      keyedAgents,
      4,
    )(`${name} as ${json.slice(0, 30)}`, (draft) => setRaw(draft.payload, name, json)),
  ),
);

const past = [0, 1, 2, 30, 59, 3_600, 86_400, 31_536_000];
const tolerances = [
  agents.exact,
  agents.second,
  agents.eddsa,
  agents.shop,
  agents.patient,
  agents.endless,
  agents.mail,
];

/** Each edge to the second, at each tolerance; the clock itself a little further too. */
const expiryFaults: readonly Fault[] = tolerances.flatMap((agent) => [
  ...past.map((beyond) =>
    fault(
      { stage: 'expiry', reason: 'expired' },
      ['exp'],
      [agent],
    )(`exp ${beyond} s beyond ${agent.toleranceSeconds} s of tolerance`, (draft) =>
      set(draft.payload, 'exp', nowSeconds - agent.toleranceSeconds - beyond),
    ),
  ),
  ...[1, 500, 999].map((lateMs) =>
    fault(
      { stage: 'expiry', reason: 'expired' },
      ['exp'],
      [agent],
    )(`exp at the edge of ${agent.toleranceSeconds} s, and the clock ${lateMs} ms on`, (draft) => {
      set(draft.payload, 'exp', nowSeconds - agent.toleranceSeconds);
      draft.atMs += lateMs;
    }),
  ),
  ...['0', '-0', '-1', '-1e308', '1', '5e-324', '1.8e3', String(nowSeconds - agent.toleranceSeconds - 0.5)].map(
    (json) =>
      fault(
        { stage: 'expiry', reason: 'expired' },
        ['exp'],
        [agent],
        2,
      )(`exp ${json}`, (draft) => setRaw(draft.payload, 'exp', json)),
  ),
]);

const startFaults: readonly Fault[] = tolerances
  .flatMap((agent) =>
    (['nbf', 'iat'] as const).flatMap((name) => {
      const make = fault({ stage: 'start', reason: 'not_yet_valid' }, [name], [agent], 2);
      return [
        ...[1, 2, 60, 3_600, 86_400, 31_536_000].map((beyond) =>
          make(`${name} ${beyond} s beyond ${agent.toleranceSeconds} s of tolerance`, (draft) =>
            set(draft.payload, name, nowSeconds + agent.toleranceSeconds + beyond),
          ),
        ),
        make(`${name} half a second beyond`, (draft) =>
          set(draft.payload, name, nowSeconds + agent.toleranceSeconds + 0.5),
        ),
        make(`${name} at the edge, and the clock 1 ms before`, (draft) => {
          set(draft.payload, name, nowSeconds + agent.toleranceSeconds);
          // Whatever else there is of times has to stay good a moment earlier.
          remove(draft.payload, name === 'nbf' ? 'iat' : 'nbf');
          draft.atMs -= 1;
        }),
        ...['1e300', '1.7e308', String(nowSeconds * 1_000), '9007199254740993'].map((json) =>
          make(`${name} ${json}`, (draft) => setRaw(draft.payload, name, json)),
        ),
      ];
    }),
  )
  .map((one) => (one.name.includes('1 ms before') ? { ...one, touches: ['nbf', 'iat', 'exp'] } : one));

const requiring = keyedAgents.filter(({ expiry }) => expiry === 'required');
const noExpiry = fault({ stage: 'no expiry', reason: 'missing_claim' }, ['exp'], requiring, 25);
const noExpiryFaults: readonly Fault[] = [
  noExpiry('no exp', (draft) => remove(draft.payload, 'exp')),
  ...['Exp', 'EXP', 'exp ', 'expires', 'expires_at', 'expiresIn', 'еxp'].map((name) => ({
    ...noExpiry(`${name} instead of exp`, (draft) => {
      remove(draft.payload, 'exp');
      set(draft.payload, name, nowSeconds + 600);
    }),
    times: 3,
  })),
  noExpiry('exp inside __proto__', (draft) => {
    remove(draft.payload, 'exp');
    setRaw(draft.payload, '__proto__', `{"exp":${nowSeconds + 600}}`);
  }),
].map((one) => ({ ...one, times: Math.min(one.times, 12) }));

const capped = keyedAgents.filter(({ maxLifetimeSeconds }) => maxLifetimeSeconds !== null);
const lifetime = fault({ stage: 'lifetime', reason: 'lifetime_too_long' }, ['exp', 'iat'], capped, 6);
const capOf = ({ agent }: Draft) => agent.maxLifetimeSeconds ?? 0;
function times(draft: Draft, iat: number | undefined, exp: number): void {
  if (iat === undefined) remove(draft.payload, 'iat');
  else set(draft.payload, 'iat', iat);
  set(draft.payload, 'exp', exp);
}
const lifetimeFaults: readonly Fault[] = [
  ...[1, 2, 60, 61, 3_600, 31_536_000].flatMap((over) => [
    lifetime(`${over} s over the cap`, (draft) => times(draft, nowSeconds, nowSeconds + capOf(draft) + over)),
    lifetime(`${over} s over the cap, nearly at its end`, (draft) =>
      times(draft, nowSeconds - capOf(draft), nowSeconds + over),
    ),
    lifetime(`${over} s over the cap, by a clock ahead`, (draft) => {
      const iat = nowSeconds + draft.agent.toleranceSeconds;
      times(draft, iat, iat + capOf(draft) + over);
    }),
    lifetime(`${over} s over the cap, without iat`, (draft) =>
      times(draft, undefined, nowSeconds + draft.agent.toleranceSeconds + capOf(draft) + over),
    ),
  ]),
  lifetime('exp in milliseconds', (draft) => times(draft, nowSeconds, (nowSeconds + 600) * 1_000)),
  lifetime('exp in milliseconds, without iat', (draft) => times(draft, undefined, (nowSeconds + 600) * 1_000)),
  lifetime('exp at the end of numbers', (draft) => times(draft, nowSeconds, 1.7e308)),
  lifetime('iat at the beginning of time', (draft) => times(draft, 0, nowSeconds + 60)),
  lifetime('iat at the beginning of numbers', (draft) => times(draft, -1.7e308, nowSeconds + 60)),
];

export const clockFaults: readonly Fault[] = [
  ...timeFaults,
  ...expiryFaults,
  ...startFaults,
  ...noExpiryFaults,
  ...lifetimeFaults,
];
