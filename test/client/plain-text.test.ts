import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainText } from '../../src/protocol/index.ts';

const cases: readonly (readonly [string, string])[] = [
  ['**Keeping pets off the plants** Hang plants', 'Keeping pets off the plants Hang plants'],
  ['**Too little light**\n\nLong thin stems', 'Too little light:\n\nLong thin stems'],
  ['## Which window?\n\nSouth', 'Which window?\n\nSouth'],
  ['## Too much sun ##\nBleached', 'Too much sun:\nBleached'],
  ['**One** and **two**\nthree', 'One and two\nthree'],
  ['**Nothing below**\n', 'Nothing below\n'],
  ['**Seeing\\, exporting or deleting** data', 'Seeing, exporting or deleting data'],
  ['See [Refunds](/help/refunds) and `code`', 'See Refunds and code'],
  ['# Title\n- one\n- two', 'Title:\none\ntwo'],
  ['2 * 3 * 4 = snake_case', '2 * 3 * 4 = snake_case'],
  ['Type `a`:\n```sh\nnpm start\n```\n> quoted', 'Type a:\n\nnpm start\n\nquoted'],
  ['[Refunds](/help/refunds "Money back")', 'Refunds'],
  ['cut in **the mid', 'cut in the mid'],
  ['a link [that is cut](https://exam', 'a link [that is cut](https://exam'],
  ['', ''],
];

for (const [markdown, text] of cases) {
  test(`the line of a conversation says ${JSON.stringify(text)} for ${JSON.stringify(markdown)}`, () => {
    assert.equal(plainText(markdown), text);
  });
}
