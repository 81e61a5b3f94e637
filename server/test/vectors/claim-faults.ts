import { keyedAgents } from './agents.ts';
import { fault, remove, set, setRaw, type Fault, type Stage } from './draft.ts';

const strict = keyedAgents.filter(({ audience }) => audience !== null);
const wrongNames = [
  '"other"',
  '""',
  '"shop "',
  '" shop"',
  '"Shop"',
  '"shop2"',
  '"sho"',
  '"shop,help"',
  '"shop help"',
  '"s\\u006fp"',
  '"shop\\u0000"',
]
  .concat([
    '"host/"',
    '"HOST"',
    '"https://host.example/"',
    '"http://host.example"',
    '"https://host.example.evil.io"',
    '"*"',
    '"ѕhop"',
  ])
  .concat([
    'null',
    '0',
    '1',
    'true',
    'false',
    '{}',
    '[]',
    '[["shop"]]',
    '["other"]',
    '[null]',
    '{"0":"shop"}',
    '[["host"]]',
  ]);
const audience = fault({ stage: 'audience', reason: 'wrong_audience' }, ['aud'], strict);
const issuer = fault({ stage: 'issuer', reason: 'wrong_issuer' }, ['iss'], strict);
const partyFaults: readonly Fault[] = [
  ...wrongNames
    .concat('["shop",1]', '["shop",null]', '["shop",["help"]]', '"host"')
    .map((json) => audience(`aud as ${json}`, (draft) => setRaw(draft.payload, 'aud', json))),
  audience('no aud', (draft) => remove(draft.payload, 'aud')),
  ...wrongNames
    .concat('["host"]', '["https://host.example"]', '"shop"')
    .map((json) => issuer(`iss as ${json}`, (draft) => setRaw(draft.payload, 'iss', json))),
  issuer('no iss', (draft) => remove(draft.payload, 'iss')),
];

const bySub = keyedAgents.filter(({ identityClaim }) => identityClaim === 'sub');
const byMail = keyedAgents.filter(({ identityClaim }) => identityClaim === 'email');
const noSubjects = [
  '0',
  '1',
  '42',
  '-1',
  '1e3',
  'true',
  'false',
  'null',
  '[]',
  '["user-1"]',
  '{}',
  '{"id":"user-1"}',
  '""',
]
  .concat([
    '"\\u0000"',
    '"user-1\\u0000"',
    '"\\u0000user-1"',
    '"us\\u0000er"',
    '"\\ud800"',
    '"a\\udfff"',
    '"\\udc00\\ud800"',
    '"a\\ud83d"',
  ])
  .concat([256, 257, 300, 1_000, 4_000].map((length) => `"${'x'.repeat(length)}"`))
  .concat([
    `"${'💬'.repeat(256)}"`,
    `"${'é'.repeat(256)}"`,
    `"${'\\u0041'.repeat(256)}"`,
    `"${'e\\u0301'.repeat(128)}"`,
  ]);
const noAddresses = noSubjects.concat(
  [
    'ada',
    '@widgets.io',
    'ada@',
    'ada@widgets',
    'ada@@widgets.io',
    'ada@widgets.io@widgets.io',
    'ada @widgets.io',
    ' ada@widgets.io',
  ]
    .concat([
      'ada@widgets.io ',
      'ada@widgets.io\n',
      'ada@widgets.io.',
      '.ada@widgets.io',
      'ada.@widgets.io',
      'a..da@widgets.io',
    ])
    .concat([
      '"ada"@widgets.io',
      'ada@-widgets.io',
      'ada@widgets-.io',
      'ada@[127.0.0.1]',
      'ada@127.0.0.1',
      'ada@1.2',
      'Ada <ada@widgets.io>',
    ])
    .concat([
      'mi\u212Ae@widgets.io',
      'ada@ｗidgets.io',
      'ada@widgets。io',
      'adä@widgets.io',
      'ada@wïdgets.io',
      'ada@widgets..io',
      'ada@.widgets.io',
    ])
    .concat([
      'mailto:ada@widgets.io',
      'ada@widgets.io,eve@widgets.io',
      'ada(x)@widgets.io',
      'ada@wid_gets.io',
      `${'a'.repeat(65)}@widgets.io`,
    ])
    .concat([
      'ada@widgets.io\r\nbcc: x',
      `ada@${'a'.repeat(64)}.io`,
      `a@${'b.'.repeat(126)}io`,
      'ada@localhost.',
      'ada@shop.test.',
    ])
    .map((text) => JSON.stringify(text)),
);
const reserved = [
  'test',
  'example',
  'invalid',
  'localhost',
  'example.com',
  'example.net',
  'example.org',
  'local',
  'internal',
  'alt',
]
  .concat(['home.arpa', 'onion', 'arpa', 'intranet', 'private', 'corp', 'home', 'lan'])
  .flatMap((domain) => [`ada@shop.${domain}`, `Ada@SHOP.${domain.toUpperCase()}`, `a.d-a+x@a.b.c.${domain}`]);

