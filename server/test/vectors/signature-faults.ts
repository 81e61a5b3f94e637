import { createHash } from 'node:crypto';
import {
  agents,
  hmac,
  hmacAgents,
  keyedAgents,
  publicAgents,
  retiredSecret,
  signerOf,
  stranger,
  type PublicAlgorithm,
  type VectorAgent,
} from './agents.ts';
import { confuse, confusions } from './algorithm-faults.ts';
import { editPart, encode, remove, set, setRaw, type Fault, type Part } from './draft.ts';
import { otherSchemes } from './other-schemes.ts';

function signature(
  name: string,
  apply: Fault['apply'],
  at: readonly VectorAgent[] = keyedAgents,
  touches: readonly Part[] = ['signature', 'kid', 'header', 'text'],
): Fault {
  return { name, stage: 'signature', reason: 'invalid_signature', touches, agents: at, times: 4, apply };
}

/** What becomes of a secret on its way into somebody's code. */
const misspelt: readonly [string, (secret: string) => string | Uint8Array][] = [
  ['hex-decoded', (secret) => Buffer.from(secret, 'hex')],
  ['base64-decoded', (secret) => Buffer.from(secret, 'base64')],
  ['base64-encoded', (secret) => Buffer.from(secret).toString('base64')],
  ['in capitals', (secret) => secret.toUpperCase()],
  ['with a line break', (secret) => `${secret}\n`],
  ['with a carriage return', (secret) => `${secret}\r\n`],
  ['with a space before', (secret) => ` ${secret}`],
  ['with NUL at the end', (secret) => `${secret}\0`],
  ['in quotes', (secret) => `"${secret}"`],
  ['without its first character', (secret) => secret.slice(1)],
  ['without its last character', (secret) => secret.slice(0, -1)],
  ['cut to 32 bytes', (secret) => secret.slice(0, 32)],
  ['twice', (secret) => secret + secret],
  ['reversed', (secret) => [...secret].toReversed().join('')],
  ['hashed', (secret) => createHash('sha256').update(secret).digest()],
  ['hashed, in hex', (secret) => createHash('sha256').update(secret).digest('hex')],
  ['in UTF-16', (secret) => Buffer.from(secret, 'utf16le')],
  ['with a byte order mark', (secret) => `\ufeff${secret}`],
];

const publicSecrets = [
  '',
  '\0',
  'secret',
  'your-256-bit-secret',
  'undefined',
  'null',
  '[object Object]',
  'k1',
  'HS256',
  'shop',
];
const kids = [
  '',
  ' ',
  'k',
  'k1 ',
  ' k1',
  'k1\0',
  'k11',
  'k_1',
  'ｋ1',
  'k1\u200b',
  'key',
  '0',
  '*',
  '%',
  '_',
  '?',
  'k1,k2',
]
  .concat([
    '../../../../dev/null',
    '/dev/null',
    'file:///dev/null',
    '/proc/sys/kernel/randomize_va_space',
    'C:\\k1',
    './k1',
  ])
  .concat([
    "k1' OR '1'='1",
    "x' UNION SELECT 'aaa",
    'k1";--',
    '$(id)',
    '`id`',
    '${k1}',
    '|id',
    'https://evil.example/k',
  ])
  .concat([
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'length',
    'environment',
    'undefined',
    'null',
    'x'.repeat(2_000),
  ]);
const kidKinds = [
  'null',
  'true',
  '0',
  '1',
  '[]',
  '["k1"]',
  '["k1","k2"]',
  '{}',
  '{"k1":1}',
  '{"toString":"k1"}',
  '1e400',
];

const headerKeys: readonly [string, () => unknown][] = [
  ['jwk', () => ({ kty: 'oct', k: encode(stranger.secret) })],
  ['jku', () => 'https://evil.example/keys.json'],
  ['x5u', () => 'https://evil.example/certificate.pem'],
  ['x5c', () => ['MIIB']],
  ['x5t', () => encode('x'.repeat(20))],
  ['x5t#S256', () => encode('x'.repeat(32))],
  ['k', () => encode(stranger.secret)],
  ['keys', () => [{ kty: 'oct', k: encode(stranger.secret) }]],
];

