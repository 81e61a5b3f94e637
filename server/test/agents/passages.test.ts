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
  ['Do you accept PayPal?', 'What you can pay with'],
  ['Do you deliver on Saturdays?', 'Choosing a day'],
  ['phone number', 'How to reach us'],
  ['do you ship to Germany', 'Delivery times and costs per country'],
  ['Do you ship to Austria?', 'Delivery times and costs per country'],
  ['How much light does a peace lily need?', 'Which window'],
  ['where should I put my ZZ plant', 'Which window'],
  ['my plant has too little light', 'Too little light'],
  ['How often do I water ferns?', 'How often to water'],
  ['which water for calathea', 'Which water'],
  ['Is the peace lily toxic?', 'Safe and toxic plants'],
  // What the demo's own buttons ask.
  ['How much light does a Monstera need?', 'Which window'],
  ['How do I keep the air humid enough for a fern?', 'Raising the humidity: more humid air'],
] as const;

// A question about all of an article gets its introduction, to which the agent adds the section after it.
const introductions = [
  ['Which payment methods do you take?', 'Payment methods'],
  ['How do I return something?', 'Returns'],
  ['How long does delivery take?', 'Delivery times and costs'],
  ['Can I return a plant after 3 weeks?', 'Returns'],
  ['my plant arrived dead', 'Damaged plants and broken articles'],
  ['Do you have a physical store?', 'Collecting your order'],
  ['Where is my order?', 'Tracking your order'],
] as const;

for (const [question, title] of introductions) {
  test(`"${question}" is answered with the introduction of "${title}"`, () => {
    const [match] = index.search(question);
    assert.equal(match?.document.title, title);
    assert.equal(match.passage, match.document.passages[0]);
  });
}

for (const [question, heading] of passages) {
  test(`"${question}" is answered with the passage "${heading}"`, () => {
    assert.equal(index.search(question)[0]?.passage.headings.at(-1), heading);
  });
}
