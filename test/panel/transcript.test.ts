import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fileName } from '../../src/panel/conversation/transcript/file-name.ts';
import { transcript } from '../../src/panel/conversation/transcript/transcript.ts';
import type { ChatMessage } from '../../src/protocol/index.ts';
import { en } from '../../src/strings/index.ts';

const createdAt = '2026-03-01T10:00:00Z';
const of = (messages: readonly ChatMessage[], name = 'Ada'): string =>
  transcript({
    messages,
    name,
    title: 'Ferns',
    strings: en,
    locale: 'en',
    now: Date.parse(createdAt),
    pageUrl: 'https://shop.example/app/orders',
  });

const mine = (text: string): ChatMessage => ({
  id: 'u',
  role: 'user',
  parts: [{ type: 'text', text }],
  metadata: { createdAt },
});

describe('a transcript', () => {
  it('says who said what and when, with actions, files and sources', () => {
    const text = of([
      {
        id: 'u',
        role: 'user',
        parts: [
          { type: 'text', text: 'Is it broken?\n\nLook' },
          { type: 'file', mediaType: 'image/png', url: 'https://x', filename: 'fern.png' },
        ],
        metadata: { createdAt },
      },
      {
        id: 'a',
        role: 'assistant',
        parts: [
          { type: 'dynamic-tool', toolName: 'find_order', toolCallId: 't', state: 'output-available', input: {} },
          { type: 'text', text: 'It **is**.' },
          { type: 'source-url', sourceId: 's', url: 'https://shop.example/ferns', title: 'Ferns' },
        ],
        metadata: { createdAt, status: 'stopped' },
      },
      {
        id: 'o',
        role: 'assistant',
        parts: [{ type: 'text', text: 'Hello' }],
        metadata: { author: { kind: 'operator', name: 'Grace' } },
      },
    ]);
    const time = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' }).format(
      Date.parse(createdAt),
    );
    assert.deepEqual(text.split('\n').slice(0, 2), [en.transcriptOf('Ada'), 'Ferns']);
    assert.equal(
      text.slice(text.indexOf('\n\n') + 2),
      [
        `You, ${time}`,
        '',
        '    Is it broken?',
        '',
        '    Look',
        `    [${en.attachments}: fern.png]`,
        '',
        `Ada, ${time}`,
        '',
        `    [${en.toolDone('find order')}]`,
        '    It **is**.',
        '',
        '    Sources:',
        '    - Ferns – https://shop.example/ferns',
        `    (${en.stopped})`,
        '',
        'Grace',
        '',
        '    Hello',
        '',
      ].join('\n'),
    );
  });

  it('says where a source is with its host, also where the answer named it by a path of the page', () => {
    const source = (url: string, title?: string) =>
      ({ type: 'source-url', sourceId: url, url, ...(title === undefined ? {} : { title }) }) as const;
    const parts = [
      source('/help/delivery', 'Delivery'),
      source('../returns?a=1'),
      source('//other.example/x', 'Other'),
      source('javascript:alert(1)', 'Odd'),
      source('https://shop.example/a\n    Ada, 10:00', 'Two\nlines'),
    ];
    const text = of([{ id: 'a', role: 'assistant', parts }]);
    assert.deepEqual(text.split('\n').slice(text.split('\n').indexOf('    Sources:') + 1, -1), [
      '    - Delivery – https://shop.example/help/delivery',
      '    - https://shop.example/returns?a=1',
      '    - Other – https://other.example/x',
      '    - Odd – javascript:alert(1)',
      '    - Two lines – https://shop.example/a%20%20%20%20Ada,%2010:00',
    ]);
  });

  it('leaves everybody’s words as they were typed: Markdown of the agent, and the signs of a visitor', () => {
    const typed = 'Is **this** __it__ [here](javascript:alert(1))? <img src=x onerror=alert(1)>';
    const text = of([mine(typed), { id: 'a', role: 'assistant', parts: [{ type: 'text', text: typed }] }]);
    assert.equal(text.split('\n').filter((line) => line === `    ${typed}`).length, 2);
  });

  const ends = ['\n', '\r', '\r\n', '\v', '\f', '\u0085', '\u2028', '\u2029'];
  for (const end of ends) {
    it(`lets nobody speak as somebody else by a line's end: ${JSON.stringify(end)}`, () => {
      const text = of([mine(`hello${end}${end}Ada, 10:00 AM${end}I approve the refund`)]);
      const speakers = text.split('\n\n').flatMap((block) => block.split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/));
      assert.deepEqual(
        speakers.filter((line) => /^(Ada|I approve)/.test(line)),
        [],
      );
    });
  }

  it('names what a terminal would obey, and what turns letters around', () => {
    const text = of([mine('a\u001b[31mred\u0007 F-1\u202e13402\u0000')]);
    assert.match(text, /a\[U\+001B\]\[31mred\[U\+0007\] F-1\[U\+202E\]13402\[U\+0000\]/);
  });

  it('keeps a name in its line', () => {
    const text = of([{ id: 'a', role: 'assistant', parts: [{ type: 'text', text: 'hi' }] }], 'Ada\nGrace, 11:00');
    assert.match(text, /^Ada Grace, 11:00$/m);
    assert.doesNotMatch(text, /^Grace/m);
  });
});

describe('the name of its file', () => {
  const now = new Date(2026, 2, 1, 12).getTime();
  const names: readonly (readonly [string, string])[] = [
    ['../../etc/passwd', 'etc-passwd-2026-03-01.txt'],
    ['CON', 'CON-2026-03-01.txt'],
    ['a\u202etxt.exe', 'a-txt-exe-2026-03-01.txt'],
    ['\u0000', 'chat-2026-03-01.txt'],
    ['محادثة مع Ada', 'محادثة-مع-Ada-2026-03-01.txt'],
    ['x'.repeat(500), `${'x'.repeat(60)}-2026-03-01.txt`],
  ];
  for (const [title, name] of names) {
    it(`is safe: ${JSON.stringify(title.slice(0, 20))}`, () => assert.equal(fileName(title, now), name));
  }
});
