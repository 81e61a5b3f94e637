import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseCommandLine } from '../../src/config/index.ts';
import { signUserToken } from '../../src/sign/index.ts';
import { temporaryDirectory } from '../http/harness.ts';
import { createTool } from './tool.ts';

const hex = '6f1d0c9be2a84375'.repeat(4);
const privatePem = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
  type: 'pkcs8',
  format: 'pem',
});

/** What must not be seen, each with a form that the command line reads differently. */
const secrets: { readonly [what: string]: string } = {
  'a secret in hex': hex,
  'a secret in base64': `${Buffer.from(hex).toString('base64').slice(0, 42)}/+==`,
  'a secret in base64url': `${Buffer.from(hex).toString('base64url').slice(0, 41)}-_`,
  'a secret that begins like an option': `--${hex.slice(0, 40)}`,
  'a secret that begins like a short option': `-v${hex.slice(0, 40)}`,
  'a secret with an equals sign in it': `${hex.slice(0, 24)}=${hex.slice(24)}`,
  'a secret with quotes and a backslash': `"${hex.slice(0, 20)}\\${hex.slice(20)}"`,
  'a passphrase': 'correct horse battery staple, and more of it',
  'a private key': privatePem.toString(),
  'a token': await signUserToken({ secret: hex, subject: 'user-1' }),
};

/** Where somebody may put it by mistake. `*` stands for it. */
const places: readonly (readonly string[])[] = [
  ['*'],
  ['serve', '*'],
  ['serve', '--port', '*'],
  ['serve', '--secret', '*'],
  ['serve', '*', '--port', '0'],
  ['keys', '*'],
  ['token', '*'],
  ['policy', '*'],
  ['keys', 'create', '*', '--agent', 'demo'],
  ['keys', 'import', '*', '--agent', 'demo'],
  ['keys', 'import', '--agent', 'demo', '*'],
  ['keys', 'import', '--agent', 'demo', '--', '*'],
  ['keys', 'import', '--agent', 'demo', '--secret', '*'],
  ['keys', 'import', '--agent', 'demo', '--secret=*'],
  ['keys', 'import', '--agent', 'demo', '--secret-file', '*'],
  ['keys', 'import', '--agent', 'demo', '--secret-file=*'],
  ['keys', 'import', '--agent', 'demo', '--public-key', '*', '--algorithm', 'ES256'],
  ['keys', 'import', '--agent', 'demo', '--secret-file', '-', '--algorithm', '*'],
  ['keys', 'import', '--agent', 'demo', '--secret-file', '-', '--id', '*'],
  ['keys', 'import', '--agent', 'demo', '--secret-file', '-', '--name', '*'],
  ['keys', 'import', '--agent', 'demo', '--secret-file', '-', '--json=*'],
  ['keys', 'import', '--agent', '*'],
  ['keys', 'list', '*', '--agent', 'demo'],
  ['keys', 'list', '--config', '*'],
  ['keys', 'reveal', '--agent', 'demo', '*'],
  ['keys', 'retire', '--agent', 'demo', '*'],
  ['keys', 'remove', '--agent', 'demo', '*'],
  ['keys', 'retire', '--agent', 'demo', 'k1', '*'],
  ['keys', 'rename', '--agent', 'demo', '*', 'Backend'],
  ['keys', 'rename', '--agent', 'demo', 'k1', 'Backend', '*'],
  ['policy', 'show', '--agent', 'demo', '*'],
  ['policy', 'set', '--agent', 'demo', '*'],
  ['policy', 'set', '--agent', 'demo', '*=open'],
  ['policy', 'set', '--agent', 'demo', 'access=*'],
  ['policy', 'set', '--agent', 'demo', 'jwksUrl=*'],
  ['token', 'sign', '--agent', 'demo', '--sub', 'a', '*'],
  ['token', 'sign', '--agent', 'demo', '--sub', 'a', '--key', '*'],
  ['token', 'sign', '--agent', 'demo', '--sub', 'a', '--expires', '*'],
  ['token', 'sign', '--agent', 'demo', '--sub', 'a', '--claim', '*'],
  ['token', 'debug', '--agent', 'demo', 'x', '*'],
  ['token', 'debug', '--agent', 'demo', '*', 'x'],
  ['token', 'debug', '--agent', '*', 'x'],
  ['token', 'debug', '--agent', '*'],
  ['token', 'debug', '--agent', 'demo', '--token', '*'],
];

/** Eight characters that follow each other are a piece of it; `BEGIN` and `PRIVATE KEY` are not. */
function piecesOf(text: string): readonly string[] {
  const body = text.replaceAll(/-----[A-Z ]+-----/g, '');
  return Array.from({ length: Math.max(1, body.length - 8) }, (_, at) => body.slice(at, at + 8)).filter(
    (piece) => !/\s/.test(piece),
  );
}

