import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createKnowledgeIndex, loadDocuments } from '../../src/agents/index.ts';

const folder = new URL('../../../demo/articles', import.meta.url).pathname;
const index = createKnowledgeIndex(await loadDocuments(folder));

// The right article is not enough: what is shown is one passage of it.
const passages = [
  ['How long does delivery to Austria take?', 'Delivery times and costs per country'],
  ['do you deliver to the UK', 'Outside the European Union'],
  ['how do I reset my password', 'Resetting a forgotten password'],
  ['how often should I water a monstera', 'How often to water'],
  ['which plants are safe for cats', 'Safe and toxic plants'],
] as const;

for (const [question, heading] of passages) {
  test(`"${question}" is answered with the passage "${heading}"`, () => {
    assert.equal(index.search(question)[0]?.passage.headings.at(-1), heading);
  });
}
