import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { allFrames, framesOf, json, newSession, problem, sendBody, textIn } from '../http/harness.ts';

const program = fileURLToPath(new URL('../../bin/chat-widget-server.mjs', import.meta.url));

type Started = { readonly child: ChildProcess; readonly output: () => string; readonly errors: () => string };

function start(
  t: TestContext,
  args: readonly string[],
  environment: { readonly [name: string]: string } = {},
): Started {
  const env = { PATH: process.env['PATH'], ...environment };
  const child = spawn(process.execPath, [program, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  t.after(() => child.kill('SIGKILL'));
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  return { child, output: () => output, errors: () => errors };
}

async function exitOf({ child }: Started): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
  return child.exitCode;
}

/** Starts a server on a free port and waits until it says where. */
async function serve(t: TestContext, args: readonly string[], environment?: { readonly [name: string]: string }) {
  const started = start(t, ['serve', '--port', '0', ...args], environment);
  const { stdout } = started.child;
  assert.ok(stdout !== null);
  for await (const line of createInterface({ input: stdout })) {
    const { url } = JSON.parse(line) as { url?: string };
    if (url !== undefined) return { ...started, url };
  }
  assert.fail(`it did not start: ${started.errors()}`);
}

async function temporaryDirectory(t: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'chat-cli-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

function post(url: string, session: string, body: unknown): Promise<Response> {
  const headers = { 'content-type': 'application/json', 'x-chat-session': session };
  return fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
}

test('serve answers from the demo’s articles without any configuration, and stops on SIGTERM with 0', async (t) => {
  const server = await serve(t, ['--data', await temporaryDirectory(t)]);
  const agent = `${server.url}/v1/agents/demo`;
  assert.partialDeepStrictEqual(await json(await fetch(agent)), { id: 'demo', access: 'open' });
  const response = await post(`${agent}/chat`, newSession(), sendBody('How do gift cards work?'));
  const frames = await allFrames(response);
  assert.match(textIn(frames), /gift card/i);
  assert.ok(frames.some(({ data }) => data.includes('"source-url"')));
  const origin = 'http://localhost:3000';
  const allowed = await fetch(agent, { headers: { origin } });
  assert.equal(allowed.headers.get('access-control-allow-origin'), origin);
  const events = await fetch(`${agent}/events`, { headers: { 'x-chat-session': newSession() } });
  server.child.kill('SIGTERM');
  assert.equal(await exitOf(server), 0);
  assert.deepEqual(await allFrames(events), []);
  assert.equal(server.errors(), '');
});

test('H4 the demo agent takes its key from WIDGET_JWT_HMAC_SECRET, and has none without it', async (t) => {
  const directory = await temporaryDirectory(t);
  const environment = { CHAT_DATA_DIR: join(directory, 'with') };
  const without = await serve(t, [], environment);
  const headers = { authorization: 'Bearer e30.e30.c2ln' };
  const ask = async (url: string) => json(await fetch(`${url}/v1/agents/demo/identity`, { method: 'POST', headers }));
  assert.deepEqual(await ask(without.url), { verified: false, reason: 'not_configured' });
  without.child.kill('SIGINT');
  assert.equal(await exitOf(without), 0);
  const secret = 'thirty-two-bytes-or-more-of-secret';
  const having = await serve(t, [], { ...environment, WIDGET_JWT_HMAC_SECRET: secret });
  assert.deepEqual(await ask(having.url), { verified: false, reason: 'unsupported_algorithm' });
  assert.ok(!having.output().includes(secret));
});

test('A14 H14 keys are made, used and retired by commands beside a running server', async (t) => {
  const directory = await temporaryDirectory(t);
  const server = await serve(t, ['--data', directory]);
  const run = async (...args: string[]) => {
    const command = start(t, [...args, '--data', directory]);
    return { code: await exitOf(command), output: command.output(), errors: command.errors() };
  };
  const { output } = await run('keys', 'create');
  const [, id = '', secret = ''] = /^key +(\S+)\nsecret +([0-9a-f]{64})\n$/.exec(output) ?? [];
  const token = (await run('token', 'sign', '--sub', 'user-1')).output.trim();
  const headers = { authorization: `Bearer ${token}` };
  const ask = async () => json(await fetch(`${server.url}/v1/agents/demo/identity`, { method: 'POST', headers }));
  assert.partialDeepStrictEqual(await ask(), { verified: true, subject: 'user-1' });
  assert.equal((await run('keys', 'retire', id)).code, 0);
  assert.deepEqual(await ask(), { verified: false, reason: 'not_configured' });
  const debugged = await run('token', 'debug', token);
  assert.equal(debugged.code, 1);
  assert.match(debugged.output, /^refused by agent "demo": not_configured\n/);
  const mistaken = await run('keys', 'retire', 'nobody');
  assert.equal(mistaken.code, 1);
  assert.match(mistaken.errors, /^chat-widget-server: Agent "demo" has no stored key "nobody"\.\n$/);
  assert.equal((await run('keys', 'frobnicate')).code, 2);
  assert.ok(!server.output().includes(secret) && !server.output().includes(token));
});

test('help, version and mistakes', async (t) => {
  const help = start(t, ['--help']);
  assert.equal(await exitOf(help), 0);
  assert.match(help.output(), /^Usage: chat-widget-server serve/);
  const version = start(t, ['--version']);
  assert.equal(await exitOf(version), 0);
  assert.match(version.output(), /^\d+\.\d+\.\d+\n$/);
  const mistake = start(t, ['serve', '--prot', '1']);
  assert.equal(await exitOf(mistake), 2);
  assert.match(mistake.errors(), /--prot[^]*Usage:/);
});

/** One sentence for a person, and no stack. */
function assertPlain(started: Started, message: RegExp): void {
  assert.match(started.errors(), message);
  assert.match(started.errors(), /^chat-widget-server: [^\n]+\n$/);
}

test('a port that is taken is said plainly', async (t) => {
  const taken = createServer().listen(0, '127.0.0.1');
  t.after(() => taken.close());
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  const second = start(t, ['serve', '--port', String(port), '--data', await temporaryDirectory(t)]);
  assert.equal(await exitOf(second), 1);
  assertPlain(second, new RegExp(`port ${port} is in use`));
});

test('a data directory that another server has is said plainly, and the first one goes on', async (t) => {
  const directory = await temporaryDirectory(t);
  const first = await serve(t, ['--data', directory]);
  const second = start(t, ['serve', '--port', '0', '--data', directory]);
  assert.equal(await exitOf(second), 1);
  assertPlain(second, /is in use by another chat server/);
  assert.equal((await fetch(`${first.url}/readyz`)).status, 200);
});

test('a configuration that does not fit is said plainly, with its place and without its secrets', async (t) => {
  const directory = await temporaryDirectory(t);
  const path = join(directory, 'chat.config.json');
  const secret = 'my-short-secret';
  await writeFile(
    path,
    JSON.stringify({
      agents: [{ id: 'a', name: 'A', knowledge: '.', keys: [{ id: 'k', secret }], policy: { expiry: 'soon' } }],
    }),
  );
  const args = ['serve', '--port', '0', '--data', join(directory, 'data'), '--config', path];
  const first = start(t, args);
  assert.equal(await exitOf(first), 1);
  assertPlain(first, /chat\.config\.json: agents\[0\]\.policy\.expiry: /);
  const broken = start(t, [...args.slice(0, -1), join(directory, 'absent.json')]);
  assert.equal(await exitOf(broken), 1);
  assertPlain(broken, /absent\.json: there is no such file/);
  for (const one of [first, broken]) assert.ok(!(one.output() + one.errors()).includes(secret));
});

const signingSecret = 'a-secret-that-signs-calls-and-nothing-else';
const wave = { name: 'wave', description: 'Waves', access: 'public', url: 'https://shop.example/wave' };

test('what the configuration names is what there is', async (t) => {
  const directory = await temporaryDirectory(t);
  await mkdir(join(directory, 'help'));
  await writeFile(join(directory, 'help', 'hours.md'), '# Opening hours\n\nWe open at nine in the morning.\n');
  const path = join(directory, 'chat.config.json');
  await writeFile(
    path,
    JSON.stringify({
      agents: [{ id: 'own', name: 'Own', knowledge: 'help', greeting: 'Hi there', signingSecret, actions: [wave] }],
    }),
  );
  const server = await serve(t, ['--data', join(directory, 'data')], { CHAT_CONFIG: path });
  assert.match(server.output(), /"agentId":"own"[^\n]*nobody can reach \\"wave\\"/);
  assert.partialDeepStrictEqual(await json(await fetch(`${server.url}/v1/agents/own`)), {
    name: 'Own',
    greeting: 'Hi there',
  });
  assert.equal((await fetch(`${server.url}/v1/agents/demo`)).status, 404);
  const response = await post(
    `${server.url}/v1/agents/own/chat`,
    newSession(),
    sendBody('When do you open? Opening hours?'),
  );
  assert.match(textIn(await allFrames(response)), /nine in the morning/);
});

test('a server that is killed in mid-reply loses no message, and its reply can be asked for again', async (t) => {
  const directory = await temporaryDirectory(t);
  // A model that begins to speak and then says nothing more.
  const model = createServer((_, answer) => {
    answer.writeHead(200, { 'content-type': 'text/event-stream' });
    const choice = { index: 0, delta: { role: 'assistant', content: 'Let me see' }, finish_reason: null };
    answer.write(
      `data: ${JSON.stringify({ id: '1', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [choice] })}\n\n`,
    );
  }).listen(0, '127.0.0.1');
  t.after(() => {
    model.closeAllConnections();
    model.close();
  });
  await once(model, 'listening');
  const { port } = model.address() as AddressInfo;
  const slow = await serve(t, ['--data', directory], {
    CHAT_MODEL_URL: `http://127.0.0.1:${port}/v1`,
    CHAT_MODEL: 'm',
  });
  const session = newSession();
  const body = sendBody('How do gift cards work?');
  const frames = framesOf(await post(`${slow.url}/v1/agents/demo/chat`, session, body));
  for await (const { data } of frames) if (data.includes('Let me see')) break;
  slow.child.kill('SIGKILL');
  await exitOf(slow);
  const next = await serve(t, ['--data', directory]);
  const agent = `${next.url}/v1/agents/demo`;
  type Messages = { messages: { id: string; parts: { text?: string }[]; metadata: { status: string } }[] };
  const read = async () =>
    json<Messages>(
      await fetch(`${agent}/conversations/${body.id}/messages`, { headers: { 'x-chat-session': session } }),
    );
  const { messages } = await read();
  assert.equal(messages[0]?.parts[0]?.text, 'How do gift cards work?');
  assert.equal(messages[1]?.metadata.status, 'interrupted');
  const replayed = await allFrames(await post(`${agent}/chat`, session, body));
  assert.equal(replayed.at(-1)?.data, '[DONE]');
  const again = { id: body.id, trigger: 'regenerate-message', messageId: messages[1].id };
  assert.match(textIn(await allFrames(await post(`${agent}/chat`, session, again))), /gift card/i);
  const after = await read();
  assert.deepEqual(
    after.messages.map(({ metadata }) => metadata.status),
    [messages[0].metadata.status, 'complete'],
  );
});

test('what Node’s parser refuses is answered with problem details as well', async (t) => {
  const server = await serve(t, ['--data', await temporaryDirectory(t)]);
  const send = (size: number) =>
    fetch(`${server.url}/v1/agents/demo/conversations`, { headers: { authorization: `Bearer ${'a'.repeat(size)}` } });
  assert.partialDeepStrictEqual(await problem(await send(40_000)), { status: 413, reason: 'too_large' });
  assert.partialDeepStrictEqual(await problem(await send(100_000)), { status: 413, code: 'too_large' });
});
