import { deflateRawSync } from 'node:zlib';
import { allAgents } from './agents.ts';
import { editPart, encode, has, set, setRaw, valueOf, type Draft, type Fault, type Part } from './draft.ts';
import type { Random } from './random.ts';

const maxBytes = 8_192;
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

function size(name: string, apply: Fault['apply'], touches: readonly Part[] = ['text', 'header', 'payload']): Fault {
  return { name, stage: 'size', reason: 'too_large', touches, agents: allAgents, times: 2, apply };
}

/** Fills a draft until its token has exactly so many bytes. */
export function fillTo(draft: Draft, bytes: number): void {
  const signature = encode(draft.sign('x')).length;
  const lengthOf = (part: 'header' | 'payload', json: (json: string) => string | Uint8Array) =>
    encode(json(`{${draft[part].map((member) => member.join(':')).join(',')}}`)).length;
  set(draft.payload, 'fill', '');
  for (const spaces of [0, 1, 2]) {
    const head = lengthOf('header', (json) => json + ' '.repeat(spaces));
    const bare = `{${draft.payload.map((member) => member.join(':')).join(',')}}`;
    const room = bytes - head - signature - 2;
    const missing = Math.floor((room * 3) / 4) - Buffer.byteLength(bare);
    if (room % 4 === 1 || missing < 0) continue;
    draft.headerJson = (json) => json + ' '.repeat(spaces);
    set(draft.payload, 'fill', 'x'.repeat(missing));
    return;
  }
  throw new RangeError(`A token of ${bytes} bytes cannot be made of this.`);
}

export const sizeFaults: readonly Fault[] = [
  ...[1, 2, 3, 4, 5, 6, 7, 8, 100, 8_192, 50_000].map((over) =>
    size(`${over} bytes too many, well signed`, (draft) => fillTo(draft, maxBytes + over)),
  ),
  ...['A', '.', '=', '!', '{', '~', '%'].map((character) =>
    size(`filled up with ${character}`, (draft) => draft.edits.push((token) => token.padEnd(maxBytes + 1, character)), [
      'line breaks',
    ]),
  ),
  size('filled up with é, of which each is two bytes', (draft) => {
    draft.edits.push((token) => token + 'é'.repeat(Math.ceil((maxBytes + 1 - token.length) / 2)));
  }),
  size('a long kid', (draft) => set(draft.header, 'kid', 'k'.repeat(7_000)), ['kid', 'header', 'text']),
  size('a long algorithm', (draft) => set(draft.header, 'alg', 'H'.repeat(7_000)), ['alg', 'header', 'text']),
].map((fault) => ({ ...fault, times: fault.name.startsWith('filled') ? 1 : fault.times }));

function form(
  name: string,
  apply: Fault['apply'],
  touches: readonly Part[] = ['text', 'signature', 'header', 'payload', 'alg'],
  times = 2,
): Fault {
  return { name, stage: 'form', reason: 'malformed', touches, agents: allAgents, times, apply };
}

const parts = ['header', 'payload', 'signature'] as const;
const textOnly: readonly Part[] = ['text'];

