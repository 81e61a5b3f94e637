import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { json, startServer, temporaryDirectory } from '../http/harness.ts';
import { createTool, jsonOf } from './tool.ts';

type Created = { readonly key: { readonly id: string }; readonly secret: string };
type Report = {
  readonly accepted: boolean;
  readonly reason: string | null;
  readonly claims: object;
  readonly hints: readonly string[];
};

async function newTool(t: TestContext, dataDirectory?: string) {
  const tool = createTool({ dataDirectory: dataDirectory ?? join(await temporaryDirectory(t), 'data') });
  const create = () => jsonOf<Created>(tool(['keys', 'create', '--agent', 'shop', '--json']));
  const debug = async (token: string, ...more: string[]) => {
    const answer = await tool(['token', 'debug', '--agent', 'shop', '--json', ...more, token]);
    return { ...(JSON.parse(answer.output) as Report), code: answer.code, output: answer.output };
  };
  return { tool, create, debug };
}

test('a token that is signed on the command line is accepted by the running server, and debugged there', async (t) => {
  const { send, dataDirectory } = await startServer(t, { agent: { keys: undefined } });
  const { tool, create, debug } = await newTool(t, dataDirectory);
  const { secret } = await create();
  const words = ['--sub', '7', '--name', 'Ada', '--claim', 'plan=pro', '--claim', 'seats=3', '--expires', '2h'];
  const signed = await tool(['token', 'sign', '--agent', 'shop', ...words]);
  assert.equal(signed.error, '');
  const token = signed.output.trim();
  assert.partialDeepStrictEqual(await json(await send('/identity', { method: 'POST', token })), {
    verified: true,
    subject: '7',
    claims: { name: 'Ada', plan: 'pro', seats: 3 },
  });
  const report = await debug(token);
  assert.partialDeepStrictEqual(report, { accepted: true, code: 0, claims: { plan: 'pro' } });
  assert.ok(!report.output.includes(secret) && !report.output.includes(token));
  await send('/logout', { method: 'POST', token });
  assert.partialDeepStrictEqual(await debug(token), { reason: 'revoked', code: 1 });
});

test('Wo15 a token is debugged from standard input, in words', async (t) => {
  const { tool, create } = await newTool(t);
  const { key } = await create();
  const token = (await tool(['token', 'sign', '--agent', 'shop', '--sub', '7'])).output;
  const good = await tool(['token', 'debug', '--agent', 'shop', '-'], token);
  assert.match(good.output, new RegExp(`^accepted by agent "shop"\\nsubject  "7"\\nkey      ${key.id}\\nexpires  `));
  await tool(['keys', 'retire', '--agent', 'shop', key.id]);
  await create();
  const { output, code } = await tool(['token', 'debug', '--agent', 'shop', '-'], token);
  assert.match(
    output,
    new RegExp(`^refused by agent "shop": invalid_signature\\nhint     signed with a retired key \\("${key.id}"\\)`),
  );
  assert.equal(code, 1);
});

test('Wo15 the token of another agent is recognised', async (t) => {
  const { tool, create, debug } = await newTool(t);
  await create();
  const path = join(await temporaryDirectory(t), 'chat.config.json');
  const agents = ['shop', 'help'].map((id) => ({ id, name: id, knowledge: '.' }));
  await writeFile(path, JSON.stringify({ agents }));
  await tool(['keys', 'create', '--agent', 'help']);
  const token = (await tool(['token', 'sign', '--agent', 'help', '--config', path, '--sub', 'a'])).output.trim();
  const { hints } = await debug(token, '--config', path);
  assert.deepEqual(hints, ['this is the token of another agent ("help")']);
});

