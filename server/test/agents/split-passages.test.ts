import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { maxPassageCharacters, splitPassages } from '../../src/agents/knowledge/split-passages.ts';

type Case = {
  readonly title: string;
  readonly markdown: string;
  readonly passages: readonly [path: string, text: string][];
};

const cases: readonly Case[] = [
  {
    title: 'a passage a heading, with the path of headings above it',
    markdown: 'Intro.\n\n## A\n\nOne.\n\n### B ###\n\nTwo.\n\n## C\nThree.',
    passages: [
      ['', 'Intro.'],
      ['A', 'One.'],
      ['A > B', 'Two.'],
      ['C', 'Three.'],
    ],
  },
  {
    title: 'headings of a skipped level',
    markdown: '# Top\n\n### Deep\n\nText.\n\n## Middle\n\nMore.',
    passages: [
      ['Top > Deep', 'Text.'],
      ['Top > Middle', 'More.'],
    ],
  },
  {
    title: 'a fence of code is no place for headings',
    markdown: '## Real\n\n```sh\n# comment\n\n## not a heading\n```\n\nAfter.',
    passages: [['Real', '```sh\n# comment\n\n## not a heading\n```\n\nAfter.']],
  },
  {
    title: 'a fence is closed by its own sign, at least as long',
    markdown: '````\n```\n## code\n~~~\n````\n\n## Real\n\n~~~ js\n```\n# code\n~~~~\n\nEnd.',
    passages: [
      ['', '````\n```\n## code\n~~~\n````'],
      ['Real', '~~~ js\n```\n# code\n~~~~\n\nEnd.'],
    ],
  },
  {
    title: 'a fence that is never closed goes to the end',
    markdown: '```\n# code\n\n# code',
    passages: [['', '```\n# code\n\n# code']],
  },
  {
    title: 'code between backticks on one line opens no fence',
    markdown: '``` `x` ```\n\n# Real\n\nText.',
    passages: [
      ['', '``` `x` ```'],
      ['Real', 'Text.'],
    ],
  },
  {
    title: 'underlined headings, but not a rule, a list or a table above dashes',
    markdown: 'Title\n=====\n\nText.\n\n---\n\n- item\n---\n\nSecond\n---\n\n| a |\n---',
    passages: [
      ['Title', 'Text.\n\n---\n\n- item\n---'],
      ['Title > Second', '| a |\n---'],
    ],
  },
  {
    title: 'seven signs, and a sign without a space, are text',
    markdown: '####### seven\n\n#tag\n\n    # code',
    passages: [['', '####### seven\n\n#tag\n\n    # code']],
  },
  {
    title: 'comments are left out, also over several lines, but not in code',
    markdown: 'Before <!-- hidden --> after.\n<!-- a\n\n# hidden\n-->\n\n```\n<!-- shown -->\n```',
    passages: [['', 'Before  after.\n\n```\n<!-- shown -->\n```']],
  },
  {
    title: 'a heading without text and a section without text give nothing',
    markdown: '# Help\n\n##\n\n## Empty\n\n## Full\n\nText.',
    passages: [['Full', 'Text.']],
  },
  {
    title: 'signs of Markdown are taken off headings',
    markdown: '## **Bold** and [a link](/x) and `code`\n\nText.',
    passages: [['Bold and a link and code', 'Text.']],
  },
];

describe('splitting a document', () => {
  for (const { title, markdown, passages } of cases) {
    test(title, () => {
      const found = splitPassages(markdown, 'Help').map(({ headings, text }) => [headings.join(' > '), text]);
      assert.deepEqual(found, passages);
    });
  }

  test('divides a long section between blocks, and loses nothing', () => {
    const blocks = Array.from({ length: 10 }, (_, at) => `${at} ${'word '.repeat(100)}`.trim());
    const passages = splitPassages(`## Long\n\n${blocks.join('\n\n')}`);
    assert.ok(passages.length > 1);
    assert.ok(passages.every(({ text, headings }) => text.length <= maxPassageCharacters && headings[0] === 'Long'));
    assert.equal(passages.map(({ text }) => text).join('\n\n'), blocks.join('\n\n'));
  });

  test('takes hostile input without slowing down', () => {
    for (const unit of ['<!--', '#', '`', '~~~\n', '[', '](', '*a ', '# \n', '=\n']) {
      const startedMs = performance.now();
      splitPassages(unit.repeat(200_000));
      // A fifth of a second on a busy machine; time that grows with the square of the text would be half a minute.
      assert.ok(performance.now() - startedMs < 5_000, JSON.stringify(unit));
    }
  });
});
