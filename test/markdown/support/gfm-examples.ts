type Example = { readonly markdown: string; readonly html: string };

const table = (head: string, ...rows: string[]): string =>
  `<table><thead>${head}</thead>${rows.length === 0 ? '' : `<tbody>${rows.join('')}</tbody>`}</table>`;
const row = (...cells: string[]): string => `<tr>${cells.join('')}</tr>`;
const th = (text: string, align = ''): string => `<th${align === '' ? '' : ` align="${align}"`}>${text}</th>`;
const td = (text: string, align = ''): string => `<td${align === '' ? '' : ` align="${align}"`}>${text}</td>`;
const link = (text: string, href = text): string => `<a href="${href}">${text}</a>`;

/** One case for each rule of GFM 0.29, sections 4.10 (tables), 5.3 (tasks), 6.5 (strikethrough) and 6.9 (autolinks). */
export const gfmExamples: { readonly [rule: string]: Example } = {
  'a table: header, delimiter row, rows': {
    markdown: '| size | price |\n| --- | --- |\n| S | 10 |\n| M | 12 |',
    html: table(row(th('size'), th('price')), row(td('S'), td('10')), row(td('M'), td('12'))),
  },
  'cells are aligned by colons, and pipes at the ends may be left out': {
    markdown: '| a | b | c |\n:-: | -----: | :--\nd | e | f',
    html: table(
      row(th('a', 'center'), th('b', 'right'), th('c', 'left')),
      row(td('d', 'center'), td('e', 'right'), td('f', 'left')),
    ),
  },
  'an escaped pipe is text, in code too': {
    markdown: '| f\\|g |\n| ------ |\n| b `\\|` c |\n| b **\\|** d |',
    html: table(row(th('f|g')), row(td('b <code>|</code> c')), row(td('b <strong>|</strong> d'))),
  },
  'a table ends where another block begins': {
    markdown: '| a | b |\n| --- | --- |\n| c | d |\n> e',
    html: `${table(row(th('a'), th('b')), row(td('c'), td('d')))}<blockquote><p>e</p></blockquote>`,
  },
  'a table ends at a blank line': {
    markdown: '| a | b |\n| --- | --- |\n| c | d |\ne\n\ne',
    html: `${table(row(th('a'), th('b')), row(td('c'), td('d')), row(td('e'), td('')))}<p>e</p>`,
  },
  'header and delimiter row of different lengths are no table': {
    markdown: '| a | b |\n| --- |\n| c |',
    html: '<p>| a | b | | --- | | c |</p>',
  },
  'rows may be shorter or longer than the header': {
    markdown: '| a | b |\n| --- | --- |\n| c |\n| d | e | f |',
    html: table(row(th('a'), th('b')), row(td('c'), td('')), row(td('d'), td('e'))),
  },
  'a table may have no rows': { markdown: '| a | b |\n| --- | --- |', html: table(row(th('a'), th('b'))) },
  'a table may follow a line of text': {
    markdown: 'text\n| a | b |\n| --- | --- |\n| c | d |',
    html: `<p>text</p>${table(row(th('a'), th('b')), row(td('c'), td('d')))}`,
  },
  'tasks, open and done': {
    markdown: '- [ ] pack\n- [x] send',
    html: '<ul><li><input type="checkbox" disabled> pack</li><li><input type="checkbox" disabled checked> send</li></ul>',
  },
  'tasks within tasks': {
    markdown: '- [x] a\n  - [ ] b\n  - [x] c\n- [ ] d',
    html:
      '<ul><li><input type="checkbox" checked> a<ul><li><input type="checkbox"> b</li>' +
      '<li><input type="checkbox" checked> c</li></ul></li><li><input type="checkbox"> d</li></ul>',
  },
  'strikethrough of one tilde and of two': {
    markdown: '~~Hi~~ Hello, ~there~ world!',
    html: '<p><del>Hi</del> Hello, <del>there</del> world!</p>',
  },
  'strikethrough ends with its paragraph': {
    markdown: 'This ~~has a\n\nnew paragraph~~.',
    html: '<p>This ~~has a</p><p>new paragraph~~.</p>',
  },
  'three tildes are no strikethrough': { markdown: 'This ~~~is not~~~ one.', html: '<p>This ~~~is not~~~ one.</p>' },
  'www. is a link': {
    markdown: 'www.shop.example/help',
    html: `<p>${link('www.shop.example/help', 'http://www.shop.example/help')}</p>`,
  },
  'punctuation at the end is not part of an address': {
    markdown: 'Visit www.shop.example.\n\nVisit www.shop.example/a.b.',
    html:
      `<p>Visit ${link('www.shop.example', 'http://www.shop.example')}.</p>` +
      `<p>Visit ${link('www.shop.example/a.b', 'http://www.shop.example/a.b')}.</p>`,
  },
  'a closing bracket belongs to an address that has an opening one': {
    markdown: 'www.shop.example/s?q=(it) (www.shop.example/s?q=(it))',
    html:
      `<p>${link('www.shop.example/s?q=(it)', 'http://www.shop.example/s?q=(it)')} ` +
      `(${link('www.shop.example/s?q=(it)', 'http://www.shop.example/s?q=(it)')})</p>`,
  },
  'an address ends before a less-than sign': {
    markdown: 'www.shop.example/he<lp',
    html: `<p>${link('www.shop.example/he', 'http://www.shop.example/he')}&lt;lp</p>`,
  },
  'http and https are links': {
    markdown: 'http://shop.example (https://encrypted.example/a?b=c&d)',
    html: `<p>${link('http://shop.example')} (${link('https://encrypted.example/a?b=c&d')})</p>`,
  },
  'a mailbox is a link': {
    markdown: 'write to foo@bar.example!',
    html: `<p>write to ${link('foo@bar.example', 'mailto:foo@bar.example')}!</p>`,
  },
  'plus is part of a mailbox, but only before the at sign': {
    markdown: 'hello@mail+xyz.example is none, hello+xyz@mail.example is one.',
    html: `<p>hello@mail+xyz.example is none, ${link('hello+xyz@mail.example', 'mailto:hello+xyz@mail.example')} is one.</p>`,
  },
  'a mailbox does not end in - or _': {
    markdown: 'a.b-c_d@a.b. a.b-c_d@a.b- a.b-c_d@a.b_',
    html: `<p>${link('a.b-c_d@a.b', 'mailto:a.b-c_d@a.b')}. a.b-c_d@a.b- a.b-c_d@a.b_</p>`,
  },
};
