import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it, type TestContext } from 'node:test';
import { repositoryFolder } from '../../scripts/build.ts';
import { packWidget } from '../../scripts/pack.ts';
import { runCommand, type CommandResult } from '../../scripts/run-command.ts';
import { copyDependencies } from './support/copy-dependencies.ts';

const program = `
import { createChatServer, defineAction, type ChatServer, type ConfigInput } from 'chat-widget-server';
import { signUserToken, type UserToken } from 'chat-widget-server/sign';

const config: ConfigInput = { agents: [{ id: 'shop', name: 'Shop', knowledge: './articles' }] };
export const server: ChatServer = createChatServer({ config, baseDirectory: '.', store: { dataDirectory: './data' } });
const user: UserToken = { secret: '', subject: '42' };
export const token: string = await signUserToken(user);
// @ts-expect-error a text
void signUserToken({ secret: '', subject: 42 });
void defineAction;
`;

const signing = `
import { signUserToken } from 'chat-widget-server/sign';
console.log(process.version, await signUserToken({ secret: 's'.repeat(32), subject: '42' }));
`;

/** The oldest Node that a backend may sign on: the one that this machine has beside the project's own, if any. */
async function findNode20(): Promise<string | undefined> {
  const found =
    process.env['NODE_20'] === undefined ? ['/usr/local/bin/node', '/usr/bin/node'] : [process.env['NODE_20']];
  for (const node of found) {
    const { exitCode, output } = await runCommand(node, ['--version']);
    if (exitCode === 0 && output.startsWith('v20.')) return node;
  }
  return undefined;
}

