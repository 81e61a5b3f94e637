import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatBytes } from '../../src/panel/conversation/attachments/format-bytes.ts';
import { relativeTime } from '../../src/panel/conversation/list/relative-time.ts';

describe('when a conversation was last written in', () => {
  const now = new Date(2026, 2, 20, 12, 0).getTime();
  const cases: readonly (readonly [string, Date, string])[] = [
    ['this minute', new Date(2026, 2, 20, 11, 59, 30), 'now'],
    ['a clock that is ahead', new Date(2026, 2, 20, 12, 5), 'now'],
    ['minutes', new Date(2026, 2, 20, 11, 13), '47 min. ago'],
    ['hours of this day', new Date(2026, 2, 20, 9, 30), '2 hr. ago'],
    ['yesterday, though it is less than a day', new Date(2026, 2, 19, 23, 0), 'yesterday'],
    ['days of a week', new Date(2026, 2, 14, 1, 0), '6 days ago'],
    ['a week', new Date(2026, 2, 13, 23, 0), 'Mar 13'],
    ['another year', new Date(2025, 11, 31), 'Dec 31, 2025'],
  ];
  for (const [what, date, text] of cases) {
    it(`is said as ${JSON.stringify(text)}: ${what}`, () =>
      assert.equal(relativeTime(date.toISOString(), now, 'en')?.short, text));
  }

  it('is said by day and time in full, too, and in the visitor’s language', () => {
    const time = relativeTime(new Date(2026, 2, 19, 23, 0).toISOString(), now, 'de');
    assert.equal(time?.short, 'gestern');
    assert.equal(time.long, '19.03.2026, 23:00');
  });

  it('is not said of what is no time', () => assert.equal(relativeTime('soon', now, 'en'), undefined));
});

describe('the size of a file', () => {
  for (const [bytes, text] of [
    [0, '0 kB'],
    [1, '1 kB'],
    [1_500, '1 kB'],
    [1024 * 1024 - 1, '1,024 kB'],
    [1024 * 1024, '1 MB'],
    [1_500_000, '1.4 MB'],
    [25 * 1024 * 1024, '25 MB'],
  ] as const) {
    it(`of ${bytes} bytes is ${text}`, () => assert.equal(formatBytes(bytes, 'en'), text));
  }
});
