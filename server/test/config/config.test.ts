import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import {
  ConfigError,
  createAgentRegistry,
  decodeConfig,
  originMatches,
  parseOriginPattern,
  readConfigFile,
} from '../../src/config/index.ts';

const secret = 'a-perfectly-fine-secret-of-this-shop';
const agent = { id: 'shop', name: 'Shop', knowledge: 'articles' };

async function folder(t: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'chat-config-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  await mkdir(join(directory, 'articles'));
  await writeFile(join(directory, 'articles', 'one.md'), '# Returns\n\nThirty days.\n');
  return directory;
}

function registry(config: unknown, baseDirectory: string, environmentSecret?: string) {
  const sources = { baseDirectory, environmentSecret, model: undefined, agentFor: undefined };
  return createAgentRegistry(decodeConfig(config).agents, sources);
}

const decodeMistakes: readonly (readonly [string, unknown, RegExp])[] = [
  ['no agents', {}, /^agents: /],
  ['an empty list', { agents: [] }, /^agents: must list at least one agent/],
  ['a name that is missing', { agents: [{ id: 'a' }] }, /^agents\[0\]\.name: /],
  ['an id with a slash', { agents: [agent, { ...agent, id: 'a/b' }] }, /^agents\[1\]\.id: must be 1 to 64/],
  [
    'a setting that does not exist',
    { agents: [{ ...agent, polcy: {} }] },
    /^agents\[0\]: Unrecognized key: "polcy", did you mean "policy"\?$/,
  ],
  [
    'a mistyped setting of the policy',
    { agents: [{ ...agent, policy: { preset: 'hilal', accces: 'open' } }] },
    /^agents\[0\]\.policy: Unrecognized key: "accces", did you mean "access"\?$/,
  ],
  [
    'a setting that is like none',
    { agents: [agent], colour: 'red' },
    /^Unrecognized key: "colour", there are: agents, agentFolders, actionOrigins, rateLimits, .*trustProxy/,
  ],
  [
    'a mistyped member of a key',
    { agents: [{ ...agent, keys: [{ id: 'k', secret, nmae: 'x' }] }] },
    /^agents\[0\]\.keys\[0\]: Unrecognized key: "nmae", there are: id, algorithm, secret$/,
  ],
  [
    'a policy that does not exist',
    { agents: [{ ...agent, policy: { expiry: 'never' } }] },
    /^agents\[0\]\.policy\.expiry: /,
  ],
  [
    'a tolerance of an hour',
    { agents: [{ ...agent, policy: { clockToleranceSeconds: 3_600 } }] },
    /^agents\[0\]\.policy\.clockToleranceSeconds: /,
  ],
  ['a key without a secret', { agents: [{ ...agent, keys: [{ id: 'k' }] }] }, /^agents\[0\]\.keys\[0\]\.secret: /],
  [
    'an origin with a path',
    { agents: [{ ...agent, allowedOrigins: ['https://shop.example/'] }] },
    /^agents\[0\]\.allowedOrigins\[0\]: .*https:\/\/shop\.example$/,
  ],
  [
    'an origin of stars',
    { agents: [{ ...agent, allowedOrigins: ['https://x.example', '*'] }] },
    /^agents\[0\]\.allowedOrigins\[1\]: /,
  ],
  [
    'a greeting in a language that is none',
    { agents: [{ ...agent, greeting: { en: 'Hi', 'no language': 'Hm' } }] },
    /^agents\[0\]\.greeting\.no language: is named by no language tag/,
  ],
  [
    'a greeting in no language',
    { agents: [{ ...agent, greeting: {} }] },
    /^agents\[0\]\.greeting: must name at least one/,
  ],
  [
    'an empty greeting',
    { agents: [{ ...agent, greeting: { de: ' ' } }] },
    /^agents\[0\]\.greeting\.de: must not be empty/,
  ],
  [
    'seven suggestions in one language',
    { agents: [{ ...agent, suggestions: { de: Array<string>(7).fill('Hm?') } }] },
    /^agents\[0\]\.suggestions\.de: /,
  ],
  [
    'a suggestion that is no text',
    { agents: [{ ...agent, suggestions: { de: ['Hm?', 7] } }] },
    /^agents\[0\]\.suggestions\.de\[1\]: /,
  ],
  ['a pace of zero', { agents: [{ ...agent, wordsPerSecond: 0 }] }, /^agents\[0\]\.wordsPerSecond: /],
  ['a limit of zero', { agents: [agent], rateLimits: { chatPerVisitor: 0 } }, /^rateLimits\.chatPerVisitor: /],
  ['an address that is none', { agents: [agent], publicUrl: 'chat.example' }, /^publicUrl: /],
];

