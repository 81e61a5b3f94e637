import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { after, test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { json, newSession, sendBody } from '../http/harness.ts';
import { openTestPostgres } from '../storage/test-stores.ts';

// Operating-system processes, all of them: two servers, and one for each command.
const postgres = await openTestPostgres();
const { missing: skip } = postgres;
after(() => postgres.stop());

const program = fileURLToPath(new URL('../../bin/chat-widget-server.mjs', import.meta.url));
type Environment = { readonly [name: string]: string };

function begin(t: TestContext, args: readonly string[], environment: Environment) {
  const env = { PATH: process.env['PATH'], ...environment };
  const child = spawn(process.execPath, [program, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  t.after(() => child.kill('SIGKILL'));
  return child;
}

/** Its address, once it says so. */
async function serve(t: TestContext, environment: Environment): Promise<string> {
  const { stdout, stderr } = begin(t, ['serve', '--port', '0'], environment);
  stderr.resume();
  for await (const line of createInterface({ input: stdout })) {
    const { url } = JSON.parse(line) as { url?: string };
    if (url !== undefined) return `${url}/v1/agents/demo`;
  }
  return assert.fail('it did not start');
}

async function run(t: TestContext, environment: Environment, ...args: readonly string[]): Promise<string> {
  const command = begin(t, [...args, '--agent', 'demo'], environment);
  const { stdout, stderr } = command;
  const [output, errors, [code]] = await Promise.all([text(stdout), text(stderr), once(command, 'close')]);
  assert.equal(code, 0, `${args.join(' ')}: ${errors}`);
  return output;
}

async function ask(url: string, token: string): Promise<unknown> {
  const headers = { authorization: `Bearer ${token}` };
  const { verified, reason, subject } = await json(await fetch(`${url}/identity`, { method: 'POST', headers }));
  return verified === true ? subject : reason;
}

async function say(url: string): Promise<number> {
  const headers = { 'content-type': 'application/json', 'x-chat-session': newSession() };
  const response = await fetch(`${url}/chat`, { method: 'POST', headers, body: JSON.stringify(sendBody('hello')) });
  await response.text();
  return response.status;
}

test(
  'H14 A14 two server processes on one Postgres know of each change of keys and policy with the next request',
  { skip, timeout: 120_000 },
  async (t) => {
    const environment = { DATABASE_URL: await postgres.createDatabase(), CHAT_MASTER_KEY: '07'.repeat(32) };
    const servers = [await serve(t, environment), await serve(t, environment)];
    const everywhere = <T>(look: (url: string) => Promise<T>) => Promise.all(servers.map(look));
    const command = (...args: string[]) => run(t, environment, ...args);

    await command('keys', 'create', '--id', 'first');
    const token = (await command('token', 'sign', '--sub', 'user-1', '--expires', '2h')).trim();
    assert.deepEqual(await everywhere((url) => ask(url, token)), ['user-1', 'user-1']);

    await command('policy', 'set', 'maxLifetimeSeconds=3600');
    assert.deepEqual(await everywhere((url) => ask(url, token)), ['lifetime_too_long', 'lifetime_too_long']);
    await command('policy', 'set', 'maxLifetimeSeconds=', 'access=verified-only');
    assert.deepEqual(await everywhere((url) => ask(url, token)), ['user-1', 'user-1']);
    assert.deepEqual(await everywhere(say), [403, 403]);
    await command('policy', 'set', 'access=');
    assert.deepEqual(await everywhere(say), [200, 200]);

    await command('keys', 'create', '--id', 'second');
    await command('keys', 'retire', 'first');
    assert.deepEqual(await everywhere((url) => ask(url, token)), ['invalid_signature', 'invalid_signature']);
    await command('keys', 'remove', 'second');
    assert.deepEqual(await everywhere((url) => ask(url, token)), ['not_configured', 'not_configured']);

    const [here = '', there = ''] = servers;
    await command('keys', 'create', '--id', 'third');
    const other = (await command('token', 'sign', '--sub', 'user-2')).trim();
    const headers = { authorization: `Bearer ${other}` };
    assert.equal((await fetch(`${here}/logout`, { method: 'POST', headers })).status, 204);
    assert.equal(await ask(there, other), 'revoked');
  },
);