/** Ways to take a token apart and put it together wrongly. */
const structures: readonly [string, (token: string, random: Random) => string][] = [
  ['nothing', () => ''],
  ['dots alone', () => '..'],
  ['one dot', () => '.'],
  ['the header alone', (token) => token.split('.').slice(0, 1).join('.')],
  ['no signature part', (token) => token.split('.').slice(0, 2).join('.')],
  ['no header part', (token) => token.split('.').slice(1).join('.')],
  ['a fourth part', (token, random) => `${token}.${random.word(8)}`],
  ['an empty fourth part', (token) => `${token}.`],
  ['a part before it', (token) => `.${token}`],
  ['the five parts of an encrypted token', (token) => token.replace('.', '..').concat('.AAAA')],
  ['two dots after the header', (token) => token.replace('.', '..')],
  ['an empty header', (token) => token.replace(/^[^.]*/, '')],
  ['an empty payload', (token) => token.replace(/\.[^.]*\./, '..')],
  ['an empty signature', (token) => token.replace(/[^.]*$/, '')],
  ['the signature in the place of the header', (token) => token.split('.').toReversed().join('.')],
  ['the signature in the place of the payload', (token) => token.replace(/\.(.*)\.(.*)/, '.$2.$1')],
  ['commas instead of dots', (token) => token.replaceAll('.', ',')],
  ['the token twice', (token) => token + token],
  ['the token twice with a comma', (token) => `${token},${token}`],
  ['the token twice with a space', (token) => `${token} ${token}`],
  ['a second scheme', (token) => `Bearer ${token}`],
  ['quotation marks', (token) => `"${token}"`],
  ['a comma behind', (token) => `${token},`],
  ['parameters behind', (token) => `${token};charset=utf-8`],
  ['percent encoding', (token) => encodeURIComponent(token).replaceAll('.', '%2E')],
  ['the JSON serialisation', (token) => JSON.stringify({ payload: token.split('.')[1] })],
  ['everything encoded once more', (token) => encode(token)],
  ['hexadecimal parts', (token) => token.split('.').map(toHex).join('.')],
  ['base32 capitals', (token) => token.toUpperCase().replaceAll(/[018-]/g, '=')],
  ['the words undefined', () => 'undefined'],
  ['the words null', () => 'null'],
  ['an object’s text', () => '[object Object]'],
  ['a PEM line', () => '-----BEGIN PUBLIC KEY-----'],
  ['a template', () => '{{token}}'],
  ['parent folders', () => '../../etc/passwd'],
];

const toHex = (part: string) => Buffer.from(part, 'base64url').toString('hex');

/** Spellings that some decoders read as the same bytes. */
const spellings: readonly [string, 'header' | 'body', (part: string, random: Random) => string][] = [
  ['padding', 'header', (part) => `${part}=`],
  ['two paddings', 'header', (part) => `${part}==`],
  ['full padding', 'header', (part) => part + '='.repeat(4 - (part.length % 4))],
  ['encoded padding', 'header', (part) => `${part}%3D`],
  ['a space', 'header', (part, random) => insert(part, ' ', random)],
  ['a tab', 'header', (part, random) => insert(part, '\t', random)],
  ['a plus', 'header', (part, random) => replaceOne(part, '+', random)],
  ['a slash', 'header', (part, random) => replaceOne(part, '/', random)],
  ['the plain alphabet', 'header', (part, random) => toPlain(part, random)],
  ['a comma', 'header', (part, random) => insert(part, ',', random)],
  ['a dot', 'header', (part, random) => insert(part, '.', random)],
  ['a tilde', 'header', (part, random) => insert(part, '~', random)],
  ['an asterisk', 'header', (part, random) => insert(part, '*', random)],
  ['a control character', 'header', (part, random) => insert(part, '\u0001', random)],
  ['DEL', 'header', (part, random) => insert(part, '\u007f', random)],
  ['a no-break space', 'header', (part, random) => insert(part, '\u00a0', random)],
  ['a letter with an accent', 'header', (part, random) => replaceOne(part, 'é', random)],
  ['the last of Latin-1', 'header', (part, random) => replaceOne(part, 'ÿ', random)],
  ['a soft hyphen', 'header', (part, random) => insert(part, '\u00ad', random)],
  ['a length that no bytes have', 'header', (part) => part + 'A'.repeat((5 - (part.length % 4)) % 4)],
  ['spare bits', 'header', spareBits],
  ['NUL', 'body', (part, random) => insert(part, '\0', random)],
  ['a full-width letter', 'body', (part, random) => replaceOne(part, 'Ａ', random)],
  ['a Cyrillic letter', 'body', (part, random) => replaceOne(part, 'а', random)],
  ['a space without width', 'body', (part, random) => insert(part, '\u200b', random)],
  ['a byte order mark', 'body', (part, random) => insert(part, '\ufeff', random)],
  ['a lone surrogate', 'body', (part, random) => insert(part, '\ud800', random)],
  ['a letter above the first plane', 'body', (part, random) => insert(part, '𝐀', random)],
  ['a combining accent', 'body', (part, random) => insert(part, '\u0301', random)],
  ['the Kelvin sign', 'body', (part, random) => replaceOne(part, '\u212a', random)],
];