for (const [what, config, message] of decodeMistakes) {
  test(`${what} is named with its place`, () => {
    assert.throws(
      () => decodeConfig(config),
      (error: unknown) => error instanceof ConfigError && message.test(error.message),
    );
  });
}

test('several mistakes are named together', () => {
  const config = {
    agents: [
      { id: '', name: '' },
      { ...agent, greeting: 7 },
    ],
  };
  assert.throws(
    () => decodeConfig(config),
    (error: Error) => error.message.split('\n').length >= 3,
  );
});

test('mistakes of keys, folders and ids are named with their place, and never hold a secret', async (t) => {
  const directory = await folder(t);
  const keys = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ id: `k${at}`, secret: `${secret}-${at}` }));
  const cases: readonly (readonly [unknown, RegExp])[] = [
    [[{ ...agent, keys: [{ id: 'k', secret: 'too-short-secret' }] }], /^agents\[0\]\.keys: .*shorter than 32 bytes/],
    [[agent, { ...agent, id: 'b', keys: keys(4) }], /^agents\[1\]\.keys: 4 signing keys/],
    [[{ ...agent, keys: keys(2), policy: { maxActiveKeys: 1 } }], /^agents\[0\]\.keys: 2 signing keys/],
    [[{ ...agent, keys: [...keys(1), ...keys(1)] }], /^agents\[0\]\.keys: .*"k0"/],
    [[agent, { ...agent, name: 'Twin' }], /^agents\[1\]\.id: "shop" is there twice/],
    [[{ ...agent, knowledge: 'nowhere' }], /^agents\[0\]\.knowledge: .*nowhere/],
    [[{ id: 'a', name: 'A' }], /^agents\[0\]\.knowledge: must name a folder/],
    [[{ ...agent, answers: 'model' }], /^agents\[0\]\.answers: no model is set/],
  ];
  for (const [agents, message] of cases) {
    await assert.rejects(registry({ agents }, directory), (error: unknown) => {
      assert.ok(error instanceof ConfigError);
      assert.match(error.message, message);
      assert.ok(!error.message.includes(secret) && !error.message.includes('too-short-secret'));
      return true;
    });
  }
});

test('what is left out has its default, and folders are found beside the file', async (t) => {
  const agents = await registry({ agents: [agent] }, await folder(t), secret);
  const entry = agents.find('shop');
  assert.partialDeepStrictEqual(entry, {
    maxMessageCharacters: 8_000,
    suggestions: { otherwise: [], byLocale: {} },
    origins: [],
    identity: { agentId: 'shop', settings: {}, keys: undefined },
  });
  assert.deepEqual(
    entry?.identity.environmentKeys.map(({ id }) => id),
    ['environment'],
  );
  assert.equal(agents.find('nobody'), undefined);
});

