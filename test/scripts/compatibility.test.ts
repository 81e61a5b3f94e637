import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compareWithTests } from '../../scripts/compatibility.ts';
import { collectEvidence, findContradictions } from '../../scripts/compatibility/evidence.ts';
import { renderTable } from '../../scripts/compatibility/render-table.ts';
import type { Standing } from '../../scripts/compatibility/standing.ts';
import { readTestTitles } from '../../scripts/compatibility/test-titles.ts';

const documents = [
  {
    title: 'A document',
    preset: 'applied',
    behaviours: ['A1', 'A2', 'A3'].map((id) => ({ id, documented: `says ${id}`, ours: `does ${id}` })),
  },
];
const nothingMissing: Standing = { notShown: [], dashboardPart: [], dashboard: [] };

const fileOf = (name: string, ...titles: readonly string[]) => ({
  name,
  code: titles.map((title) => `test(${JSON.stringify(title)}, () => {});`).join('\n'),
});
const evidenceOf = (...titles: readonly string[]) => collectEvidence([fileOf('test/a.test.ts', ...titles)]);
const contradictions = (standing: Partial<Standing>, ...titles: readonly string[]) =>
  findContradictions(documents, { ...nothingMissing, ...standing }, evidenceOf(...titles));
const rowOf = (id: string, text: string) => text.split('\n').find((line) => line.startsWith(`| ${id} `)) ?? '';

describe('readTestTitles', () => {
  const forms: readonly (readonly [what: string, code: string, titles: readonly string[]])[] = [
    ['calls of test and it', `test('a', f); it("b", f); await t.test(\`c\`, f);`, ['a', 'b', 'c']],
    ['a describe that holds a test', `describe('a', () => { for (const x of y) it('b', f); });`, ['a', 'b']],
    ['no describe that holds none', `describe('a', () => {});`, []],
    ['no test of a regular expression', `/x/.test('A1 is text'); assert.ok(x, 'A1 is text');`, []],
    ['no call in a comment or in a text', `// test('a', f)\nconst code = "test('b', f)";`, []],
    ['what is not known', 'test(`a ${f()} b ${x}`, f);', ['a … b …']],
    ['a text in two pieces', `const a = 'x'; test(a + ' y', f);`, ['x y']],
    ['a table of rows', `for (const [title, n] of [['a', 1], ['b', 2]] as const) test(title, f);`, ['a', 'b']],
    ['a table with a name', `const t: T[] = [['a'], ...[['b']]]; for (const [title] of t) test(title, f);`, ['a', 'b']],
    ['a table with numbers', `for (const [i, [w]] of [['a']].entries()) test(\`\${i} \${w}\`, f);`, ['0 a']],
    ['a table of objects', `for (const { title: t } of [{ title: 'a' }]) test(t, f);`, ['a']],
    ['a field of a row', `for (const row of [{ title: 'a' }]) test(row.title, f);`, ['a']],
    ['a record', `for (const [w] of Object.entries({ a: 1, 'b c': 2 })) test(w, f);`, ['a', 'b c']],
    ['ids', `for (const id of ['H13', 'W12']) { test(\`\${id} goes on\`, f); }`, ['H13 goes on', 'W12 goes on']],
    ['forEach', `['a', 'b'].forEach((x) => test(x, f));`, ['a', 'b', '…']],
    ['a helper', `function works(w) { test(\`works: \${w}\`, f); }\nworks('a');`, ['works: …', 'works: a']],
    ['a parameter that hides a constant', `const t = 'a'; const suite = (t) => { it(t, f); };`, ['…']],
    ['a helper that calls itself', `const more = (w) => { test(w, f); more('b'); }; more('a');`, ['…', 'b', 'a']],
    ['a title once', `for (const x of [1, 2]) test('a', f);`, ['a']],
  ];
  for (const [what, code, titles] of forms) {
    it(`finds ${what}`, () => assert.deepEqual(readTestTitles('x.test.ts', code).toSorted(), titles.toSorted()));
  }
});

