import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../bin/chat-widget-server.mjs', import.meta.url));

function run(...argv: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...argv], {
    env: { PATH: process.env['PATH'] },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

for (const argv of [[], ['key'], ['--port', '1']]) {
  test(`"${['chat-widget-server', ...argv].join(' ')}" shows the list of commands`, () => {
    const { status, stderr } = run(...argv);
    assert.equal(status, 2);
    for (const command of ['serve', 'keys', 'policy', 'token'])
      assert.match(stderr, new RegExp(`^  ${command} +\\w`, 'm'));
    assert.doesNotMatch(stderr, /--host/);
  });
}

test('a mistake in the options of serve shows those of serve', () => {
  assert.match(run('serve', '--prot', '1').stderr, /--host <address>/);
});

const parts: readonly (readonly [readonly string[], RegExp, RegExp])[] = [
  [['serve', '--help'], /--host <address>/, /keys create/],
  [['keys', '--help'], /keys create[^]*keys rename[^]*--data <folder>/, /--host|policy show|token sign/],
  [['token', '--help'], /token sign[^]*token debug/, /keys create/],
  [['token', 'sign', '--help'], /token sign --agent <id> --sub <user>[^]*--config <file>/, /token debug|keys create/],
  [['keys', 'import', '--agent', 'demo', '-h'], /--secret-file[^]*--public-key/, /keys create|keys rename/],
  [['keys', 'frobnicate', '--help'], /keys create[^]*keys rename/, /frobnicate/],
];
for (const [argv, shown, absent] of parts) {
  test(`"${argv.join(' ')}" shows its own part of the help`, () => {
    const { status, stdout, stderr } = run(...argv);
    assert.deepEqual([status, stderr], [0, '']);
    assert.match(stdout, /^Usage: /);
    assert.match(stdout, shown);
    assert.doesNotMatch(stdout, absent);
  });
}

test('"--help" shows all of it', () => {
  assert.match(run('--help').stdout, /--host <address>[^]*keys create[^]*policy set[^]*token debug/);
});

test('a command without its verb says which verbs there are', () => {
  const { status, stderr } = run('keys');
  assert.equal(status, 2);
  assert.match(stderr, /keys create, keys import, keys list,[^]*keys --help/);
});
