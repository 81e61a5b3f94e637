import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createShopClient } from './shop-client.ts';

test('a page that a framework has built is shown, with what belongs to it and nothing beside it', async (context) => {
  const frameworksFolder = mkdtempSync(join(tmpdir(), 'frameworks-'));
  context.after(() => rmSync(frameworksFolder, { recursive: true }));
  mkdirSync(join(frameworksFolder, 'react/dist/assets'), { recursive: true });
  mkdirSync(join(frameworksFolder, 'vue'));
  writeFileSync(join(frameworksFolder, 'react/package.json'), '{}');
  writeFileSync(join(frameworksFolder, 'react/dist/index.html'), '<!doctype html><title>Page</title>');
  writeFileSync(join(frameworksFolder, 'react/dist/assets/index.js'), 'export {}');
  const client = createShopClient({ frameworksFolder });

  const page = await client.request('/frameworks/react/');
  assert.equal(page.status, 200);
  assert.match(page.headers.get('content-type') ?? '', /^text\/html/);
  assert.match(page.headers.get('content-security-policy') ?? '', /script-src 'self';.*base-uri 'none'/);
  assert.equal((await client.request('/frameworks/react/assets/index.js')).status, 200);
  assert.equal((await client.request('/frameworks/react')).headers.get('location'), '/frameworks/react/');
  for (const path of ['vue/', 'react/package.json', 'react/../react/package.json', 'react/%2e%2e/package.json']) {
    assert.equal((await client.request(`/frameworks/${path}`)).status, 404, path);
  }
});

test('pages of files learn from the shop where the chat is', async () => {
  const response = await createShopClient().request('/api/chat');
  assert.deepEqual(await response.json(), { server: 'https://chat.example.com', agentId: 'demo' });
});