describe('collectEvidence', () => {
  it('takes the ids that a title starts with, and no others', () => {
    const evidence = evidenceOf('A1 A2 both', 'like A3 it works', 'A3', 'A3: not so', 'a4 A1 no', 'Wo1 W1 each');
    assert.deepEqual([...evidence.keys()], ['A1', 'A2', 'Wo1', 'W1']);
    assert.deepEqual(evidence.get('A2'), [{ file: 'test/a.test.ts', title: 'both' }]);
  });
});

describe('findContradictions', () => {
  it('finds none where each behaviour has a test or is said to have none', () => {
    assert.deepEqual(contradictions({ notShown: ['A2'], dashboard: ['A3'] }, 'A1 works'), []);
  });

  const cases: readonly (readonly [what: string, found: readonly string[], expected: RegExp])[] = [
    ['a behaviour that has lost its last test', contradictions({ dashboard: ['A3'] }, 'A1 works'), /^A2: no test/],
    [
      'a dashboard’s part whose server side has no test',
      contradictions({ dashboardPart: ['A3'] }, 'A1 A2 work'),
      /^A3: no test/,
    ],
    ['a behaviour that is shown by now', contradictions({ notShown: ['A1'] }, 'A1 A2 A3 work'), /^A1: .*notShown/],
    ['an id that no document has', contradictions({}, 'A1 A2 A3 A9 work'), /^A9: no such.*test\/a\.test\.ts/],
    ['an id of the lists that no document has', contradictions({ dashboard: ['B1'] }, 'A1 A2 A3 work'), /^B1: /],
  ];
  for (const [what, found, expected] of cases) {
    it(`finds ${what}`, () => {
      assert.equal(found.length, 1);
      assert.match(found[0] ?? '', expected);
    });
  }
});

describe('renderTable', () => {
  it('names at most three tests, of as many files as can be, and the number of the others', () => {
    const files = [fileOf('test/a.test.ts', 'A1 one', 'A1 two', 'A1 three'), fileOf('test/b.test.ts', 'A1 four')];
    const row = rowOf('A1', renderTable(documents, nothingMissing, collectEvidence(files)));
    const link = (name: string) => `[test/${name}.test.ts](../test/${name}.test.ts)`;
    const shown = `${link('a')}: one<br>${link('b')}: four<br>${link('a')}: two<br>+ 1 more`;
    assert.equal(row, `| A1 | says A1 | does A1 | ${shown} |`);
  });

  it('says what no test shows, and what waits for the dashboard', () => {
    const standing: Standing = { notShown: ['A1'], dashboardPart: ['A2'], dashboard: ['A3'] };
    const text = renderTable(documents, standing, evidenceOf('A2 works'));
    assert.match(rowOf('A1', text), /\| not shown by a test \|$/);
    assert.match(rowOf('A2', text), /works<br>\(the dashboard’s part: not built yet\) \|$/);
    assert.match(rowOf('A3', text), /\| dashboard, not built yet \|$/);
    assert.match(text, /^Of 3 behaviours 1 is shown by tests\.$/m);
    assert.match(text, /^Not shown by a test: A1\.$/m);
  });

  it('keeps titles from being read as Markdown or HTML', () => {
    const row = rowOf('A1', renderTable(documents, nothingMissing, evidenceOf('A1 a|b <i> `c` *d*')));
    assert.ok(row.endsWith(String.raw`a\|b \<i\> \`c\` \*d\* |`), row);
  });
});

describe('compareWithTests', () => {
  const stale = (problems: readonly string[]) => problems.filter((problem) => problem.includes('--write'));

  it('tells a file that agrees with the tests from one that does not', () => {
    const before = [fileOf('test/a.test.ts', 'A1 works')];
    const { text } = compareWithTests(before, '');
    assert.deepEqual(stale(compareWithTests(before, text).problems), []);
    const renamed = [fileOf('test/a.test.ts', 'A1 works well')];
    assert.equal(stale(compareWithTests(renamed, text).problems).length, 1);
  });
});
