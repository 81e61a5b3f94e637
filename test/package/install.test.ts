import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { packWidget } from '../../scripts/pack.ts';
import { runCommand, type CommandResult } from '../../scripts/run-command.ts';
import { readManifest } from '../../scripts/sizes.ts';

const entries = ['chat-widget', 'chat-widget/element', 'chat-widget/client'];

/** What a page in TypeScript does with the package. Each line below an `@ts-expect-error` must be refused. */
const program = `
import { type ChatApi, type ChatWidgetEventMap, ChatWidgetElement, type WidgetOptions } from 'chat-widget';
import { ChatWidgetElement as Unregistered } from 'chat-widget/element';
import { type ChatClient, ChatError, createChatClient } from 'chat-widget/client';

const options: WidgetOptions = { agentId: 'acme', mode: 'inline', metadata: { plan: 'free' }, tokenProvider: async () => 'eyJ' };
const chat: ChatApi = window.chat;
export const widget: ChatWidgetElement = await chat.init(options);
const stop: () => void = chat.on('unread-changed', ({ count }) => console.log(count.toFixed()));
stop();
const { state } = await chat.identify(async () => 'eyJ');
if (state === 'verified') await chat.send('Hello');

const element = document.createElement('chat-widget');
element.suggestions = ['Where is my order?'];
element.addEventListener('chat-identity-changed', ({ detail }) => console.log(detail.state, detail.reason));
document.addEventListener('chat-message-sending', (event) => event.detail.text === '' && event.preventDefault());
export const failed = (event: ChatWidgetEventMap['chat-failed']): boolean => event.detail.retryable;
customElements.define('my-chat', class extends Unregistered {});

const client: ChatClient = createChatClient({ server: 'https://chat.example.com', agentId: 'acme', onEvent: () => true });
client.send('Hello').catch((error: unknown) => error instanceof ChatError && error.code);

// @ts-expect-error no such mode
export const mode: WidgetOptions = { mode: 'sideways' };
// @ts-expect-error no such event
chat.on('unread', () => {});
// @ts-expect-error the detail has no such name
element.addEventListener('chat-identity-changed', ({ detail }) => detail.token);
// @ts-expect-error a list of texts
element.suggestions = 'Where is my order?';
// @ts-expect-error a token or a function
void chat.identify(42);
`;

const compilerOptions = { strict: true, noEmit: true, target: 'es2023', lib: ['es2023', 'dom'], types: [] };

describe('the package, installed into an empty project without a network', () => {
  let folder = '';
  const inFolder = (command: string, ...args: string[]): Promise<CommandResult> =>
    runCommand(command, args, { cwd: folder });

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'chat-widget-install-'));
    const tarball = await packWidget(folder);
    await writeFile(path.join(folder, 'package.json'), '{"name": "empty", "private": true, "type": "module"}');
    const { exitCode, output } = await inFolder('npm', 'install', '--offline', '--loglevel', 'error', tarball);
    assert.equal(exitCode, 0, output);
  });

  after(() => rm(folder, { recursive: true, force: true }));

  it('can be imported in Node, and brings nothing else along', async () => {
    const code = `
      const offered = {};
      for (const name of ${JSON.stringify(entries)}) offered[name] = Object.keys(await import(name));
      console.log(JSON.stringify({ offered, hasDom: 'document' in globalThis }));
    `;
    const { output } = await inFolder('node', '--input-type=module', '--eval', code);
    const { offered, hasDom } = JSON.parse(output) as { offered: Record<string, string[]>; hasDom: boolean };
    assert.equal(hasDom, false);
    assert.ok(offered['chat-widget']?.includes('ChatWidgetElement'));
    assert.ok(offered['chat-widget/element']?.includes('ChatWidgetElement'));
    assert.ok(offered['chat-widget/client']?.includes('createChatClient'));
    const { output: tree } = await inFolder('npm', 'ls', '--all', '--parseable', '--loglevel', 'error');
    assert.equal(tree.trim().split('\n').length, 2, tree);
  });

  for (const moduleResolution of ['bundler', 'nodenext']) {
    it(`types the element, its events, the client and window.chat: moduleResolution ${moduleResolution}`, async () => {
      const config = path.join(folder, `tsconfig.${moduleResolution}.json`);
      const module = moduleResolution === 'bundler' ? 'esnext' : 'nodenext';
      await writeFile(path.join(folder, 'program.ts'), program);
      await writeFile(
        config,
        JSON.stringify({ compilerOptions: { ...compilerOptions, module, moduleResolution }, files: ['program.ts'] }),
      );
      // Without `skipLibCheck`: the declarations themselves are checked, too.
      const { exitCode, output } = await inFolder('tsc', '-p', config);
      assert.equal(exitCode, 0, output);
    });
  }

  it('holds the build and what describes it, and nothing of the tests, the server or an older build', async () => {
    const { output } = await inFolder('find', 'node_modules/chat-widget', '-type', 'f');
    const files = output
      .trim()
      .split('\n')
      .map((file) => file.replace('node_modules/chat-widget/', ''));
    const scripts = files.filter((file) => file.startsWith('dist/') && file.endsWith('.js'));
    const { files: built } = await readManifest();
    assert.deepEqual(
      scripts.toSorted(),
      Object.keys(built)
        .map((name) => `dist/${name}`)
        .toSorted(),
    );
    const others = files.filter((file) => !/\.d\.ts$|^CHANGELOG/.test(file) && !scripts.includes(file));
    assert.deepEqual(others.toSorted(), [
      'LICENSE',
      'README.md',
      'dist/integrity.json',
      'dist/licenses.txt',
      'package.json',
      'package/css-custom-data.json',
      'package/custom-elements.json',
      'package/html-custom-data.json',
    ]);
    for (const file of files.filter((name) => name.endsWith('.d.ts'))) {
      assert.match(file, /^(types\/\w+|package\/types\/(page|shell|client|protocol|strings)\/[\w-]+)\.d\.ts$/);
      assert.doesNotMatch(
        await readFile(path.join(folder, 'node_modules/chat-widget', file), 'utf8'),
        /\.ts['"]/,
        file,
      );
    }
  });
});