const lineBreaks: readonly [string, string][] = [
  ['a line feed', '\n'],
  ['a carriage return', '\r'],
  ['both', '\r\n'],
  ['a line separator', '\u2028'],
];

function insert(part: string, text: string, random: Random): string {
  const at = random.between(1, part.length - 1);
  return part.slice(0, at) + text + part.slice(at);
}

function replaceOne(part: string, text: string, random: Random): string {
  const at = random.between(1, part.length - 1);
  return part.slice(0, at) + text + part.slice(at + 1);
}

function toPlain(part: string, random: Random): string {
  const plain = part.replaceAll('-', '+').replaceAll('_', '/');
  return plain === part ? replaceOne(part, '+', random) : plain;
}

/** Other last characters that decode to the same bytes; where none are spare a character is added of which all are. */
function spareBits(part: string, random: Random): string {
  const spare = [0, 0, 4, 2][part.length % 4] ?? 0;
  if (spare === 0) return `${part}AB`;
  const last = alphabet.indexOf(part.at(-1) ?? '');
  return part.slice(0, -1) + alphabet[last ^ random.between(1, 2 ** spare - 1)];
}

function spelled(name: string, via: Draft['via'], change: (part: string, random: Random) => string): readonly Fault[] {
  const breaks: readonly Part[] = /line|carriage|both/.test(name) ? ['line breaks'] : [];
  const afterwards = parts.map((part, at) =>
    form(
      `${name} in the ${part}`,
      (draft, random) => {
        if (via === 'body') draft.via = via;
        draft.edits.push(editPart(at as 0 | 1 | 2, (text) => change(text, random)));
      },
      ['text', 'signature', 'alg', 'header', 'payload', ...breaks],
    ),
  );
  const signed = (['header', 'payload'] as const).map((part) =>
    form(
      `${name} in the ${part}, signed as it stands`,
      (draft, random) => {
        if (via === 'body') draft.via = via;
        draft[`${part}Part`] = (text) => change(text, random);
      },
      ['text', part, ...breaks],
    ),
  );
  return [...afterwards, ...signed];
}

const notObjects = ['null', '[]', '["HS256"]', '"HS256"', '1', 'true', ' ', '{', '}', '{}{}', '[{}]', 'NaN'];

