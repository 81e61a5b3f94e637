import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, parseCommandLine, readEnvironment } from '../../src/config/index.ts';

test('serve takes its flags, and leaves to the environment what is not said', () => {
  assert.deepEqual(parseCommandLine(['serve', '--port', '0', '--data', './d', '--config=c.json', '--host', '::']), {
    name: 'serve',
    port: 0,
    host: '::',
    dataDirectory: './d',
    configPath: 'c.json',
  });
  assert.deepEqual(parseCommandLine(['serve']), {
    name: 'serve',
    port: undefined,
    host: undefined,
    dataDirectory: undefined,
    configPath: undefined,
  });
});

for (const [argv, message] of [
  [[], /serve/],
  [['start'], /"start"/],
  [['serve', 'now'], /takes options alone. Not understood: argument 2/],
  [['serve', '--prot', '1'], /--prot/],
  [['serve', '--port'], /--port/],
  [['serve', '--port', '65536'], /--port must be a port number/],
  [['serve', '--port', '1e3'], /--port must be a port number/],
  [['serve', '--data', ''], /--data needs a value/],
] as const) {
  test(`"${argv.join(' ')}" is a mistake that is named`, () => {
    const command = parseCommandLine(argv);
    assert.ok(command.name === 'mistake');
    assert.match(command.message, message);
  });
}

test('help and version are answered whatever else is there', () => {
  assert.equal(parseCommandLine(['serve', '--help']).name, 'help');
  assert.equal(parseCommandLine(['-v']).name, 'version');
});

test('the environment is read with its units, and empty variables count as absent', () => {
  const masterKey = Buffer.alloc(32, 7);
  for (const text of [masterKey.toString('hex'), masterKey.toString('base64')]) {
    assert.deepEqual(readEnvironment({ CHAT_MASTER_KEY: text }).masterKey, new Uint8Array(masterKey));
  }
  assert.partialDeepStrictEqual(
    readEnvironment({
      PORT: '80',
      CHAT_MODEL_URL: 'http://localhost:11434/v1',
      CHAT_MODEL: 'small',
      CHAT_MODEL_KEY: '',
    }),
    { port: 80, model: { url: 'http://localhost:11434/v1', model: 'small', key: undefined } },
  );
  const empty = { PORT: '', DATABASE_URL: '', WIDGET_JWT_HMAC_SECRET: '', CHAT_MASTER_KEY: '', CHAT_MODEL: '' };
  assert.ok(Object.values(readEnvironment(empty)).every((value) => value === undefined));
});

for (const [name, value] of [
  ['PORT', 'eighty'],
  ['CHAT_MASTER_KEY', 'too-short-to-be-a-key'],
  ['CHAT_MASTER_KEY', Buffer.alloc(31).toString('base64')],
  ['WIDGET_JWT_HMAC_SECRET', 'short-and-secret'],
  ['DATABASE_URL', 'mysql://root:hunter22@localhost/chat'],
  ['CHAT_MODEL', 'without-a-url'],
  ['CHAT_MODEL_URL', 'http://localhost/v1'],
] as const) {
  test(`a wrong ${name} is named, and its value is not (${value.length} characters)`, () => {
    assert.throws(
      () => readEnvironment({ [name]: value }),
      (error: unknown) =>
        error instanceof ConfigError && error.message.includes(name) && !error.message.includes(value),
    );
  });
}
