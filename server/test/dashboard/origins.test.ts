import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startDashboard } from './harness.ts';

test('W13 an allowed site counts as browsers send it, and each that does not fit is said on a line of its own', async (t) => {
  const { admin } = await startDashboard(t);
  const put = (...allowedOrigins: readonly string[]) =>
    admin.call('/agents/shop/origins', { method: 'PUT', body: { allowedOrigins } });
  const saved = await put('http://localhost:8984/', 'https://SHOP.example/', 'http://localhost:8984');
  assert.equal(saved.status, 200, saved.text);
  assert.deepEqual((saved.body as { allowedOrigins: readonly string[] }).allowedOrigins, [
    'http://localhost:8984',
    'https://shop.example',
  ]);
  const refused = await put('shop.example', 'https://shop.example/help/', 'https://fine.example');
  assert.equal(refused.status, 422);
  const { fields } = refused.body as { fields: { allowedOrigins: string } };
  const lines = fields.allowedOrigins.split('\n');
  assert.equal(lines.length, 2);
  assert.match(lines[0] ?? '', /^shop\.example: not an origin; /);
  assert.equal(lines[1], 'https://shop.example/help/: write it as browsers send it: https://shop.example');
});
