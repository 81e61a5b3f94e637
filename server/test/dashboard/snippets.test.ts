import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { collectSigningCode } from '../../../scripts/signing-code.ts';
import { accentFile, looksOf, signInAddress } from '../../src/dashboard/install/page-looks.ts';
import { snippetsFor } from '../../src/dashboard/install/snippets.ts';
import { snippets, typeScriptMistakes, variantsOf } from './snippet-code.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const php = spawnSync('php', ['--version']).error === undefined ? false : 'php is not installed';

describe('a snippet', () => {
  test('for every kind of site names the agent and the server, and the token only where visitors sign in', () => {
    for (const { id, files, identifiedFiles } of snippets) {
      const [plain, identified] = [files, identifiedFiles].map((list) => list.map(({ code }) => code).join('\n'));
      for (const code of [plain ?? '', identified ?? '']) {
        assert.match(code, /agent-id="acme"/, id);
        assert.match(code, /https:\/\/chat\.example\.com/, id);
      }
      assert.doesNotMatch(plain ?? '', /token/, id);
      assert.match(identified ?? '', /token-url="\//, id);
    }
  });

  test('for every kind of site says what the closed launcher wears, and where visitors sign in, where they do', () => {
    const looks = looksOf({ position: 'start', theme: 'dark', density: 'comfortable', font: 'Georgia' });
    const styles = accentFile({ accent: '#8a2be2' });
    const signInUrl = signInAddress('/login?from=chat&to=/') ?? assert.fail();
    for (const { id, files, identifiedFiles } of snippetsFor(
      { server: 'https://chat.example.com', agentId: 'acme', looks, signInUrl },
      styles,
    )) {
      const [plain = '', identified = ''] = [files, identifiedFiles].map((list) =>
        list.map(({ code }) => code).join('\n'),
      );
      for (const code of [plain, identified]) {
        assert.match(code, /(data-)?position="start" \1theme="dark"/, id);
        assert.doesNotMatch(code, /density|Georgia/, id);
        assert.match(code, /chat-widget {\n {2}--chat-accent: #8a2be2;\n}/, id);
      }
      assert.doesNotMatch(plain, /sign-in-url/, id);
      assert.match(identified, /sign-in-url="\/login\?from=chat&amp;to=\/"/, id);
    }
  });

  test('says nothing of what is not a colour, a place, or an address to follow', () => {
    assert.deepEqual(looksOf({ position: '"><script>', theme: 'toString' }), []);
    for (const accent of ['red;}body{display:none', 'url(x)', 'var(--x)', '</style>'])
      assert.deepEqual(accentFile({ accent }), []);
    for (const address of [
      '//evil.example',
      'http://shop.example',
      'javascript:alert(1)',
      "/'",
      '/"',
      '/{{x}}',
      '/`',
      '/ x',
    ]) {
      assert.equal(signInAddress(address), undefined, address);
    }
    assert.equal(signInAddress('https://shop.example/login'), 'https://shop.example/login');
  });

  test('for React and Angular is TypeScript without mistakes', () => {
    for (const id of ['react', 'angular'] as const) {
      for (const files of variantsOf(id)) {
        for (const { name, code } of files) assert.deepEqual(typeScriptMistakes(code, name), [], `${id} ${name}`);
      }
    }
    assert.notDeepEqual(typeScriptMistakes('<chat-widget agent-id="x>', 'x.tsx'), []);
  });

  test('for WordPress is PHP without mistakes, and writes the attributes into the tag', { skip: php }, async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'chat-snippet-'));
    t.after(() => rm(folder, { recursive: true, force: true }));
    for (const [at, files] of variantsOf('wordpress').entries()) {
      const plugin = join(folder, `plugin-${at}.php`);
      await writeFile(plugin, files[0]?.code ?? '');
      const lint = spawnSync('php', ['-l', plugin], { encoding: 'utf8' });
      assert.equal(lint.status, 0, lint.stdout + lint.stderr);
      const { status, stdout, stderr } = spawnSync('php', ['-r', wordPress(plugin)], { encoding: 'utf8' });
      assert.equal(status, 0, stderr);
      const [tag = '', token = ''] = stdout.split('\n');
      assert.match(tag, /^<script data-agent-id="acme"[^>]* src="https:\/\/chat\.example\.com\/widget\/chat\.js"/);
      if (at === 0) assert.equal(token, '');
      else await verifies(token);
    }
  });

  test('for Shopify is Liquid that ends what it begins', () => {
    for (const files of variantsOf('shopify')) {
      const code = files.map((file) => file.code).join('\n');
      const tags = [...code.matchAll(/\{%-?\s*(\w+)[^%]*-?%\}/g)].map(([, name]) => name);
      assert.ok(tags.length === 0 || tags.join(' ') === 'if else endif', tags.join(' '));
      assert.equal(code.replaceAll(/\{%[^%]*%\}/g, '').match(/[{}]/), null);
    }
    // No parser of Liquid is installed here: this looks at its tags alone.
  });
});

describe('the signing code', () => {
  test('is there in seven languages, as the guide has it', async () => {
    const code = await collectSigningCode(root);
    assert.deepEqual(
      code.map(({ id }) => id),
      ['node', 'python', 'php', 'ruby', 'go', 'java', 'perl'],
    );
    for (const { id, file, code: text } of code) {
      assert.ok(existsSync(join(root, 'docs/signing', id, file)));
      assert.match(text, /WIDGET_JWT_HMAC_SECRET/, id);
    }
  });
});

/** As much of WordPress as the plugin calls, with a user who is signed in. */
function wordPress(plugin: string): string {
  return `
    define('ABSPATH', '/'); define('CHAT_WIDGET_SECRET', '${secret}');
    $hooks = [];
    function add_action($name, $do) { global $hooks; $hooks[$name] = $do; }
    function add_filter($name, $do) { global $hooks; $hooks[$name] = $do; }
    function wp_enqueue_script($handle, $src) { global $hooks; echo $hooks['script_loader_tag']("<script src=\\"$src\\"></script>", $handle), "\\n"; }
    function wp_get_current_user() { return (object) ['ID' => 7, 'display_name' => 'Ada', 'user_email' => 'ada@shop.example']; }
    function wp_json_encode($value) { return json_encode($value); }
    function wp_send_json($value) { echo $value['token']; }
    function nocache_headers() {}
    require '${plugin}';
    $hooks['wp_enqueue_scripts']();
    if (isset($hooks['wp_ajax_chat_widget_token'])) $hooks['wp_ajax_chat_widget_token']();
  `;
}

const secret = 'a-secret-of-the-shop-that-nobody-else-knows';

async function verifies(token: string): Promise<void> {
  const { default: jsonwebtoken } = await import('jsonwebtoken');
  const claims = jsonwebtoken.verify(token, secret, { algorithms: ['HS256'] });
  assert.partialDeepStrictEqual(claims, { sub: '7', name: 'Ada', email: 'ada@shop.example' });
}
