import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Token, Tokens } from 'marked';
import { closeTail } from '../../src/markdown/close-tail.ts';
import { lex } from '../../src/markdown/lex.ts';

// What a hostile answer is made of, so large that work which grows faster than the text does not end within a test's time.

for (const [name, text] of Object.entries({
  'brackets in an address': `See [docs](https://a/${'(abcdefg'.repeat(100)} x`,
  'escapes in brackets of an address': `[a](${'(\\b'.repeat(300)} x`,
  'brackets in a title': `[a](b ${'(c'.repeat(300)} x`,
})) {
  test(`the open end of an answer is read in one way: ${name}`, () => {
    assert.equal(closeTail(text), text);
  });
}

test('an address with open brackets in it is still awaited', () => {
  for (const address of ['(', '(b', '(b\\', '(b)', '(b)c(d', '(b) "t'])
    assert.equal(closeTail(`See [docs](https://a/${address}`), 'See docs', address);
});

const tablesIn = (tokens: readonly Token[]) => tokens.filter((token): token is Tokens.Table => token.type === 'table');
const cellsIn = (tokens: readonly Token[]) =>
  tablesIn(tokens).reduce((sum, { header, rows }) => sum + header.length * (rows.length + 1), 0);
const tableOf = (columns: number, rows: number, row = 'x') =>
  `${'|a'.repeat(columns)}|\n${'|-'.repeat(columns)}|\n${`${row}\n`.repeat(rows)}\n`;
const rawOf = (tokens: readonly Token[]) => tokens.map(({ raw }) => raw).join('');

test('rows that a table would fill up by the hundred thousand are text', () => {
  for (const source of [tableOf(500, 1_000), tableOf(190, 100), tableOf(10, 2_000, '|x'.repeat(10)), tableOf(201, 1)]) {
    const { tokens } = lex(source);
    assert.equal(cellsIn(tokens), 0);
    assert.equal(rawOf(tokens), source);
  }
});

test('many small tables have no more cells than the text has characters', () => {
  for (const rows of [0, 1, 5, 20, 48]) {
    const source = tableOf(190, rows).repeat(100);
    assert.ok(cellsIn(lex(source).tokens) <= source.length);
  }
});

test('tables as people write them are tables, also with cells left out', () => {
  for (const source of [
    tableOf(3, 20, '|one|two|three|'),
    tableOf(12, 700, '|x'.repeat(12)),
    tableOf(3, 3),
    'a|b\n-|-\nx\n',
  ])
    assert.equal(tablesIn(lex(source).tokens).length, 1);
});

function leavesOf(tokens: readonly Token[]): Token[] {
  return tokens.flatMap((token) => {
    const { tokens: inner = [], items = [] } = token as { tokens?: Token[]; items?: Token[] };
    return inner.length + items.length > 0 ? leavesOf([...inner, ...items]) : [token];
  });
}

for (const [name, text] of Object.entries({
  'open emphasis': '*a_'.repeat(33_000),
  'exclamation marks': '!'.repeat(400_000),
  'more characters than a paragraph has': '**a** b '.repeat(100) + 'a'.repeat(9_500),
})) {
  test(`a paragraph that would take long to read is the text it is: ${name}`, () => {
    for (const before of ['', '> ', '- ', '# ']) {
      const leaves = leavesOf(lex(before + text).tokens);
      assert.deepEqual(
        leaves.map((token) => [token.type, (token as Tokens.Text).text.trim()]),
        [['text', text.trim()]],
        before,
      );
    }
  });
}

test('a long paragraph as people write them keeps its markup', () => {
  const source = 'We send **all orders** within *three* days, and `never` later. '.repeat(60);
  assert.equal(leavesOf(lex(source).tokens).filter(({ type }) => type === 'codespan').length, 60);
});

test('a heading may be long, and no longer than a paragraph that somebody underlined', () => {
  const headed = (lines: number) => lex(`${'some words\n'.repeat(lines)}===\n`).tokens[0]?.type;
  assert.equal(headed(50), 'heading');
  assert.equal(headed(200), 'paragraph');
});