function assertHidden(shown: string, text: string, argv: readonly string[]): void {
  const seen = piecesOf(text).find((piece) => shown.includes(piece));
  assert.equal(seen, undefined, `${argv.join(' ')}\n${shown}`);
}

for (const [what, text] of Object.entries(secrets)) {
  test(`H16 ${what} in a wrong place of the command line is never repeated`, async (t) => {
    const directory = await temporaryDirectory(t);
    const tool = createTool({ dataDirectory: join(directory, 'data') });
    await tool(['keys', 'create', '--agent', 'demo', '--id', 'k1']);
    for (const place of places) {
      const argv = place.map((word) => word.replace('*', () => text));
      const isTool = ['keys', 'policy', 'token'].includes(argv[0] ?? '');
      if (isTool) {
        const { code, output, notes, error } = await tool(argv, text);
        // Some of these are understood after all, such as a passphrase as a name of another secret.
        assert.ok(code !== 0 || error === '', error);
        assertHidden(output + notes + error, text, argv);
      } else {
        const command = parseCommandLine(argv);
        assertHidden(command.name === 'mistake' ? command.message : '', text, argv);
      }
    }
  });
}

test('a word that is not understood is pointed at by its number, and a mistyped command is named', async (t) => {
  const tool = createTool({ dataDirectory: join(await temporaryDirectory(t), 'data') });
  await tool(['policy', 'set', '--agent', 'demo', 'access=']);
  const surplus = await tool(['keys', 'import', '--agent', 'demo', hex]);
  assert.deepEqual([surplus.code, surplus.error], [2, 'keys import takes options alone. Not understood: argument 5.']);
  const debug = await tool(['token', 'debug', '--agent', 'demo', 'x', 'y']);
  assert.equal(debug.error, 'token debug takes <token>. Not understood: argument 6.');
  assert.match((await tool(['keys', hex])).error, /keys create, keys import, .*\. Not understood: argument 2\./);
  assert.match((await tool(['keys', 'ceate'])).error, /Not understood: "ceate"\./);
  assert.match((await tool(['keys', 'list', '--agnet', 'demo'])).error, /Not understood: "--agnet"\./);
  assert.match((await tool(['keys', 'retire', '--agent', 'demo', hex])).error, /no stored key "\[argument 5\]"/);
  assert.match((await tool(['keys', 'retire', '--agent', 'demo', 'key-1'])).error, /no stored key "key-1"/);
});

test('a path that is mistyped is named all the same', async (t) => {
  const directory = await temporaryDirectory(t);
  const tool = createTool({ dataDirectory: join(directory, 'data') });
  const path = join(directory, 'a-long-name-of-a-configuration.json');
  assert.ok((await tool(['keys', 'list', '--config', path])).error.includes(path));
  await writeFile(path, 'no JSON');
  assert.ok((await tool(['keys', 'list', `--config=${path}`])).error.includes(path));
});

test('an imported key is not stored under a name or an id that holds its secret', async (t) => {
  const tool = createTool({ dataDirectory: join(await temporaryDirectory(t), 'data') });
  const place = ['keys', 'import', '--agent', 'demo', '--secret-file', '-'];
  for (const naming of [
    ['--id', hex.slice(0, 40)],
    ['--name', `my ${hex.slice(0, 40)}`],
  ]) {
    assert.match((await tool([...place, ...naming], hex.slice(0, 40))).error, /holds its secret/);
  }
  assert.match((await tool(['keys', 'list', '--agent', 'demo'])).output, /No keys are stored/);
});

test('H16 the program itself repeats none of it on standard output or standard error', async (t) => {
  const program = fileURLToPath(new URL('../../bin/chat-widget-server.mjs', import.meta.url));
  const directory = await temporaryDirectory(t);
  const text = secrets['a token'] ?? '';
  for (const argv of [
    [text],
    ['serve', text],
    ['keys', 'import', '--agent', 'demo', hex],
    ['keys', 'import', '--agent', 'demo', '--secret', hex],
    ['token', 'debug', '--agent', 'demo', text, text],
  ]) {
    const env = { PATH: process.env['PATH'], CHAT_DATA_DIR: join(directory, 'data') };
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...argv], { env, encoding: 'utf8' });
    assert.equal(status, 2);
    assert.match(stderr, /Not understood: (?:argument \d|"--secret")/);
    for (const one of [hex, text]) assertHidden(stdout + stderr, one, argv);
  }
});