describe('the server’s package, installed into an empty project without a network', { timeout: 180_000 }, () => {
  let folder = '';
  const cli = 'node_modules/.bin/chat-widget-server';
  // Of the settings of whoever runs the tests, none.
  const env = { CHAT_CONFIG: '', CHAT_DATA_DIR: '', CHAT_MASTER_KEY: '', DATABASE_URL: '', WIDGET_JWT_HMAC_SECRET: '' };
  const inFolder = (command: string, ...args: string[]): Promise<CommandResult> =>
    runCommand(command, args, { cwd: folder, env });

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'chat-widget-server-install-'));
    const tarball = await packWidget(folder, 'server');
    const { dependencies } = await readPackage();
    await copyDependencies([...Object.keys(dependencies), '@types/node'], folder);
    const packages = { name: 'empty', private: true, type: 'module', devDependencies: { '@types/node': '*' } };
    await writeFile(path.join(folder, 'package.json'), JSON.stringify(packages));
    const { exitCode, output } = await inFolder(
      'npm',
      'install',
      '--offline',
      '--cache',
      'no-cache',
      '--loglevel',
      'error',
      tarball,
    );
    assert.equal(exitCode, 0, output);
  });

  after(() => rm(folder, { recursive: true, force: true }));

  it('says its version, makes a key and signs a token', async () => {
    const { version } = await readPackage();
    assert.deepEqual(ended(await inFolder(cli, '--version')), { exitCode: 0, output: `${version}\n` });
    const created = await inFolder(cli, 'keys', 'create', '--agent', 'demo', '--data', 'data');
    assert.equal(created.exitCode, 0, created.output);
    assert.match(created.output, /^secret {2}[0-9a-f]{64}$/m);
    const signed = await inFolder(cli, 'token', 'sign', '--agent', 'demo', '--sub', 'user-1', '--data', 'data');
    assert.equal(signed.exitCode, 0, signed.output);
    assert.match(signed.output, /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/m);
  });

  it('serves the demo agent and the very widget that was built, compressed as well', async (t) => {
    const url = await serve(t, folder, env);
    const health = await fetch(`${url}/healthz`);
    assert.equal(health.status, 200);
    const agent = (await (await fetch(`${url}/v1/agents/demo`)).json()) as { name: string };
    assert.equal(agent.name, 'Fernhill help');
    const script = await fetch(`${url}/widget/chat.js`, { headers: { 'accept-encoding': 'br' } });
    assert.equal(script.headers.get('content-encoding'), 'br');
    const text = await script.text();
    assert.equal(text, await readFile(path.join(folder, installed, 'dist/dist/chat.js'), 'utf8'));
    const [, chunk] = /(chunks\/[\w-]+\.js)/.exec(text) ?? [];
    assert.equal((await fetch(`${url}/widget/${chunk}`)).status, 200);
  });

  it('signs tokens on this Node', async () => {
    const { output } = await inFolder('node', '--input-type=module', '--eval', signing);
    assert.match(output, /^v2\d\S+ eyJ[\w-]+\.[\w-]+\.[\w-]+\n$/);
  });

  it('signs tokens on Node 20, whose users are told by the command line that the server needs a newer one', async (t) => {
    const node20 = await findNode20();
    if (node20 === undefined) return t.skip('there is no Node 20 on this machine: name one as NODE_20');
    const { output } = await inFolder(node20, '--input-type=module', '--eval', signing);
    assert.match(output, /^v20\.\S+ eyJ[\w-]+\.[\w-]+\.[\w-]+\n$/);
    const refused = await inFolder(node20, cli, '--version');
    assert.equal(refused.exitCode, 1);
    assert.match(refused.output, /needs Node 22\.18 or newer/);
    return undefined;
  });

  it('types the library and the signing for projects in TypeScript', async () => {
    const options = { strict: true, noEmit: true, target: 'es2023', lib: ['es2023'], types: ['node'] };
    const compilerOptions = { ...options, module: 'nodenext', skipLibCheck: true };
    await writeFile(path.join(folder, 'program.ts'), program);
    await writeFile(path.join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['program.ts'] }));
    const { exitCode, output } = await inFolder('tsc', '-p', path.join(folder, 'tsconfig.json'));
    assert.equal(exitCode, 0, output);
  });

  it('holds no tests, no TypeScript but declarations, and nothing of the machine that built it', async () => {
    const { output } = await inFolder('find', installed, '-type', 'f');
    const files = output
      .trim()
      .split('\n')
      .map((file) => file.replace(`${installed}/`, ''));
    const known =
      /^(?:LICENSE|README\.md|CHANGELOG\.md|package\.json|bin\/chat-widget-server\.mjs|dist\/(?:server\/src|src\/protocol)\/[\w/-]+(?:\.d\.ts|\.js)|dist\/demo\/articles\/[\w/-]+\.md|dist\/dist\/.+)$/;
    assert.deepEqual(
      files.filter((file) => !known.test(file) || /(^|\/)test\/|\.test\./.test(file)),
      [],
    );
    for (const file of files.filter((name) => /\.(d\.ts|m?js|json)$/.test(name))) {
      const text = await readFile(path.join(folder, installed, file), 'utf8');
      assert.ok(!text.includes(repositoryFolder), file);
      if (file.startsWith('dist/server/')) assert.doesNotMatch(text, /from ['"]\.{1,2}\/[^'"]+\.ts['"]/, file);
    }
  });
});

const installed = 'node_modules/chat-widget-server';

async function readPackage() {
  const text = await readFile(path.join(repositoryFolder, 'server/package.json'), 'utf8');
  return JSON.parse(text) as { version: string; dependencies: Record<string, string> };
}

const ended = ({ exitCode, output }: CommandResult) => ({ exitCode, output });

/** Starts the installed server on a free port, for one test, and says where it is. */
async function serve(t: TestContext, folder: string, env: Readonly<Record<string, string>>): Promise<string> {
  const bin = path.join(folder, installed, 'bin/chat-widget-server.mjs');
  const child = spawn(process.execPath, [bin, 'serve', '--port', '0', '--data', 'data'], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(async () => {
    const closed = once(child, 'close');
    child.kill('SIGKILL');
    await closed;
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const ready = /is ready at (http:[\w:/.]+)/.exec(line)?.[1];
    if (ready !== undefined) return ready;
  }
  throw new Error('The installed server ended before it was ready.');
}