test('a token that the policy would refuse is signed all the same, with a word about it', async (t) => {
  const { tool, create } = await newTool(t);
  await create();
  const { notes, output } = await tool(['token', 'sign', '--agent', 'shop', '--sub', 'a', '--expires', '2d']);
  assert.match(notes, /refuses such a token: lifetime_too_long/);
  assert.match(output, /^[\w-]+\.[\w-]+\.[\w-]+\n$/);
  await tool(['policy', 'set', '--agent', 'shop', 'bestchatbot']);
  const mail = await tool(['token', 'sign', '--agent', 'shop', '--email', 'ada@mail.com']);
  assert.doesNotMatch(mail.notes, /refuses/);
});

test('without a key to sign with the command says how to make one', async (t) => {
  const { tool } = await newTool(t);
  await tool(['policy', 'set', '--agent', 'shop', 'access=']);
  assert.match((await tool(['token', 'sign', '--agent', 'shop', '--sub', 'a'])).error, /keys create makes one/);
});

for (const [claim, instead] of [
  ['exp=5', /--claim cannot set exp: give --expires 90s/],
  ['sub=ada', /--claim cannot set sub: give --sub/],
  ['jti=one', /--claim cannot set jti: each token gets one/],
] as const) {
  test(`a claim that each token gets anyway (${claim}) is refused with the option that sets it`, async (t) => {
    const { tool, create } = await newTool(t);
    await create();
    const { code, error } = await tool(['token', 'sign', '--agent', 'shop', '--sub', 'a', '--claim', claim]);
    assert.equal(code, 2);
    assert.match(error, instead);
    assert.doesNotMatch(error, /signUserToken/);
  });
}

for (const argv of [
  ['keys', 'list'],
  ['keys', 'retire', 'k'],
  ['policy', 'show'],
  ['token', 'debug', 'a.b.c'],
  ['token', 'sign', '--sub', 'a'],
]) {
  test(`"${argv.join(' ')}" makes no database, and says in which folder it looked for one`, async (t) => {
    const folder = join(await temporaryDirectory(t), 'forgotten');
    const tool = createTool({ environment: {} });
    const { code, error, output } = await tool([...argv, '--agent', 'demo', '--data', folder]);
    assert.deepEqual([code, output], [1, '']);
    assert.ok(error.startsWith(`There is no database in ${folder}, `), error);
    assert.match(error, /--data or CHAT_DATA_DIR/);
    assert.ok(!existsSync(folder));
  });
}

test('the configuration and the data folder are taken from CHAT_CONFIG and CHAT_DATA_DIR, and flags win over them', async (t) => {
  const directory = await temporaryDirectory(t);
  const [path, other] = ['chat.config.json', 'other.config.json'].map((name) => join(directory, name)) as [
    string,
    string,
  ];
  await writeFile(path, JSON.stringify({ agents: [{ id: 'ours', name: 'Ours', knowledge: '.' }] }));
  await writeFile(other, JSON.stringify({ agents: [{ id: 'theirs', name: 'Theirs', knowledge: '.' }] }));
  const tool = createTool({ dataDirectory: join(directory, 'data'), environment: { CHAT_CONFIG: path } });
  assert.equal((await tool(['keys', 'create', '--id', 'k'])).error, '');
  assert.match((await tool(['keys', 'list', '--agent', 'ours'])).output, /^k /m);
  assert.match((await tool(['keys', 'list', '--agent', 'nope'])).error, /has no agent "nope", .* There are "ours"\./);
  assert.match((await tool(['keys', 'list', '--config', other])).output, /No keys are stored/);
});

test('what a token says is shown without the characters that a terminal obeys', async (t) => {
  const { tool, create } = await newTool(t);
  await create();
  const name = '\u001b[2J\u009b2J\u202egro';
  const token = (await tool(['token', 'sign', '--agent', 'shop', '--sub', 'a', '--name', name])).output.trim();
  for (const more of [[], ['--json']]) {
    const { output } = await tool(['token', 'debug', '--agent', 'shop', ...more, token]);
    assert.ok(output.includes(String.raw`\u001b[2J\u009b2J\u202egro`));
  }
});