const invalidSub: Stage = { stage: 'subject', reason: 'invalid_sub' };
const noSubject: Stage = { stage: 'subject', reason: 'missing_claim' };
const subjectFaults: readonly Fault[] = [
  ...noSubjects.map((json) =>
    fault(
      invalidSub,
      ['subject'],
      bySub,
    )(`sub as ${json.slice(0, 30)} (${json.length})`, (draft) => setRaw(draft.payload, 'sub', json)),
  ),
  ...noAddresses.map((json) =>
    fault(
      invalidSub,
      ['subject'],
      byMail,
      2,
    )(`email as ${json.slice(0, 40)} (${json.length})`, (draft) => setRaw(draft.payload, 'email', json)),
  ),
  ...(
    [
      ['sub', bySub],
      ['email', byMail],
    ] as const
  ).flatMap(([name, on]) => [
    fault(noSubject, ['subject'], on, 12)(`no ${name}`, (draft) => remove(draft.payload, name)),
    ...[
      name.toUpperCase(),
      `${name} `,
      `${name[0]?.toUpperCase()}${name.slice(1)}`,
      'user_id',
      'id',
      'userId',
      'subject',
      'e-mail',
    ].map((other) =>
      fault(
        noSubject,
        ['subject'],
        on,
      )(`${other} instead of ${name}`, (draft) => {
        remove(draft.payload, name);
        set(draft.payload, other, 'ada@widgets.io');
      }),
    ),
    fault(
      noSubject,
      ['subject'],
      on,
    )(`${name} inside __proto__`, (draft) => {
      remove(draft.payload, name);
      setRaw(draft.payload, '__proto__', `{"${name}":"ada@widgets.io"}`);
    }),
    fault(
      noSubject,
      ['subject'],
      on,
    )(`${name} in the header alone`, (draft) => {
      remove(draft.payload, name);
      set(draft.header, name, 'ada@widgets.io');
    }),
  ]),
  ...reserved.map((address) =>
    fault(
      { stage: 'subject', reason: 'reserved_domain' },
      ['subject'],
      byMail,
    )(`the reserved address ${address}`, (draft) => set(draft.payload, 'email', address)),
  ),
  ...['ada@test', 'ada@localhost', 'ada@example.com', 'ada@example.org', 'ada@internal'].map((address) =>
    fault(
      { stage: 'subject', reason: 'reserved_domain' },
      ['subject'],
      byMail,
    )(`the reserved address ${address}`, (draft) => set(draft.payload, 'email', address)),
  ),
];

const values = ['null', 'true', 'false', '0', '42', '1e400', '[]', '["a"]', '{}', '{"b":"c"}'];
const long = [501, 502, 1_000, 4_000]
  .map((length) => `"${'x'.repeat(length)}"`)
  .concat(`"${'💬'.repeat(501)}"`, `"${'\\u0041'.repeat(501)}"`);
const customFaults: readonly Fault[] = [
  'null',
  'true',
  'false',
  '0',
  '1',
  '""',
  '"pro"',
  '[]',
  '["pro"]',
  '[{"plan":"pro"}]',
]
  .concat(values.map((value) => `{"plan":${value}}`))
  .concat(values.map((value) => `{"plan":"pro","note":"","seats":${value}}`))
  .concat(values.slice(0, 5).map((value) => `{"__proto__":${value}}`))
  .concat(long.flatMap((value) => [`{"plan":${value}}`, `{"a":"","plan":${value},"b":"x"}`]))
  .map((json) =>
    fault(
      { stage: 'custom', reason: 'claim_too_large' },
      ['custom'],
      keyedAgents,
    )(`custom as ${json.slice(0, 40)} (${json.length})`, (draft) => setRaw(draft.payload, 'custom', json)),
  );

const revoked: Stage = { stage: 'revocation', reason: 'revoked' };
const jtis = [
  'plain',
  'x'.repeat(128),
  'x'.repeat(129),
  'ü',
  'a b',
  "'; drop table revocations; --",
  '\0',
  '💬',
  '__proto__',
];
const revocationFaults: readonly Fault[] = [
  fault(
    revoked,
    ['jti'],
    keyedAgents,
    60,
  )('the token itself is logged out, by what is signed', (draft) => {
    remove(draft.payload, 'jti');
    draft.revokes = 'itself';
  }),
  fault(
    revoked,
    ['jti'],
    keyedAgents,
    30,
  )('the token itself is logged out, by its jti', (draft, random) => {
    set(draft.payload, 'jti', `own-${random.word(12)}`);
    draft.revokes = 'itself';
  }),
  ...['""', '7', 'null', '["id"]'].map((json) =>
    fault(
      revoked,
      ['jti'],
      keyedAgents,
      4,
    )(`the token itself is logged out, with ${json} as jti`, (draft) => {
      setRaw(draft.payload, 'jti', json);
      draft.revokes = 'itself';
    }),
  ),
  ...jtis.map((jti) =>
    fault(
      revoked,
      ['jti'],
      keyedAgents,
      8,
    )(`another token with the jti ${JSON.stringify(jti).slice(0, 30)} is logged out`, (draft, random) => {
      set(draft.payload, 'jti', `${random.word(8)}${jti}`);
      draft.revokes = 'jti';
    }),
  ),
];

export const claimFaults: readonly Fault[] = [...partyFaults, ...subjectFaults, ...customFaults, ...revocationFaults];
