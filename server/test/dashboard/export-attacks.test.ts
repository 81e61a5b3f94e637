import assert from 'node:assert/strict';
import { readdir, readlink } from 'node:fs/promises';
import { test, type TestContext } from 'node:test';
import { csvLines } from '../../src/dashboard/export-stream.ts';
import { fileBody } from '../http/attachment-harness.ts';
import { allFrames, newSession, origin, sendBody } from '../http/harness.ts';
import { eventually } from '../storage/test-stores.ts';
import { operatorIdOf } from './live-harness.ts';
import { startDashboard } from './harness.ts';

test('no cell of a CSV file starts a formula, also where a spreadsheet cuts at semicolons, tabs and every line', () => {
  const text = ['=1', 'a;=1', 'a\t+1', 'a\n-1', 'a\r\n @SUM(A1)', 'a;"=1', 'a;\uFF1D1', 'a=1; b-2, c+3'];
  const lines = text.map((cell) => csvLines(['id', 'text'], [{ id: 'x', text: cell }]).trimEnd());
  for (const line of lines) {
    for (const cell of line.split(/[;,\t\r\n]/)) assert.doesNotMatch(cell, /^[\s"]*[=+\-@\uFF1D]/u, line);
  }
  assert.equal(lines.at(-1), 'x,"a=1; b-2, c+3"', 'what starts nothing stays as it is');
});

async function filesOpenIn(directory: string): Promise<number> {
  const links = await Promise.all(
    (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')),
  );
  return links.filter((link) => link.startsWith(`${directory}/attachments`)).length;
}

const skip = process.platform === 'linux' ? false : 'open files are looked for in /proc';

test('HEAD of a file leaves no file open', { skip }, async (t) => {
  const config = { attachments: { types: ['text/plain'] } };
  const { server, send, sign, admin, dataDirectory } = await startDashboard(t, { config });
  const token = sign();
  const request = {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'text/plain', origin },
  };
  const address = 'http://chat.example/v1/agents/shop/attachments?filename=a.txt';
  const uploaded = await server.fetch(new Request(address, { ...request, body: 'x' }));
  const { url } = (await uploaded.json()) as { url: string };
  const body = fileBody('See', [url]) as { id: string };
  await allFrames(await send('/chat', { token, body, origin }));
  const path = `/conversations/${body.id}/attachments/${url.split('/').at(-1)}`;
  const { status, text, headers } = await admin.call(path, { method: 'HEAD' });
  assert.deepEqual([status, text, headers.get('content-length')], [200, '', '1']);
  for (let n = 0; n < 20; n++) await admin.call(path, { method: 'HEAD' });
  await eventually(async () => (await filesOpenIn(dataDirectory)) === 0);
});

/** What can still be read of an export, after somebody has done something to whoever reads it. */
async function restOf(
  t: TestContext,
  change: (harness: Awaited<ReturnType<typeof startDashboard>>, id: string) => Promise<unknown>,
) {
  const harness = await startDashboard(t, { moreAgents: [{ id: 'other', name: 'Other', allowedOrigins: [origin] }] });
  for (let n = 0; n < 5; n++)
    await allFrames(await harness.send('/chat', { session: newSession(), body: sendBody(`No ${n}`) }));
  const desk = await harness.deskOf('operator');
  const id = await operatorIdOf(desk);
  const response = await desk.fetch('/export/conversations.jsonl');
  const reader = response.body?.getReader();
  const first = await reader?.read();
  assert.match(Buffer.from(first?.value ?? []).toString(), /"conversationId"/);
  await change(harness, id);
  harness.clock.now += 10_000;
  return async () => {
    for (;;) if ((await reader?.read())?.done === true) return 'all of it';
  };
}

test('an export ends where its reader is signed out, or may see less, and is broken off rather than short', async (t) => {
  const disabled = await restOf(t, ({ admin }, id) =>
    admin.call(`/operators/${id}`, { method: 'PATCH', body: { state: 'disabled' } }),
  );
  await assert.rejects(disabled());
  const limited = await restOf(t, ({ admin }, id) =>
    admin.call(`/operators/${id}`, { method: 'PATCH', body: { agentIds: ['other'] } }),
  );
  await assert.rejects(limited());
  const untouched = await restOf(t, async () => undefined);
  assert.equal(await untouched(), 'all of it');
});