test('a file that is absent or no JSON is named, and its text is not quoted', async (t) => {
  const directory = await folder(t);
  const path = join(directory, 'chat.config.json');
  await assert.rejects(readConfigFile(path), /chat\.config\.json: there is no such file/);
  await writeFile(path, `{"agents": [{"keys": [{"secret": "${secret}" "id": 1}]}]}`);
  await assert.rejects(readConfigFile(path), (error: Error) => {
    assert.match(error.message, /chat\.config\.json: this is not JSON/);
    return !error.message.includes(secret.slice(0, 8));
  });
  await writeFile(path, '\uFEFF{"agents": []}');
  assert.deepEqual(await readConfigFile(path), { config: { agents: [] }, baseDirectory: directory });
});

const broken: readonly (readonly [string, string, string])[] = [
  ['nothing', '', 'line 1 column 1'],
  ['a missing comma', '{\n  "a": 1\n  "b": 2\n}', 'line 3 column 3'],
  ['a comma too many', '{"a": [1, 2,]}', 'line 1 column 13'],
  ['a comma before the end', '{"a": 1,\n}', 'line 2 column 1'],
  ['a word without quotes', `{"a":\r\n ${secret}}`, 'line 2 column 2'],
  ['single quotes', "{'a': 1}", 'line 1 column 2'],
  ['a comment', '{\n  // the shop\n  "a": 1\n}', 'line 2 column 3'],
  ['a line break in a text', '{"a": "b\n"}', 'line 1 column 7'],
  ['an escape that is none', String.raw`{"a": "C:\data"}`, 'line 1 column 7'],
  ['the wrong bracket', '{"a": [1}', 'line 1 column 9'],
  ['an end that is missing', '{"a": {"b": true}', 'line 1 column 18'],
  ['more behind the end', '{"a": 1}\n}', 'line 2 column 1'],
  ['a number with a zero before it', '{"a": 01}', 'line 1 column 8'],
  ['a name in capitals', '{"a": TRUE}', 'line 1 column 7'],
];
for (const [what, text, place] of broken) {
  test(`a file that is no JSON for ${what} is named with line and column`, async (t) => {
    const path = join(await folder(t), 'chat.config.json');
    await writeFile(path, text);
    await assert.rejects(readConfigFile(path), { message: `${path}: this is not JSON (${place})` });
  });
}

const originCases: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  [
    'https://shop.example',
    ['https://shop.example'],
    [
      'http://shop.example',
      'https://shop.example:8443',
      'https://a.shop.example',
      'https://SHOP.example',
      'https://shop.example/',
    ],
  ],
  [
    'https://*.shop.example',
    ['https://a.shop.example', 'https://a.b.shop.example'],
    [
      'https://shop.example',
      'http://a.shop.example',
      'https://ashop.example',
      'https://a.shop.example:1',
      'https://.shop.example',
      'https://a.shop.example.evil.example',
    ],
  ],
  ['https://*.shop.example:8443', ['https://a.shop.example:8443'], ['https://a.shop.example']],
  [
    'http://localhost:*',
    ['http://localhost', 'http://localhost:3000'],
    ['https://localhost:3000', 'http://localhost.evil.example', 'http://127.0.0.1:3000', 'http://user@localhost:3000'],
  ],
  ['http://[::1]:*', ['http://[::1]:3000'], ['http://[::2]:3000']],
];

for (const [pattern, allowed, refused] of originCases) {
  test(`the origin pattern ${pattern} lets in what it says and nothing else`, () => {
    const result = parseOriginPattern(pattern);
    assert.ok(result.ok);
    for (const origin of allowed) assert.ok(originMatches([result.pattern], origin), origin);
    for (const origin of [...refused, 'null', '', '*', 'javascript:alert(1)', 'file://']) {
      assert.ok(!originMatches([result.pattern], origin), origin);
    }
  });
}

for (const text of [
  '*',
  'https://*',
  'https://*.com',
  'http://shop.example:*',
  'https://a.*.example',
  'ftp://shop.example',
  'shop.example',
  'https://Shop.example',
  'https://shop.example:443',
  'null',
  '',
]) {
  test(`"${text}" is no origin pattern`, () => {
    assert.equal(parseOriginPattern(text).ok, false);
  });
}