const otherBytes: readonly [string, (signature: Buffer) => Uint8Array][] = [
  ['zeros', (bytes) => new Uint8Array(bytes.length)],
  ['ones', (bytes) => new Uint8Array(bytes.length).fill(255)],
  ['one byte less', (bytes) => bytes.subarray(0, -1)],
  ['one byte less at the front', (bytes) => bytes.subarray(1)],
  ['one byte', (bytes) => bytes.subarray(0, 1)],
  ['half', (bytes) => bytes.subarray(0, bytes.length / 2)],
  ['one byte more', (bytes) => Buffer.concat([bytes, Buffer.from([0])])],
  ['one byte more at the front', (bytes) => Buffer.concat([Buffer.from([0]), bytes])],
  ['twice', (bytes) => Buffer.concat([bytes, bytes])],
  ['reversed', (bytes) => Buffer.from(bytes).reverse()],
  ['in hex', (bytes) => Buffer.from(bytes.toString('hex'))],
  ['in base64', (bytes) => Buffer.from(bytes.toString('base64'))],
];

/** At agents of both kinds a token of one kind's key is tried against no key of the other kind. */
const publicAt = (alg: PublicAlgorithm) =>
  keyedAgents.filter(({ keys }) => keys.length === 1 && keys[0]?.algorithm === alg);

