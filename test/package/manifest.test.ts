import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { repositoryFolder } from '../../scripts/build.ts';
import { cssCustomData, htmlCustomData, readManifest, type ElementDescription } from '../../scripts/editor-data.ts';
import { listFiles } from '../../scripts/list-files.ts';
import { runCommand } from '../../scripts/run-command.ts';
import { watchedAttributes } from '../../src/shell/controller.ts';
import { ChatWidgetElement, type ChatWidgetEventMap } from '../../src/shell/index.ts';

type Named = { readonly name: string; readonly description?: string };

describe('custom-elements.json', () => {
  let element: ElementDescription;

  before(async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'chat-widget-manifest-'));
    after(() => rm(folder, { recursive: true, force: true }));
    const config = 'scripts/custom-elements.config.mjs';
    const outdir = path.relative(repositoryFolder, folder);
    const { output } = await runCommand('custom-elements-manifest', [
      'analyze',
      '--config',
      config,
      '--outdir',
      outdir,
    ]);
    const json = await readFile(path.join(folder, 'custom-elements.json'), 'utf8').catch(() => assert.fail(output));
    element = readManifest(json);
  });

  it('describes every attribute that the element reads, and no other', () => {
    const atTheBeginning = ['agent-name', 'endpoint-model', 'endpoint-type', 'greeting'];
    const whenNeeded = ['sign-in-url'];
    const { observedAttributes } = ChatWidgetElement;
    assert.deepEqual(
      namesOf(element.attributes),
      [...observedAttributes, ...watchedAttributes, ...atTheBeginning, ...whenNeeded].toSorted(),
    );
    assertDescribed(element.attributes);
  });

  it('describes every event, with the type of its detail', () => {
    // As an object, so that an event that is missing here is a type error.
    const events: Record<keyof ChatWidgetEventMap, true> = {
      'chat-ready': true,
      'chat-opened': true,
      'chat-closed': true,
      'chat-identity-changed': true,
      'chat-token-expiring': true,
      'chat-sign-in-requested': true,
      'chat-message-sending': true,
      'chat-message-sent': true,
      'chat-message-received': true,
      'chat-unread-changed': true,
      'chat-failed': true,
    };
    assert.deepEqual(namesOf(element.events), Object.keys(events).toSorted());
    assertDescribed(element.events);
    for (const { type } of element.events) assert.match(type?.text ?? '', /^CustomEvent</);
  });

  it('describes every property and method of the element', () => {
    const { members } = element as unknown as { members: readonly Named[] };
    const own = Object.getOwnPropertyNames(ChatWidgetElement.prototype);
    const isPublic = (name: string): boolean => name !== 'constructor' && !name.endsWith('Callback');
    assert.deepEqual(namesOf(members), own.filter(isPublic).toSorted());
  });

  it('describes every part that is drawn, and no other', async () => {
    const sources = await listFiles('src/{panel,markdown,shell}/**/*.ts');
    const text = (await Promise.all(sources.map((file) => readFile(file, 'utf8')))).join('\n');
    const written =
      /\b(?:part=|partElement\('\w+', |smallButton\(|setAttribute\('part', |part(?: = |\.add\())(["'])(.*?)\1(?=[\s,;)>])/g;
    const parts = [...text.matchAll(written)].flatMap(([, , names = '']) => names.match(/[a-z][a-z-]*/g) ?? []);
    // In `${author.kind === 'operator' ? ' operator-message' : ''}` there are words that are no names.
    const drawn = parts.filter((name) => name !== 'kind' && name !== 'operator');
    assert.deepEqual([...new Set(drawn)].toSorted(), namesOf(element.cssParts), 'see src/panel/styling.ts');
    assertDescribed(element.cssParts);
  });

  it('describes every custom property that counts, as the documentation does', async () => {
    const sources = await listFiles('src/{panel,shell}/**/*.ts');
    const text = (await Promise.all(sources.map((file) => readFile(file, 'utf8')))).join('\n');
    const counting = [...text.matchAll(/var\(\s*(--chat-[a-z-]+)/g)].map(([, name = '']) => name);
    const described = namesOf(element.cssProperties);
    assert.deepEqual([...new Set(counting)].toSorted(), described, 'see src/panel/styling.ts');
    const page = await readFile('docs/styling.md', 'utf8');
    const listed = [...page.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, name = '']) => name).toSorted();
    assert.deepEqual(listed, [...described, ...namesOf(element.cssParts)].toSorted());
  });

  it('is what editors are told', () => {
    const html = htmlCustomData(element) as { tags: { name: string; attributes: Named[] }[] };
    assert.equal(html.tags[0]?.name, 'chat-widget');
    const theme = html.tags[0].attributes.find(({ name }) => name === 'theme') as Named & { values?: Named[] };
    assert.deepEqual(theme.values, [{ name: 'auto' }, { name: 'light' }, { name: 'dark' }]);
    const css = cssCustomData(element) as { properties: Named[]; pseudoElements: Named[] };
    assert.ok(namesOf(css.properties).includes('--chat-accent'));
    assert.ok(namesOf(css.pseudoElements).includes('::part(panel)'));
  });
});

const namesOf = (entries: readonly Named[]): string[] => entries.map(({ name }) => name).toSorted();

function assertDescribed(entries: readonly Named[]): void {
  for (const { name, description } of entries)
    assert.ok(description, `${name} is not described in src/shell/markup.ts`);
}