/** What JSON parsers of other kinds accept. */
const notJson: readonly [string, (json: string) => string | Uint8Array][] = [
  ['a comma at the end', (json) => json.replace(/\}$/, ',}')],
  ['a comma at the beginning', (json) => json.replace('{', '{,')],
  ['a comment', (json) => json.replace('{', '{/**/')],
  ['a line comment', (json) => `${json}//`],
  ['single quotes', (json) => json.replaceAll('"', "'")],
  ['a name without quotes', (json) => json.replace('{', '{a:1,')],
  ['a number as name', (json) => json.replace('{', '{1:1,')],
  ['NaN', (json) => json.replace('{', '{"a":NaN,')],
  ['Infinity', (json) => json.replace('{', '{"a":Infinity,')],
  ['undefined', (json) => json.replace('{', '{"a":undefined,')],
  ['a hexadecimal number', (json) => json.replace('{', '{"a":0x1,')],
  ['a leading zero', (json) => json.replace('{', '{"a":01,')],
  ['a leading plus', (json) => json.replace('{', '{"a":+1,')],
  ['a bare fraction', (json) => json.replace('{', '{"a":.5,')],
  ['a number with an end of point', (json) => json.replace('{', '{"a":5.,')],
  ['a line break in a string', (json) => json.replace('{', '{"a":"\n",')],
  ['a tab in a string', (json) => json.replace('{', '{"a":"\t",')],
  ['an unknown escape', (json) => json.replace('{', '{"a":"\\x41",')],
  ['half an escape', (json) => json.replace('{', '{"a":"\\u12",')],
  ['a missing colon', (json) => json.replace(':', ' ')],
  ['a missing brace', (json) => json.slice(0, -1)],
  ['a brace too many', (json) => `${json}}`],
  ['a second object', (json) => json + json],
  ['NUL at the end', (json) => `${json}\0`],
  ['a byte order mark', (json) => `\ufeff${json}`],
  ['a no-break space', (json) => `${json}\u00a0`],
  ['a form feed', (json) => `${json}\f`],
  ['a prefix against hijacking', (json) => `)]}'\n${json}`],
  [
    'a byte that is no UTF-8',
    (json) => Buffer.concat([Buffer.from(`${json.slice(0, -1)},"a":"`), Buffer.from([0xff, 0x22, 0x7d])]),
  ],
  [
    'an overlong NUL',
    (json) => Buffer.concat([Buffer.from(`${json.slice(0, -1)},"a":"`), Buffer.from([0xc0, 0x80, 0x22, 0x7d])]),
  ],
  [
    'an overlong slash',
    (json) => Buffer.concat([Buffer.from(`${json.slice(0, -1)},"a":"`), Buffer.from([0xc0, 0xaf, 0x22, 0x7d])]),
  ],
  [
    'an encoded surrogate',
    (json) => Buffer.concat([Buffer.from(`${json.slice(0, -1)},"a":"`), Buffer.from([0xed, 0xa0, 0x80, 0x22, 0x7d])]),
  ],
  [
    'a character that breaks off',
    (json) => Buffer.concat([Buffer.from(`${json.slice(0, -1)},"a":"`), Buffer.from([0xe2, 0x82, 0x22, 0x7d])]),
  ],
  [
    'a character beyond Unicode',
    (json) =>
      Buffer.concat([Buffer.from(`${json.slice(0, -1)},"a":"`), Buffer.from([0xf5, 0x80, 0x80, 0x80, 0x22, 0x7d])]),
  ],
  ['UTF-16', (json) => Buffer.from(json, 'utf16le')],
  ['compression', (json) => deflateRawSync(json)],
  ['base64 twice', (json) => encode(json)],
  ['YAML', (json) => json.replaceAll(/[{}"]/g, '').replaceAll(',', '\n')],
];

function nested(levels: number, open: string, close: string): string {
  return `${open.repeat(levels)}1${close.repeat(levels)}`;
}

/** An object that has `"again"`'s text twice, wherever it is. */
const doubled: readonly [string, string][] = [
  ['the same twice', '"again":1,"again":1'],
  ['two values', '"again":1,"again":2'],
  ['an escape', '"again":1,"\\u0061gain":2'],
  ['an escape of one of them in capitals', '"a\\u006Bin":1,"a\\u006bin":2'],
  ['an escaped slash', '"a/b":1,"a\\/b":2'],
  ['a surrogate pair', '"💬":1,"\\ud83d\\udcac":2'],
  ['__proto__', '"__proto__":1,"__proto__":2'],
  ['the empty name', '"":1,"":2'],
  ['white space between', '"again" : 1 ,\n"again"\t: 2'],
  ['something between', '"again":{"x":[]},"other":[{}],"again":"}"'],
];

const jsonFaults: readonly Fault[] = (['header', 'payload'] as const).flatMap((part) => {
  const touches: readonly Part[] = part === 'header' ? ['header', 'alg', 'kid', 'text'] : ['payload', 'text'];
  const named = (name: string, json: (json: string) => string | Uint8Array) =>
    form(`${name} in the ${part}`, (draft) => (draft[`${part}Json`] = json), touches);
  const within = (name: string, members: string) => named(name, (json) => json.replace('{', `{${members},`));
  return [
    ...notObjects.map((text) => named(`${text} instead of an object`, () => text)),
    ...notJson.map(([name, change]) => named(name, change)),
    ...doubled.map(([name, members]) => within(`a name twice, ${name},`, members)),
    ...doubled.map(([name, members]) => within(`a nested name twice, ${name},`, `"x":{${members}}`)),
    ...doubled.map(([name, members]) => within(`a name twice in a list, ${name},`, `"x":[0,[{"y":{${members}}}]]`)),
    ...[32, 33, 34, 100, 1_000].flatMap((levels) => [
      within(`${levels} lists deep`, `"deep":${nested(levels, '[', ']')}`),
      within(`${levels} objects deep`, `"deep":${nested(Math.min(levels, 500), '{"a":', '}')}`),
    ]),
  ];
});

/** Each name that is there, a second time. */
const duplicates: readonly Fault[] = (
  [
    ['header', 'alg', 'alg'],
    ['header', 'kid', 'kid'],
    ['header', 'typ', 'text'],
    ['payload', 'sub', 'subject'],
    ['payload', 'email', 'subject'],
    ['payload', 'exp', 'exp'],
    ['payload', 'iat', 'iat'],
    ['payload', 'nbf', 'nbf'],
    ['payload', 'aud', 'aud'],
    ['payload', 'iss', 'iss'],
    ['payload', 'jti', 'jti'],
    ['payload', 'custom', 'custom'],
  ] as const
).flatMap(([part, name, touched]) =>
  [
    ['the same value', (draft: Draft) => JSON.stringify(valueOf(draft[part], name))],
    ['null', () => 'null'],
    ['"admin"', () => '"admin"'],
  ].map(([what, again]) =>
    form(
      `${name} a second time, as ${String(what)}`,
      (draft) => {
        if (!has(draft[part], name)) set(draft[part], name, name === 'alg' ? 'HS256' : 'x');
        const value = typeof again === 'function' ? again(draft) : '';
        const escaped = `"\\u${name.charCodeAt(0).toString(16).padStart(4, '0')}${name.slice(1)}"`;
        draft[part].push([what === 'null' ? escaped : JSON.stringify(name), value]);
      },
      [touched],
      3,
    ),
  ),
);

/** What this server signs itself, for actions: with the visitor's claims, and on a bad day with the visitors' key. */
const otherKinds: readonly Fault[] = [
  '"chat-action+jwt"',
  '"Chat-Action+JWT"',
  '"application/chat-action+jwt"',
  '"APPLICATION/CHAT-ACTION+JWT"',
  '"chat\\u002daction+jwt"',
].map((json) => form(`well signed, of the kind ${json}`, ({ header }) => setRaw(header, 'typ', json), ['text'], 4));

export const formFaults: readonly Fault[] = [
  ...otherKinds,
  ...structures.map(([name, change]) =>
    form(`structure: ${name}`, (draft, random) => draft.edits.push((token) => change(token, random)), undefined, 3),
  ),
  ...spellings.flatMap(([name, via, change]) => spelled(name, via, change)),
  ...lineBreaks.flatMap(([name, text]) => spelled(name, 'body', (part, random) => insert(part, text, random))),
  ...lineBreaks.map(([name, text]) =>
    form(
      `${name} at the end`,
      (draft) => {
        draft.via = 'body';
        draft.edits.push((token) => token + text);
      },
      ['text', 'line breaks'],
    ),
  ),
  form(
    'a space at the end',
    (draft) => {
      draft.via = 'body';
      draft.edits.push((token) => `${token} `);
    },
    textOnly,
  ),
  ...jsonFaults,
  ...duplicates,
];