export const signatureFaults: readonly Fault[] = [
  ...misspelt.map(([name, spell]) =>
    signature(`a secret ${name}`, (draft) => (draft.sign = hmac(spell(draft.key?.secret ?? ''))), hmacAgents),
  ),
  ...publicSecrets.map((secret) =>
    signature(`the secret ${JSON.stringify(secret)}`, (draft) => (draft.sign = hmac(secret)), hmacAgents),
  ),
  ...hmacAgents.flatMap((from) =>
    signature(
      `the secret of agent ${from.id}`,
      (draft) => (draft.sign = from.keys.at(-1)?.sign ?? draft.sign),
      hmacAgents.filter(({ keys }) => keys.every(({ secret }) => secret !== from.keys.at(-1)?.secret)),
    ),
  ),
  ...Array.from({ length: 4 }, (_, at) =>
    signature(
      `a retired key, ${at + 1}`,
      (draft) => {
        if (at % 2 === 0) remove(draft.header, 'kid');
        else set(draft.header, 'kid', 'k-retired');
        draft.sign = hmac(retiredSecret);
      },
      [agents.stored],
    ),
  ),
  ...Array.from({ length: 24 }, (_, at) =>
    signature(`a bit of the signature changed, ${at + 1}`, (draft, random) => {
      draft.edits.push(
        editPart(2, (part) => {
          const bytes = Buffer.from(part, 'base64url');
          const place = random.between(0, bytes.length - 1);
          bytes[place] = (bytes[place] ?? 0) ^ (1 << random.between(0, 7));
          return encode(bytes);
        }),
      );
    }),
  ),
  ...otherBytes.map(([name, change]) =>
    signature(`signature: ${name}`, (draft) =>
      draft.edits.push(editPart(2, (part) => encode(change(Buffer.from(part, 'base64url'))))),
    ),
  ),
  ...(['sub', 'email', 'role', 'exp', 'plan'] as const).map((name) =>
    signature(
      `${name} changed after signing`,
      (draft) =>
        draft.edits.push(
          editPart(1, (part) => {
            const claims = JSON.parse(Buffer.from(part, 'base64url').toString()) as object;
            return encode(JSON.stringify({ ...claims, [name]: name === 'exp' ? 1_800_003_001 : 'admin@widgets.io' }));
          }),
        ),
      keyedAgents,
      ['signature', 'payload', 'text', 'header', 'exp', 'nbf', 'iat', 'aud', 'iss', 'subject', 'custom', 'jti'],
    ),
  ),
  signature(
    'white space put into the payload after signing',
    (draft) => {
      draft.edits.push(editPart(1, (part) => encode(`${Buffer.from(part, 'base64url').toString()} `)));
    },
    keyedAgents,
    ['signature', 'payload', 'text'],
  ),
  signature(
    'typ changed after signing',
    (draft) => {
      draft.edits.push(
        editPart(0, (part) => {
          const header = JSON.parse(Buffer.from(part, 'base64url').toString()) as object;
          return encode(JSON.stringify({ ...header, typ: 'changed' }));
        }),
      );
    },
    keyedAgents,
    ['signature', 'header', 'text', 'alg', 'kid'],
  ),
  signature('the signature of another token', (draft) => {
    const { sign: signed } = draft;
    draft.sign = (input) => signed(`${String(input)}x`);
  }),
  signature('the payload alone is signed', (draft) => {
    const { sign: signed } = draft;
    draft.sign = (input) => signed(String(input).split('.')[1] ?? '');
  }),
  signature('the decoded texts are signed', (draft) => {
    const { sign: signed } = draft;
    draft.sign = (input) =>
      signed(
        String(input)
          .split('.')
          .map((part) => Buffer.from(part, 'base64url').toString())
          .join('.'),
      );
  }),
  signature(
    'a hash without a key',
    (draft) => (draft.sign = (input) => createHash('sha256').update(input).digest()),
    hmacAgents,
  ),
  ...(['sha384', 'sha512'] as const).flatMap((hash) => [
    signature(
      `${hash} under the name HS256`,
      (draft) => (draft.sign = hmac(draft.key?.secret ?? '', hash)),
      hmacAgents,
    ),
    signature(
      `${hash} cut to 32 bytes`,
      (draft) => {
        const longer = hmac(draft.key?.secret ?? '', hash);
        draft.sign = (input) => longer(input).subarray(0, 32);
      },
      hmacAgents,
    ),
  ]),
  ...kids.map((kid) =>
    signature(`kid ${JSON.stringify(kid.slice(0, 40))}`, (draft) => set(draft.header, 'kid', kid), keyedAgents, [
      'kid',
      'header',
    ]),
  ),
  ...kidKinds.map((json) =>
    signature(`kid as ${json}`, (draft) => setRaw(draft.header, 'kid', json), keyedAgents, ['kid', 'header']),
  ),
  signature(
    'a kid that names another active key',
    (draft) => {
      const other = draft.agent.keys.find((key) => key !== draft.key);
      set(draft.header, 'kid', other?.id);
    },
    [agents.ring, agents.mixed, agents.hostMixed],
    ['kid', 'header'],
  ),
  ...headerKeys.map(([name, value]) =>
    signature(
      `a key of one’s own in ${name}`,
      (draft) => {
        set(draft.header, name, value());
        draft.sign = hmac(stranger.secret);
      },
      hmacAgents,
    ),
  ),
  ...(['RS256', 'ES256', 'EdDSA'] as const).flatMap((alg) => [
    signature(`another ${alg} key`, (draft) => (draft.sign = signerOf(alg, stranger[alg])), publicAt(alg)),
    signature(
      `another ${alg} key, in jwk`,
      (draft) => {
        set(draft.header, 'jwk', { ...stranger[alg].export({ format: 'jwk' }), d: undefined });
        draft.sign = signerOf(alg, stranger[alg]);
      },
      publicAt(alg),
    ),
  ]),
  signature('another PS256 key', (draft) => (draft.sign = signerOf('PS256', stranger.RS256)), publicAt('PS256')),
  ...confusions.map((at) =>
    signature(
      `HS256 with a public key’s bytes beside a shared key, ${at + 1}`,
      confuse(at),
      [agents.mixed, agents.hostMixed],
      ['alg', 'kid', 'header', 'signature'],
    ),
  ),
  ...publicAgents.flatMap(
    (agent) =>
      otherSchemes[agent.keys[0]?.algorithm ?? '']?.map(([name, scheme]) =>
        signature(`${name} under the name of ${agent.keys[0]?.algorithm}`, (draft) => (draft.sign = scheme(draft)), [
          agent,
        ]),
      ) ?? [],
  ),
].map((fault) => (fault.name.startsWith('a bit') ? { ...fault, times: 2 } : fault));
