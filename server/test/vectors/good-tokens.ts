import { agents, keyedAgents, type VectorAgent } from './agents.ts';
import { nowSeconds, remove, set, setRaw, type Draft, type Fault } from './draft.ts';
import { fillTo } from './form-faults.ts';

/** A change that leaves a token good. */
type GoodChange = Pick<Fault, 'name' | 'agents' | 'apply'>;

function good(name: string, apply: (draft: Draft) => void, places: readonly VectorAgent[] = keyedAgents): GoodChange {
  return { name, agents: places, apply };
}

const capped = keyedAgents.filter(({ maxLifetimeSeconds }) => maxLifetimeSeconds !== null);
const bySub = keyedAgents.filter(({ identityClaim }) => identityClaim === 'sub');
const byMail = keyedAgents.filter(({ identityClaim }) => identityClaim === 'email');
const withParties = keyedAgents.filter(({ audience }) => audience !== null);
const withoutParties = keyedAgents.filter(({ audience }) => audience === null);
const capOf = ({ agent }: Draft) => agent.maxLifetimeSeconds ?? 0;

const sizes = [8_192, 8_191, 8_190, 8_189, 8_000].map((bytes) =>
  good(`${bytes} bytes`, (draft) => fillTo(draft, bytes)),
);

const times: readonly GoodChange[] = [
  good('a second before the end of the tolerance', ({ agent, payload }) =>
    set(payload, 'exp', nowSeconds - agent.toleranceSeconds + 1),
  ),
  good('a millisecond before it', (draft) => {
    set(draft.payload, 'exp', nowSeconds - draft.agent.toleranceSeconds + 1);
    draft.atMs += 999;
  }),
  good('half a second before it', ({ agent, payload }) =>
    set(payload, 'exp', nowSeconds - agent.toleranceSeconds + 0.5),
  ),
  good('nbf at the edge of the tolerance', ({ agent, payload }) =>
    set(payload, 'nbf', nowSeconds + agent.toleranceSeconds),
  ),
  good('iat at the edge of the tolerance', ({ agent, payload }) =>
    set(payload, 'iat', nowSeconds + agent.toleranceSeconds),
  ),
  good('nbf at the beginning of numbers', ({ payload }) => setRaw(payload, 'nbf', '-1.7e308')),
  good('exp as another spelling of a number', ({ payload }) => setRaw(payload, 'exp', '18000006e2')),
  good('neither iat nor nbf', ({ payload }) => {
    remove(payload, 'iat');
    remove(payload, 'nbf');
  }),
  good(
    'a lifetime of exactly the cap',
    (draft) => {
      set(draft.payload, 'iat', nowSeconds);
      set(draft.payload, 'exp', nowSeconds + capOf(draft));
    },
    capped,
  ),
  good(
    'a lifetime of exactly the cap, by a clock ahead',
    (draft) => {
      const iat = nowSeconds + draft.agent.toleranceSeconds;
      set(draft.payload, 'iat', iat);
      set(draft.payload, 'exp', iat + capOf(draft));
    },
    capped,
  ),
  good(
    'a lifetime of exactly the cap, at its last second',
    (draft) => {
      const exp = nowSeconds - draft.agent.toleranceSeconds + 1;
      set(draft.payload, 'iat', exp - capOf(draft));
      set(draft.payload, 'exp', exp);
    },
    capped,
  ),
  good(
    'exactly the cap and the tolerance from now, without iat',
    (draft) => {
      remove(draft.payload, 'iat');
      set(draft.payload, 'exp', nowSeconds + draft.agent.toleranceSeconds + capOf(draft));
    },
    capped,
  ),
  ...['exp in milliseconds', 'exp at the end of numbers'].map((name, at) =>
    good(name, ({ payload }) => set(payload, 'exp', at === 0 ? (nowSeconds + 600) * 1_000 : 1.7e308), [agents.endless]),
  ),
  good('no exp where none is required', ({ payload }) => remove(payload, 'exp'), [agents.endless]),
];

const subjects = [
  '"1"',
  '"0"',
  '" "',
  `"${'x'.repeat(255)}"`,
  `"${'💬'.repeat(255)}"`,
  '"__proto__"',
  '"ada@shop.test"',
  '"\\u0041"',
  '"null"',
].concat(['"a\\nb"', '"\\ud83d\\udcac"', `"${'\\u0041'.repeat(255)}"`, '"user-1\' OR 1=1"', '"\\u202euser"']);
const addresses = [
  'a@b.io',
  'ADA@Widgets.IO',
  "o'hara@widgets.io",
  'a+b@widgets.io',
  'a@xn--bcher-kva.de',
  `${'a'.repeat(64)}@widgets.io`,
]
  .concat([
    'ada@test.io',
    'ada@mytest',
    'ada@example.de',
    'ada@localhost.io',
    'ada@notexample.com',
    'ada@internal.io',
    'ada@w.4u',
  ])
  .filter((address) => address !== 'ada@mytest');

