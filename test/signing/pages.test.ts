import assert from 'node:assert/strict';
import { createHmac, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { listFiles } from '../../scripts/list-files.ts';
import { json, startServer } from '../../server/test/http/harness.ts';
import { examples } from './examples.ts';
import { signingFolder } from './find-programs.ts';

const read = (file: string): Promise<string> => readFile(path.join(signingFolder, file), 'utf8');

const codeIn = (page: string): readonly string[] =>
  [...page.matchAll(/^```\w+\n(.*?)^```$/gms)].map(([, code]) => code ?? '');

for (const { file, page } of examples) {
  test(`docs/signing/${page} shows ${file} as it is`, async () => {
    const code = await read(file);
    assert.ok(codeIn(await read(page)).includes(code), `${page} shows something else than ${file}`);
  });
}

test('every program in docs/signing is run by a test, and every page is linked from the first', async () => {
  const files = (await listFiles('docs/signing/**/*.*')).map((file) => file.slice('docs/signing/'.length));
  const pages = files.filter((file) => file.endsWith('.md') && file !== 'README.md');
  const programs = files.filter((file) => !file.endsWith('.md'));
  assert.deepEqual(programs, examples.map(({ file }) => file).toSorted());
  assert.deepEqual(pages, [...new Set(examples.map(({ page }) => page))].toSorted());
  const overview = await read('README.md');
  assert.deepEqual(
    pages.filter((page) => !overview.includes(`](${page})`)),
    [],
  );
});

const secret = randomBytes(32).toString('hex');
const seconds = (): number => Math.floor(Date.now() / 1000);
const day = 86_400;

/** Tokens as in the table "What goes wrong", each by words of its row. */
const mistakes: readonly { readonly row: string; readonly token: () => string }[] = [
  { row: '`sub: user.id`', token: () => sign({ sub: 42 }) },
  { row: '`exp` in milliseconds', token: () => sign({ exp: Date.now() + 3_600_000, iat: undefined }) },
  { row: '`exp` in milliseconds', token: () => sign({ iat: Date.now(), exp: Date.now() + 3_600_000 }) },
  { row: 'the secret decoded first', token: () => sign({}, { key: Buffer.from(secret, 'hex') }) },
  { row: 'a line break at the end of the secret', token: () => sign({}, { key: `${secret}\n` }) },
  { row: 'no secret at all', token: () => sign({}, { key: '' }) },
  { row: '`HS512`', token: () => sign({}, { algorithm: 'HS512' }) },
  { row: '`HS512`', token: () => sign({}, { algorithm: 'none', key: '' }) },
  { row: '`HS512`', token: () => sign({}, { kid: 'another' }) },
  { row: 'signed once and kept', token: () => sign({ iat: seconds() - day, exp: seconds() - 120 }) },
  { row: 'clock is off', token: () => sign({ iat: seconds() + 120 }) },
  { row: 'clock is off', token: () => sign({ iat: seconds() - 7_200, exp: seconds() - 3_600 }) },
  { row: '`exp` a month ahead', token: () => sign({ exp: seconds() + 30 * day }) },
];

type Changes = {
  readonly key?: string | Buffer;
  readonly algorithm?: 'HS256' | 'HS512' | 'none';
  readonly kid?: string;
};

/** By hand, since the library refuses to make some of these mistakes. */
function sign(claims: object, { key = secret, algorithm = 'HS256', kid }: Changes = {}): string {
  const now = seconds();
  const parts = [
    { alg: algorithm, kid },
    { sub: 'ada', iat: now, exp: now + 3_600, ...claims },
  ];
  const signed = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  if (algorithm === 'none') return `${signed}.`;
  const hash = algorithm === 'HS512' ? 'sha512' : 'sha256';
  return `${signed}.${createHmac(hash, key).update(signed).digest('base64url')}`;
}

test('what the server says to each mistake is what the table says', async (t) => {
  const { send } = await startServer(t, { agent: { keys: [{ id: 'k1', secret }] } });
  const rows = (await read('README.md')).split('\n').filter((line) => line.startsWith('| '));
  for (const { row, token } of mistakes) {
    const cells = rows.find((line) => line.includes(row))?.split('|') ?? [];
    const { reason } = await json<{ reason?: string }>(await send('/identity', { method: 'POST', token: token() }));
    assert.ok(cells[2]?.includes(`\`${reason}\``), `${row}: ${reason}, and the table says ${cells[2]}`);
  }
});
