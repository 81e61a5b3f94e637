import assert from 'node:assert/strict';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { problem, startServer, temporaryDirectory, type Harness } from './harness.ts';

const script = 'console.log("the widget")';

async function startWithWidget(
  t: TestContext,
): Promise<(path: string, headers?: Record<string, string>) => Promise<Response>> {
  const outside = await temporaryDirectory(t);
  const widgetDirectory = join(outside, 'dist');
  await mkdir(join(widgetDirectory, 'chunks'), { recursive: true });
  await writeFile(join(outside, 'secret.js'), 'outside');
  await writeFile(join(widgetDirectory, 'chat.js'), script);
  await writeFile(join(widgetDirectory, 'chat.js.br'), brotliCompressSync(script));
  await writeFile(join(widgetDirectory, 'chat.js.gz'), gzipSync(script));
  await writeFile(join(widgetDirectory, 'chunks', 'panel-a1b2c3.js'), script);
  await mkdir(join(widgetDirectory, 'dashboard'));
  await writeFile(join(widgetDirectory, 'dashboard', 'index.html'), 'the dashboard');
  await writeFile(join(widgetDirectory, '.hidden.js'), 'hidden');
  await writeFile(join(widgetDirectory, 'notes.exe'), 'no');
  await symlink(join(outside, 'secret.js'), join(widgetDirectory, 'link.js'));
  const { send }: Harness = await startServer(t, { server: { widgetDirectory } });
  return (path, headers = {}) => send(`http://chat.example/widget/${path}`, { headers });
}

test('any page may load the widget, and a stable name is asked for again each time', async (t) => {
  const get = await startWithWidget(t);
  const response = await get('chat.js', { origin: 'https://anyone.example' });
  assert.equal(await response.text(), script);
  assert.partialDeepStrictEqual(Object.fromEntries(response.headers), {
    'access-control-allow-origin': '*',
    'cache-control': 'no-cache',
    'content-type': 'text/javascript; charset=utf-8',
    'cross-origin-resource-policy': 'cross-origin',
    'x-content-type-options': 'nosniff',
    vary: 'Accept-Encoding',
  });
  const again = await get('chat.js', { 'if-none-match': response.headers.get('etag') ?? '' });
  assert.equal(again.status, 304);
  assert.equal(await again.text(), '');
});

test('a name with a hash in it may be kept for a year', async (t) => {
  const get = await startWithWidget(t);
  const response = await get('chunks/panel-a1b2c3.js');
  assert.equal(response.headers.get('cache-control'), 'public, max-age=31536000, immutable');
});

test('a file goes out in the best form that the client takes', async (t) => {
  const get = await startWithWidget(t);
  const decoders = {
    'gzip, deflate, br, zstd': ['br', brotliDecompressSync],
    gzip: ['gzip', gunzipSync],
    'br;q=0, gzip;q=0.5': ['gzip', gunzipSync],
    'br;q=0.0': [null, (bytes: Buffer) => bytes],
    identity: [null, (bytes: Buffer) => bytes],
  } as const;
  const tags = new Set<string | null>();
  for (const [accepted, [encoding, decode]] of Object.entries(decoders)) {
    const response = await get('chat.js', { 'accept-encoding': accepted });
    assert.equal(response.headers.get('content-encoding'), encoding);
    assert.equal(response.headers.get('content-type'), 'text/javascript; charset=utf-8');
    assert.equal(decode(Buffer.from(await response.arrayBuffer())).toString(), script);
    tags.add(response.headers.get('etag'));
  }
  assert.equal(tags.size, 3);
  assert.equal(
    (await get('chunks/panel-a1b2c3.js', { 'accept-encoding': 'br' })).headers.get('content-encoding'),
    null,
  );
});

test('nothing outside the folder, nothing hidden, no folder and none of the dashboard is served', async (t) => {
  const get = await startWithWidget(t);
  const paths = [
    '..%2fsecret.js',
    '%2e%2e/secret.js',
    '..%5csecret.js',
    'link.js',
    '.hidden.js',
    'chunks',
    'chunks/',
    '',
    'chunks//panel-a1b2c3.js',
    'dashboard/index.html',
    'dashboard%2findex.html',
    './dashboard/index.html',
    'chunks/../dashboard/index.html',
    'notes.exe',
    'chat.js.br',
    'chat.js%00',
    'missing.js',
    '/etc/passwd',
  ];
  for (const path of paths) {
    assert.partialDeepStrictEqual(await problem(await get(path)), { status: 404, code: 'not_found' });
  }
});
