/** Texts that are hard to render while they arrive: structure that later characters change, or that never closes. */
export const trickyDocuments: { readonly [name: string]: string } = {
  'emphasis of all kinds': 'A **bold** and *italic* and ***both*** and ~~gone~~ and __b__ _i_ snake_case_name 2*3*4.',
  'emphasis that never closes': 'Some **bold that goes on\n\nand *another\n\n`code',
  'loose list made loose at its end': '- one\n- two\n- three\n\n- four\n',
  'nested lists': '1. one\n   - a\n   - b\n\n     more of b\n2. two\n\n   ```js\n   let a = 1;\n   ```\n3. three\n',
  'two lists of different markers': '- a\n- b\n\n* c\n* d\n\n1. e\n2) f',
  'list that goes on after a blank line': '1. a\n\n2. b\n\n3. c\n\ntext\n\n4. d',
  'setext headings': 'Title\n===\n\ntext\nmore\n---\n\n- a\n---\n',
  table: 'Before\n\n| a | b |\n|---|:-:|\n| 1 | `x\\|y` |\n| **2** | [l](https://e.example) |\n\nAfter',
  'almost a table': '| a | b |\nnot a delimiter row\n\n| c |\n|--\n| d |',
  'code fences': '```ts\nconst a = `b`;\n\n# no heading\n```\n\n~~~\n```\n~~~\n\n````md\n```\n````\n\n```',
  'indented code': 'text\n\n    code\n\n    more\n\ntext\n    not code',
  links:
    '[a](https://a.example "t") <https://b.example> https://c.example/x_y_z?q=1, [d [e]](https://f.example) [half](https://',
  'definition after its use':
    '[one] and [two][b] and ![img][b]\n\nmiddle\n\nmore\n\nstill more\n\n[one]: https://one.example\n[b]: https://b.example "T"\n',
  'definition in a quote': '[q]\n\na\n\nb\n\nc\n\n> [q]: https://q.example\n',
  quotes: '> a\n> > b\nlazy\n\n> c\n\nd\n> - e\n>   f\n',
  'raw html':
    '<div onclick="x()">\n\n*hi*\n\n</div>\n\ntext <b>bold</b> <a href="https://x.example">l</a> https://y.example\n\n<!-- open\n\nstill',
  entities: 'AT&T &amp; &lt;b&gt; &copy; &#169; &unknown; `&amp;` &am',
  'task list': '- [ ] open\n- [x] done\n- [ ]\n\n  loose\n',
  'line endings': 'a\r\nb\r\n\r\n- c\r\n- d\r\n\rend\r',
  'thematic breaks': 'a\n\n---\n\n***\n- - -\n___\n\nb',
  escapes: '\\*not\\* \\[x\\](y) \\\\ \\`a\\` \\# \\',
  'astral and bidi characters': '**😀😀** שלום *עולם* 👩‍👩‍👧‍👦 `𝒜`\n\n- 😀\n- é\u0301',
  'long paragraphs': `${'word '.repeat(80)}\n\n${'**x** _y_ '.repeat(40)}`,
  'spaces and tabs': '  \n\ta\n \t- b\n\t- c\n   \n\n',
};
