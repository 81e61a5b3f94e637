import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { KnowledgeError, loadDocuments, type KnowledgeErrorCode } from '../../src/agents/index.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'documents-'));
});

afterEach(async () => rm(folder, { recursive: true, force: true }));

async function put(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), content);
}

async function refusal(code: KnowledgeErrorCode, path: string, limits = {}): Promise<void> {
  await assert.rejects(loadDocuments(folder, limits), (error) => {
    assert.ok(error instanceof KnowledgeError);
    assert.equal(error.code, code);
    assert.ok(error.message.includes(path), `${error.message} names ${path}`);
    return true;
  });
}

describe('loading documents', () => {
  test('reads Markdown of all folders below, with front matter, in the order of paths', async () => {
    await put('b.md', '# Second\n\nText.');
    await put('a/first.md', '---\ntitle: First\nurl: /help/first\nkeywords: [one, two words]\n---\nIntro.\n');
    await put('notes.txt', 'not Markdown');
    await put('.hidden/x.md', 'hidden');
    const found = await loadDocuments(folder);
    assert.deepEqual(
      found.map(({ id, title, url, keywords }) => ({ id, title, url, keywords })),
      [
        { id: 'a/first.md', title: 'First', url: '/help/first', keywords: ['one', 'two words'] },
        { id: 'b.md', title: 'Second', url: undefined, keywords: [] },
      ],
    );
    assert.deepEqual(found[1]?.passages, [{ headings: [], text: 'Text.' }]);
  });

  test('takes the file name where there is neither a title nor a heading', async () => {
    await put('opening-hours.md', 'From nine to five.');
    assert.equal((await loadDocuments(folder))[0]?.title, 'opening hours');
  });

  test('accepts a byte order mark and Windows line ends', async () => {
    await put('a.md', '\uFEFF---\r\ntitle: Marked\r\n---\r\n# A heading\r\n\r\nText.\r\n');
    const [found] = await loadDocuments(folder);
    assert.equal(found?.title, 'Marked');
    assert.deepEqual(found?.passages, [{ headings: ['A heading'], text: 'Text.' }]);
  });

  for (const opening of [
    '---js',
    '--- javascript',
    '---\tcoffee',
    '---cson',
    '---json',
    '---__proto__',
    '---constructor',
  ]) {
    test(`never evaluates front matter: ${JSON.stringify(opening)} is refused`, async () => {
      await put('evil.md', `${opening}\n{ title: (globalThis.evaluated = 'yes') }\n---\nText.`);
      await refusal('knowledge_invalid', 'evil.md');
      assert.equal('evaluated' in globalThis, false);
    });
  }

  test('never evaluates front matter: YAML tags of JavaScript are refused', async () => {
    await put('evil.md', "---\ntitle: !!js/function 'function () { return 1 }'\n---\nText.");
    await refusal('knowledge_invalid', 'evil.md');
  });

  for (const url of [
    ['javascript', 'alert(1)'].join(':'),
    '//evil.example/x',
    '/\\evil.example',
    'data:text/html,x',
    'help/returns',
  ]) {
    test(`refuses the address ${url}`, async () => {
      await put('a.md', `---\nurl: '${url}'\n---\nText.`);
      await refusal('knowledge_invalid', 'a.md');
    });
  }

  test('names a folder that is missing, and a file that was given as a folder', async () => {
    await put('file.md', 'x');
    for (const path of [join(folder, 'nowhere'), join(folder, 'file.md')]) {
      await assert.rejects(loadDocuments(path), { code: 'knowledge_folder_missing', path });
    }
  });

  test('says that a folder without text is empty', async () => {
    await put('empty.md', '---\ntitle: Nothing\n---\n\n');
    await refusal('knowledge_empty', folder);
  });

  test('holds to its limits', async () => {
    await put('a.md', 'x'.repeat(100));
    await put('b.md', 'x'.repeat(100));
    await refusal('knowledge_too_large', 'a.md', { maxFileBytes: 99 });
    await refusal('knowledge_too_large', folder, { maxTotalBytes: 199 });
    await refusal('knowledge_too_large', folder, { maxFiles: 1 });
    assert.equal((await loadDocuments(folder, { maxFileBytes: 100, maxTotalBytes: 200, maxFiles: 2 })).length, 2);
  });

  test('refuses what is not UTF-8', async () => {
    await put('latin.md', Uint8Array.from([0x63, 0x61, 0x66, 0xe9]));
    await refusal('knowledge_invalid', 'latin.md');
  });

  test('follows no link out of the folder, and no link to a folder', async () => {
    await put('inside/real.md', 'Real.');
    await put('inside/sub/other.md', 'Other.');
    await put('secret.md', 'Secret.');
    await put('inside-too/secret.md', 'A name that begins alike.');
    await symlink(join(folder, 'secret.md'), join(folder, 'inside/out.md'));
    await symlink(join(folder, 'inside-too/secret.md'), join(folder, 'inside/alike.md'));
    await symlink(join(folder, 'inside/real.md'), join(folder, 'inside/within.md'));
    await symlink(join(folder, 'inside/nowhere.md'), join(folder, 'inside/dangling.md'));
    await symlink(join(folder, 'inside'), join(folder, 'inside/sub/loop'));
    await symlink(folder, join(folder, 'inside/up.md'));
    const found = await loadDocuments(join(folder, 'inside'));
    assert.deepEqual(
      found.map(({ id }) => id),
      ['real.md', 'sub/other.md', 'within.md'],
    );
  });
});
