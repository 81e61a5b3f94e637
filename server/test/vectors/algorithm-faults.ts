import { agents, hmac, hmacAgents, keyedAgents, pemOf, publicAgents, type VectorAgent } from './agents.ts';
import { encode, remove, set, setRaw, type Draft, type Fault, type Part } from './draft.ts';

export const keyFaults: readonly Fault[] = [
  {
    name: 'an agent without a key',
    stage: 'keys',
    reason: 'not_configured',
    touches: [],
    agents: [agents.unkeyed],
    times: 60,
    apply: () => undefined,
  },
];

function algorithm(
  name: string,
  apply: Fault['apply'],
  at: readonly VectorAgent[] = hmacAgents,
  touches: readonly Part[] = ['alg', 'header', 'signature'],
): Fault {
  return { name, stage: 'algorithm', reason: 'unsupported_algorithm', touches, agents: at, times: 3, apply };
}

const onlyOne = [...hmacAgents, ...publicAgents];
const nones = Array.from({ length: 16 }, (_, at) =>
  Array.from('none', (letter, index) => ((at >> index) & 1 ? letter.toUpperCase() : letter)).join(''),
);
const otherNames = ['HS1', 'HS224', 'HS384', 'HS512', 'RS1', 'RS384', 'RS512', 'PS384', 'PS512', 'ES384', 'ES512']
  .concat(['ES256K', 'Ed25519', 'Ed448', 'dir', 'A128KW', 'RSA-OAEP', 'ECDH-ES', 'HMAC', 'SHA256', 'HS-256', 'HS_256'])
  .concat(['hs256', 'Hs256', 'hS256', 'HS256 ', ' HS256', 'HS256\t', 'HS256\0', 'HS256,none', 'HS256;', '\u200bHS256'])
  .concat([
    'ＨＳ２５６',
    'HS２56',
    'none ',
    ' none',
    'none\0',
    'nonе',
    'nоne',
    'no ne',
    '',
    '*',
    'null',
    '__proto__',
    'constructor',
  ])
  .concat([
    'toString',
    "HS256' OR '1'='1",
    '../HS256',
    'http://www.w3.org/2001/04/xmldsig-more#hmac-sha256',
    'rs256',
    'es256',
  ]);
const otherKinds = [
  'null',
  'true',
  'false',
  '0',
  '256',
  '1e400',
  '[]',
  '["HS256"]',
  '["none","HS256"]',
  '{}',
  '{"alg":"HS256"}',
];
const crits = [
  '[]',
  '["exp"]',
  '["b64"]',
  '["alg"]',
  '["kid","exp"]',
  '"exp"',
  'null',
  'true',
  'false',
  '0',
  '{}',
  '[null]',
];

/** Spellings of a public key's bytes that an HMAC might be made with. */
function publicBytes(draft: Draft): readonly (string | Uint8Array)[] {
  const key = draft.agent.keys.find(({ publicKey }) => publicKey !== undefined)?.publicKey;
  if (key === undefined) throw new Error('This agent has no public key.');
  const pem = pemOf(key);
  const der = key.export({ type: 'spki', format: 'der' });
  const body = pem.split('\n').slice(1, -2);
  return [
    pem,
    pem.trim(),
    pem.replaceAll('\n', '\r\n'),
    body.join('\n'),
    body.join(''),
    der,
    der.toString('hex'),
    encode(der),
  ].concat(
    JSON.stringify(key.export({ format: 'jwk' })),
    pem.replaceAll('\n', '\\n'),
    pem.replace('PUBLIC', 'RSA PUBLIC'),
  );
}

export const confusions = Array.from({ length: 11 }, (_, at) => at);

export function confuse(at: number): Fault['apply'] {
  return (draft) => {
    set(draft.header, 'alg', 'HS256');
    remove(draft.header, 'kid');
    draft.sign = hmac(publicBytes(draft)[at] ?? '');
  };
}

export const algorithmFaults: readonly Fault[] = [
  ...nones.flatMap((alg) => [
    algorithm(
      `${alg} and no signature`,
      (draft) => {
        set(draft.header, 'alg', alg);
        draft.sign = () => new Uint8Array();
      },
      onlyOne,
      ['alg', 'header', 'signature', 'text'],
    ),
    algorithm(`${alg} and a good signature`, (draft) => set(draft.header, 'alg', alg), onlyOne),
  ]),
  ...otherNames.map((alg) =>
    algorithm(`alg ${JSON.stringify(alg)}`, (draft) => set(draft.header, 'alg', alg), hmacAgents),
  ),
  ...['RS256', 'PS256', 'ES256', 'EdDSA'].map((alg) =>
    algorithm(`alg ${alg} at an agent of shared keys`, (draft) => set(draft.header, 'alg', alg)),
  ),
  ...otherKinds.map((json) => algorithm(`alg as ${json}`, (draft) => setRaw(draft.header, 'alg', json), onlyOne)),
  algorithm('no alg', (draft) => remove(draft.header, 'alg'), onlyOne),
  ...['Alg', 'ALG', 'alg ', ' alg', 'аlg', 'algorithm', 'enc'].map((name) =>
    algorithm(
      `${name} instead of alg`,
      (draft) => {
        remove(draft.header, 'alg');
        set(draft.header, name, draft.key?.algorithm ?? 'HS256');
      },
      onlyOne,
    ),
  ),
  algorithm(
    'an alg inside __proto__',
    (draft) => {
      remove(draft.header, 'alg');
      setRaw(draft.header, '__proto__', '{"alg":"HS256"}');
    },
    onlyOne,
  ),
  algorithm(
    'header and payload in each other’s place',
    (draft) => {
      draft.edits.push((token) => token.replace(/^([^.]*)\.([^.]*)/, '$2.$1'));
    },
    onlyOne,
    ['alg', 'header', 'payload', 'signature', 'text', 'kid'],
  ),
  ...(['sha384', 'sha512'] as const).map((hash) =>
    algorithm(`HMAC with ${hash} and its proper name`, (draft) => {
      set(draft.header, 'alg', hash === 'sha384' ? 'HS384' : 'HS512');
      draft.sign = hmac(draft.key?.secret ?? '', hash);
    }),
  ),
  ...crits.map((json) =>
    algorithm(`crit as ${json}`, (draft) => setRaw(draft.header, 'crit', json), keyedAgents, ['header']),
  ),
  ...['true', 'false', 'null', '"x"'].map((json) =>
    algorithm(`b64 as ${json}`, (draft) => setRaw(draft.header, 'b64', json), keyedAgents, ['header']),
  ),
  ...confusions.map((at) => algorithm(`HS256 with a public key’s bytes, ${at + 1}`, confuse(at), publicAgents)),
  algorithm(
    'HS256 with the shop’s secret at an agent of public keys',
    (draft) => {
      set(draft.header, 'alg', 'HS256');
      draft.sign = agents.shop.keys[0]?.sign ?? draft.sign;
    },
    publicAgents,
  ),
  ...(['RS256', 'PS256', 'ES256', 'EdDSA', 'ES384', 'RS512', 'Ed25519', 'HS512'] as const).flatMap((alg) =>
    algorithm(
      `alg ${alg} at an agent of other public keys`,
      (draft) => set(draft.header, 'alg', alg),
      publicAgents.filter(({ keys }) => keys[0]?.algorithm !== alg),
    ),
  ),
];
