import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ViewMessage } from '../../src/client/index.ts';
import { arrange } from '../../src/panel/conversation/arrange.ts';
import { completeSentences } from '../../src/panel/conversation/sentences.ts';
import { createTimes, dayCode } from '../../src/panel/conversation/times.ts';

const now = new Date(2026, 2, 2, 0, 5);

type Author = 'visitor' | 'agent' | 'Grace' | 'Ada' | 'line';

function message(id: string, author: Author, date?: Date): ViewMessage {
  const isPerson = author === 'Grace' || author === 'Ada';
  return {
    id,
    role: author === 'visitor' ? 'user' : 'assistant',
    parts: author === 'line' ? [{ type: 'data-handoff', data: {} }] : [{ type: 'text', text: id }],
    delivery: 'sent',
    status: 'complete',
    metadata: {
      ...(date && { createdAt: date.toISOString() }),
      ...(isPerson && { author: { kind: 'operator', name: author } as const }),
    },
  };
}

const groups = (messages: readonly ViewMessage[], unreadId?: string) =>
  arrange(messages, now.getTime(), unreadId).map(({ isFirst, isLast }) => `${isFirst ? '(' : ''}${isLast ? ')' : ''}`);
const days = (messages: readonly ViewMessage[]) => arrange(messages, now.getTime()).map(({ beginsDay }) => beginsDay);

describe('messages that belong together', () => {
  it('are those of one author, one after the other', () => {
    const authors = ['visitor', 'visitor', 'agent', 'Grace', 'Grace', 'Ada', 'line', 'line', 'agent'] as const;
    assert.deepEqual(groups(authors.map((author, index) => message(`${index}`, author))), [
      '(',
      ')',
      '()',
      '(',
      ')',
      '()',
      '(',
      ')',
      '()',
    ]);
  });

  it('are not those after five minutes of silence', () => {
    const at = (minute: number, second = 0) => message(`${minute}`, 'visitor', new Date(2026, 2, 2, 0, minute, second));
    assert.deepEqual(groups([at(0), at(4, 59), at(9, 59)]), ['(', ')', '()']);
  });

  it('are parted by a day, and by what is new', () => {
    const late = message('a', 'agent', new Date(2026, 2, 1, 23, 59));
    const early = message('b', 'agent', new Date(2026, 2, 2, 0, 1));
    assert.deepEqual(groups([late, early]), ['()', '()']);
    assert.deepEqual(groups([message('a', 'agent'), message('b', 'agent')], 'b'), ['()', '()']);
  });

  it('are told by what the protocol calls an author alone', () => {
    const odd = {
      ...message('b', 'agent'),
      metadata: { author: { kind: 'root', name: 'x' } },
    } as unknown as ViewMessage;
    assert.deepEqual(groups([message('a', 'agent'), odd]), ['(', ')']);
  });
});

describe('days', () => {
  it('are not told apart where all is of today', () => {
    assert.deepEqual(days([message('a', 'agent', now), message('b', 'visitor', now)]), [false, false]);
  });

  it('begin with their first message that has a time', () => {
    const yesterday = new Date(2026, 2, 1, 12);
    const list = [
      message('a', 'agent'),
      message('b', 'agent', yesterday),
      message('c', 'agent'),
      message('d', 'agent', now),
    ];
    assert.deepEqual(days(list), [false, true, false, true]);
  });

  it('are told by what a backend of the page’s own says in milliseconds, or else by when its answer began here', () => {
    const said = (metadata: object) => ({ ...message('1', 'agent'), metadata }) as ViewMessage;
    const [at, later] = [now.getTime() - 90_000, now.getTime()];
    const begunHereAt = new Date(later).toISOString();
    const dates = arrange([said({ createdAt: at, begunHereAt }), said({ createdAt: {}, begunHereAt })], later);
    assert.deepEqual(
      dates.map(({ date }) => date?.getTime()),
      [at, later],
    );
  });

  it('stand in no order that breaks them where a time is none', () => {
    const odd = { ...message('a', 'agent'), metadata: { createdAt: 'yesterday, or so' } };
    assert.deepEqual(days([odd]), [false]);
  });

  const words = { today: 'T', yesterday: 'Y' };
  const { day, time } = createTimes('de');
  const said = (...date: [number, number, number, number?]) => day(new Date(...date), now.getTime(), words);

  it('are named as calendars do, with the year of another one', () => {
    assert.deepEqual(
      [said(2026, 2, 2, 23), said(2026, 2, 1), said(2026, 1, 28, 23), said(2025, 11, 31)],
      ['T', 'Y', 'Samstag, 28. Februar', 'Mittwoch, 31. Dezember 2025'],
    );
  });

  it('are yesterday also where that had 23 or 25 hours', () => {
    for (let index = 0; index < 366; index++) {
      const present = new Date(2026, 0, 1 + index, 0, 30);
      const before = new Date(2026, 0, index, 23, 45);
      assert.equal(day(before, present.getTime(), words), 'Y', present.toString());
    }
  });

  it('and times are written as the language does', () => {
    assert.equal(time(new Date(2026, 2, 2, 14, 5)), '14:05');
    assert.match(createTimes('en').time(new Date(2026, 2, 2, 14, 5)), /^2:05\sPM$/);
    assert.equal(createTimes('ja').join('あなた', '14:05'), 'あなた 14:05');
    assert.equal(dayCode(new Date(2026, 2, 2, 23)), '2026-03-02');
  });
});

describe('whole sentences of a growing text', () => {
  const table: readonly (readonly [string, string, string])[] = [
    ['en', 'One. Two', 'One. '],
    ['en', 'It costs 3.', ''],
    ['en', 'It costs 3.50 euros. Really? Ye', 'It costs 3.50 euros. Really? '],
    ['ja', 'はい。いいえ。多分', 'はい。いいえ。'],
    ['en', '', ''],
  ];
  for (const [locale, text, whole] of table) {
    it(`of ${JSON.stringify(text)} are ${JSON.stringify(whole)}`, () => {
      assert.equal(completeSentences(text, locale), whole);
    });
  }
});