const claims: readonly GoodChange[] = [
  ...subjects.map((json) => good(`sub ${json.slice(0, 30)}`, ({ payload }) => setRaw(payload, 'sub', json), bySub)),
  ...addresses.map((email) =>
    good(`email ${email.slice(0, 40)}`, ({ payload }) => set(payload, 'email', email), byMail),
  ),
  good('no e-mail where sub is asked for', ({ payload }) => remove(payload, 'email'), bySub),
  good('a number as e-mail where sub is asked for', ({ payload }) => set(payload, 'email', 42), bySub),
  good('a reserved e-mail where sub is asked for', ({ payload }) => set(payload, 'email', 'ada@shop.test'), bySub),
  good('a number as sub where the e-mail is asked for', ({ payload }) => set(payload, 'sub', 42), byMail),
  ...['shop', 'help', ['other', 'shop'], ['help', 'shop']].map((aud) =>
    good(`aud ${JSON.stringify(aud)}`, ({ payload }) => set(payload, 'aud', aud), withParties),
  ),
  ...['host', 'https://host.example'].map((iss) =>
    good(`iss ${iss}`, ({ payload }) => set(payload, 'iss', iss), withParties),
  ),
  ...[null, 1, {}, [], ['x', 1], ''].map((value) =>
    good(
      `aud and iss ${JSON.stringify(value)} where none is asked for`,
      ({ payload }) => {
        set(payload, 'aud', value);
        set(payload, 'iss', value);
      },
      withoutParties,
    ),
  ),
  ...[
    '{}',
    '{"":""}',
    `{"plan":"${'x'.repeat(500)}"}`,
    `{"plan":"${'💬'.repeat(500)}"}`,
    '{"__proto__":"x"}',
    '{"a":"1","b":"2"}',
  ].map((json) => good(`custom ${json.slice(0, 30)}`, ({ payload }) => setRaw(payload, 'custom', json))),
  ...['""', '7', 'null', '["id"]', `"${'x'.repeat(500)}"`].map((json) =>
    good(`jti ${json.slice(0, 30)}`, ({ payload }) => setRaw(payload, 'jti', json)),
  ),
  good('names that differ in case alone', ({ payload }) => {
    for (const name of ['Sub', 'SUB', 'EXP', 'Email', 'Custom']) set(payload, name, 42);
  }),
  good('the same name in several objects', ({ payload }) => set(payload, 'x', [{ sub: 1 }, { sub: 2, y: { sub: 3 } }])),
  good('a member __proto__', ({ payload }) => setRaw(payload, '__proto__', '{"sub":"admin","exp":1}')),
  good('31 levels below the payload', ({ payload }) => setRaw(payload, 'deep', `${'['.repeat(31)}${']'.repeat(31)}`)),
];

const headers: readonly GoodChange[] = [
  good('the kid of its key', ({ header, key }) => set(header, 'kid', key?.id)),
  good('no kid', ({ header }) => remove(header, 'kid')),
  good('no typ', ({ header }) => remove(header, 'typ')),
  ...['"jwt"', '"application/jwt"', 'null', '42', '"none"', '["chat-action+jwt"]', '"chat-action"'].map((json) =>
    good(`typ ${json}`, ({ header }) => setRaw(header, 'typ', json)),
  ),
  ...['jku', 'x5u'].map((name) =>
    good(`${name}, which nobody follows`, ({ header }) => set(header, name, 'http://127.0.0.1:1/')),
  ),
  good('jwk and x5c, which nobody reads', ({ header }) => {
    set(header, 'jwk', { kty: 'oct', k: 'AAAA' });
    set(header, 'x5c', ['x']);
  }),
  good('white space in both texts', (draft) => {
    draft.headerJson = (json) => ` ${json.replaceAll(':', ' :\n')}\t`;
    draft.payloadJson = (json) => `\r\n${json} `;
  }),
  good('31 levels below the header', ({ header }) => setRaw(header, 'deep', `${'['.repeat(31)}${']'.repeat(31)}`)),
];

export const goodChanges: readonly GoodChange[] = [
  good('as it is', () => undefined),
  ...sizes,
  ...times,
  ...claims,
  ...headers,
];
