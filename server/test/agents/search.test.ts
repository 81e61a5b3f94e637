import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createKnowledgeIndex, type KnowledgeDocument } from '../../src/agents/index.ts';
import { contentTerms, stem, wordsOf } from '../../src/agents/knowledge/words.ts';
import { answerable, unanswerable } from './questions.ts';
import { documents } from './turns.ts';

const index = createKnowledgeIndex(documents);

function urlsFor(question: string, previousQuestion?: string): readonly (string | undefined)[] {
  return index.search(question, { previousQuestion }).map(({ document }) => document.url);
}

function documentOf(title: string, text: string): KnowledgeDocument {
  return { id: `${title}.md`, title, keywords: [], passages: [{ headings: [], text }] };
}

describe('searching the help centre', () => {
  test('names the right article first for nine of ten questions, and among two for 95 of 100', () => {
    const misses = (top: number): readonly string[] =>
      answerable
        .filter(([question, url]) => !urlsFor(question).slice(0, top).includes(url))
        .map(([question]) => question);
    const [first, second] = [misses(1), misses(2)];
    assert.ok(first.length <= answerable.length * 0.1, `not first: ${first.join('; ')}`);
    assert.ok(second.length <= answerable.length * 0.05, `not among two: ${second.join('; ')}`);
  });

  for (const question of unanswerable) {
    test(`nothing fits: ${question}`, () => assert.deepEqual(urlsFor(question), []));
  }

  test('every article is the answer to a question of the table', () => {
    const asked = new Set(answerable.map(([, url]) => url));
    assert.deepEqual(
      documents.map(({ url }) => url).filter((url) => url === undefined || !asked.has(url)),
      [],
    );
  });

  test('gives the passage that fits, not the article as a whole', () => {
    const [match] = index.search('marked as delivered but nothing is there');
    assert.deepEqual(match?.passage.headings, ['Marked as delivered, but nothing is there']);
  });

  test('a short question leans on the one before it', () => {
    assert.equal(urlsFor('and to Austria?', 'How much is shipping to Germany?')[0], '/help/delivery');
    assert.equal(urlsFor('how long?', 'When do I get my refund on PayPal?')[0], '/help/refunds');
    assert.equal(urlsFor('what about ferns?', 'How often should I water my monstera?')[0], '/help/watering');
  });

  test('a question that stands alone does not lean, and an unrelated one finds nothing', () => {
    assert.equal(urlsFor('I forgot my password', 'How much is shipping to Germany?')[0], '/help/password');
    assert.deepEqual(urlsFor('and the president?', 'How much is shipping to Germany?'), []);
    assert.deepEqual(urlsFor('???', 'How much is shipping to Germany?'), []);
  });

  test('takes any text', () => {
    for (const empty of ['', ' ', '\0', '\uD800', '*'.repeat(9_000), 'a '.repeat(50_000)])
      assert.deepEqual(urlsFor(empty), []);
    for (const text of ['__proto__', '"AND OR NOT', 'delivery '.repeat(10_000)])
      assert.doesNotThrow(() => urlsFor(text));
  });

  test('words that every object has by inheritance are words like others', () => {
    const small = createKnowledgeIndex([documentOf('Building', 'The constructers and the proto types of everything.')]);
    assert.equal(small.search('constructor')[0]?.document.title, 'Building');
    assert.equal(small.search('__proto__')[0]?.document.title, 'Building');
  });

  test('a collection of one or two documents answers too', () => {
    const small = createKnowledgeIndex([
      documentOf('Opening hours', 'We are open from nine to five.'),
      documentOf('Parking', 'There are 40 places behind the house.'),
    ]);
    assert.equal(small.search('when are you open?')[0]?.document.title, 'Opening hours');
    assert.equal(small.search('is there parking')[0]?.document.title, 'Parking');
    assert.deepEqual(small.search('who is the president'), []);
  });

  test('an index without documents finds nothing', () => {
    assert.deepEqual(createKnowledgeIndex([]).search('delivery'), []);
  });
});

describe('words', () => {
  test('none is longer than a word can be, however long the run of letters: search costs the square of it', () => {
    // One sign that stands for six letters, so that a short message becomes a long run.
    const run = '\u3316'.repeat(4_000);
    assert.ok(wordsOf(run).length > 0);
    for (const word of [...wordsOf(run), ...contentTerms(run)]) assert.ok(word.length <= 64, `${word.length}`);
  });
  test('an ordinary long word stays whole', () => {
    const word = 'rindfleischetikettierungsueberwachungsaufgabengesetz';
    assert.deepEqual(wordsOf(word), [word]);
  });
});

describe('the light stemmer', () => {
  const families: readonly (readonly string[])[] = [
    ['water', 'waters', 'watering', 'watered'],
    ['repot', 'repots', 'repotting', 'repotted'],
    ['delivery', 'deliveries'],
    ['box', 'boxes'],
    ['leak', 'leaks', 'leaking'],
    ['charge', 'charges', 'charged', 'charging'],
    ['class', 'classes'],
  ];
  for (const family of families) {
    test(`brings together ${family.join(', ')}`, () => {
      assert.equal(new Set(family.map(stem)).size, 1, family.map(stem).join(', '));
    });
  }
  test('leaves short words and false endings alone', () => {
    for (const word of ['gas', 'bus', 'need', 'red', 'string', 'cactus', 'is', 'bed', 'feed'])
      assert.equal(stem(word), word);
  });
});
