import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { chatActions } from '../../demo/chat-actions.ts';
import { writeDemoConfig } from '../../scripts/start/demo-config.ts';
import { actionSettingsSchema, createAgent, createHttpAction, nobody } from '../../server/src/agents/index.ts';
import { decodeConfig } from '../../server/src/config/index.ts';
import { articles, replyOf, turnOf } from '../../server/test/agents/turns.ts';

const [shopOrigin, secret] = ['http://127.0.0.1:1', 'a-secret-of-the-demo-that-is-long-enough'];
const actions = chatActions(shopOrigin, secret).map((settings) =>
  createHttpAction(actionSettingsSchema.parse(settings), secret),
);
const actor = { user: nobody, lapse: () => Promise.resolve(undefined), report: () => Promise.resolve() };

const folder = mkdtempSync(join(tmpdir(), 'demo-config-'));
const file = writeDemoConfig(folder, shopOrigin, secret);
const config = decodeConfig(JSON.parse(readFileSync(file, 'utf8')));
const [shop] = config.agents;
const allowed = config.agentFolders.map((each) => resolve(folder, each));
rmSync(folder, { recursive: true });

test('agents that are made in the demo’s dashboard can answer from its articles', () => {
  assert.deepEqual(allowed, [fileURLToPath(new URL('../../demo/articles', import.meta.url))]);
  assert.equal(resolve(folder, shop?.knowledge ?? ''), allowed[0]);
});

test('the demo greets in English, German and Arabic', () => {
  for (const said of [shop?.greeting.byLocale, shop?.suggestions.byLocale]) {
    assert.deepEqual(Object.keys(said ?? {}), ['en', 'de', 'ar']);
  }
});

for (const [locale, suggestions] of Object.entries(shop?.suggestions.byLocale ?? {})) {
  for (const suggestion of suggestions) {
    test(`what the demo suggests has an answer (${locale}): ${suggestion}`, async () => {
      const agent = await createAgent({ documents: articles, actions });
      const { text, urls, parts } = await replyOf(agent, turnOf(suggestion, { actor }));
      assert.doesNotMatch(text, /found nothing/);
      assert.match(urls[0] ?? '', /^\/help\/(tracking|returns|payment)$/);
      // The first one in each language is about the visitor's own orders.
      const asksToSignIn = parts.some(({ type }) => type === 'data-sign-in-required');
      assert.equal(asksToSignIn, suggestion === suggestions[0]);
    });
  }
}

test('a long answer of the demo takes two to three seconds', async () => {
  const { text } = await replyOf(await createAgent({ documents: articles }), turnOf('How do I return something?'));
  const seconds = (text.match(/\S+/g)?.length ?? 0) / (shop?.wordsPerSecond ?? Number.POSITIVE_INFINITY);
  assert.ok(seconds > 1.5 && seconds < 3.5, `${seconds} s`);
});
