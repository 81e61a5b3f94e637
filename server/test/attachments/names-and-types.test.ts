import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cleanFilename } from '../../src/attachments/filename.ts';
import { inspectContent, RefusedContent } from '../../src/attachments/inspect-content.ts';
import { isAccepted, readMediaType, servedType } from '../../src/attachments/media-types.ts';
import { contentDisposition } from '../../src/attachments/content-disposition.ts';

const names: readonly (readonly [title: string, given: string, kept: string])[] = [
  ['a plain name', 'report 2026.pdf', 'report 2026.pdf'],
  ['letters of any script', 'Rechnung für Žofia – 請求書.pdf', 'Rechnung für Žofia – 請求書.pdf'],
  ['a path', '../../etc/passwd', 'passwd'],
  ['a path of Windows', 'C:\\Users\\ada\\cv.docx', 'cv.docx'],
  ['a path that ends in nothing', 'a/', 'file'],
  ['dots alone', '..', 'file'],
  ['a hidden file', '.htaccess', 'htaccess'],
  ['nothing', '', 'file'],
  ['line breaks and NUL', 'a\r\nSet-Cookie: x\0.txt', 'aSet-Cookie_ x.txt'],
  ['text that turns around', 'invoice\u202Efdp.exe', 'invoicefdp.exe'],
  ['characters that nobody sees', 'a\u200B\u2066b\uFEFF.txt', 'ab.txt'],
  [
    'characters that look like nothing',
    'a\u3164\u034F\u115F\uFFA0\u2800\uFE0F\u{E0041}\u{1D173}b.pdf\u3164\u2800.exe',
    'ab.pdf.exe',
  ],
  ['nothing but what looks like nothing', '\u3164\u2800\uFFA0', 'file'],
  ['half a character', 'a\uD800.txt', 'a.txt'],
  ['what file systems give a meaning', 'a<b>:"c"|?*.txt', 'a_b___c____.txt'],
  ['a long one', `${'ä'.repeat(500)}.csv`, `${'ä'.repeat(196)}.csv`],
  ['a long extension', `a.${'x'.repeat(500)}`, `a.${'x'.repeat(198)}`],
];

for (const [title, given, kept] of names) {
  test(`the name of a file is shown safely: ${title}`, () => assert.equal(cleanFilename(given), kept));
}

test('a name goes into a header as one value, whatever it holds', () => {
  assert.equal(
    contentDisposition(`a"; x='ü'.html`),
    `attachment; filename="a_; x='_'.html"; filename*=UTF-8''a%22%3B%20x%3D%27%C3%BC%27.html`,
  );
});

test('a media type is read without what stands beside it, and is nothing where it is none', () => {
  assert.equal(readMediaType(' Text/Plain; charset=x'), 'text/plain');
  for (const text of [null, '', 'png', 'a/b/c', 'text/pl ain', 'text/plain\r\nx: y', `a/${'b'.repeat(200)}`]) {
    assert.equal(readMediaType(text), 'application/octet-stream');
  }
});

/** All of https://mimesniff.spec.whatwg.org/#javascript-mime-type below `text`, and what browsers have run beside. */
const scripts = [
  ...['ecmascript', 'javascript', 'jscript', 'livescript', 'x-ecmascript', 'x-javascript', 'vbscript', 'x-component'],
  ...['javascript1.0', 'javascript1.1', 'javascript1.2', 'javascript1.3', 'javascript1.4', 'javascript1.5'],
].map((name) => `text/${name}`);

test('a kind never means what a browser could run; that has to be named, and is sent as bytes', () => {
  const ranges = ['image/*', 'text/*'];
  for (const type of ['image/png', 'text/csv']) assert.ok(isAccepted(type, ranges));
  for (const type of ['image/svg+xml', 'text/html', 'text/xml', 'application/pdf', ...scripts]) {
    assert.ok(!isAccepted(type, ranges), type);
  }
  for (const type of scripts) assert.equal(servedType(type), 'application/octet-stream', type);
  assert.ok(isAccepted('image/svg+xml', ['image/svg+xml']));
  for (const type of ['image/svg+xml', 'text/html', 'application/xhtml+xml', 'text/xml']) {
    assert.equal(servedType(type), 'application/octet-stream');
  }
  assert.equal(servedType('text/csv'), 'text/csv; charset=utf-8');
  assert.equal(servedType('image/png'), 'image/png');
});

const png = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex');
const any = ['image/*', 'text/*', 'application/pdf', 'application/zip', 'application/octet-stream'];

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += size) yield bytes.subarray(at, at + size);
}

async function inspect(bytes: Uint8Array, claimedType: string, types: readonly string[] = any, pieceBytes = 7) {
  const inspection = inspectContent(inPieces(bytes, pieceBytes), { maxBytes: 100_000, types, claimedType });
  const passed: Uint8Array[] = [];
  try {
    for await (const chunk of inspection.content) passed.push(chunk);
  } catch (error) {
    assert.ok(error instanceof RefusedContent);
    return { refusal: error.refusal, passedBytes: Buffer.concat(passed).byteLength };
  }
  assert.deepEqual(Buffer.concat(passed), Buffer.from(bytes));
  return inspection.found();
}

const contents: readonly (readonly [title: string, bytes: Uint8Array, claimed: string, type: string])[] = [
  ['a picture that is called text', png, 'text/plain', 'image/png'],
  ['a page that is called a picture', Buffer.from('<svg onload="alert(1)"/>'), 'image/png', 'text/plain'],
  ['a table', Buffer.from('a,b\n1,2\n'), 'text/csv', 'text/csv'],
  ['text that begins like a bitmap', Buffer.from('BMW is a maker of cars'), 'text/plain', 'text/plain'],
  ['text without a type', Buffer.from('# Hällo'), 'application/octet-stream', 'text/plain'],
  ['text with a NUL', Buffer.from('a\0b'), 'text/plain', 'application/octet-stream'],
  ['text that is not UTF-8', Buffer.from([0x61, 0xe4, 0x62]), 'text/plain', 'application/octet-stream'],
  ['text that breaks off within a character', Buffer.from([0x61, 0xc3]), 'text/plain', 'application/octet-stream'],
  ['HTML, which is what it says', Buffer.from('<script>'), 'text/html', 'refused'],
  ['a program', Buffer.concat([Buffer.from('MZ'), Buffer.alloc(100)]), 'image/png', 'refused'],
];

for (const [title, bytes, claimed, type] of contents) {
  test(`a file is of the type that its content shows: ${title}`, async () => {
    const found = await inspect(bytes, claimed);
    if (type === 'refused') assert.equal('refusal' in found && found.refusal, 'unsupported_type');
    else assert.equal('mediaType' in found && found.mediaType, type);
  });
}

test('a file of a type that is not taken is refused by its beginning, before anything is passed on', async () => {
  const bytes = Buffer.concat([png, Buffer.alloc(90_000)]);
  assert.deepEqual(await inspect(bytes, 'image/png', ['text/plain'], 1_000), {
    refusal: 'unsupported_type',
    passedBytes: 0,
  });
});

test('what turns out to be no text after its beginning is refused all the same', async () => {
  const bytes = Buffer.concat([Buffer.alloc(40_000, 'a'), Buffer.from([0])]);
  const found = await inspect(bytes, 'text/plain', ['text/*'], 1_000);
  assert.equal('refusal' in found && found.refusal, 'unsupported_type');
});

test('a file is refused with the first byte too many, and where there is none', async () => {
  const large = await inspect(Buffer.alloc(100_001, 'a'), 'text/plain', any, 1_000);
  assert.deepEqual(large, { refusal: 'too_large', passedBytes: 100_000 });
  assert.deepEqual(await inspect(Buffer.alloc(0), 'text/plain'), { refusal: 'empty', passedBytes: 0 });
});

test('a file that falls silent is given up, and let go of', async () => {
  let isLetGo = false;
  const silent: AsyncIterable<Uint8Array> = {
    [Symbol.asyncIterator]: () => ({
      next: () => new Promise(() => {}),
      return: async () => {
        isLetGo = true;
        return { done: true, value: undefined };
      },
    }),
  };
  const inspection = inspectContent(silent, { maxBytes: 10, types: any, claimedType: 'text/plain', maxSilenceMs: 5 });
  await assert.rejects(
    async () => {
      for await (const _ of inspection.content);
    },
    { refusal: 'cut' },
  );
  assert.ok(isLetGo);
});

/** Reads a file that comes in pieces; `secondsEach` passes before each one, and `secondsToKeep` with whoever keeps it. */
async function drip(pieces: number, pieceBytes: number, secondsEach: number, secondsToKeep = 0): Promise<unknown> {
  let now = 0;
  async function* source(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < pieces; at++) {
      now += secondsEach * 1_000;
      yield Buffer.alloc(pieceBytes, 'a');
    }
  }
  const rules = { maxBytes: 100_000_000, types: any, claimedType: 'text/plain', clock: () => now };
  const inspection = inspectContent(source(), rules);
  try {
    for await (const _ of inspection.content) now += secondsToKeep * 1_000;
    return inspection.found().bytes;
  } catch (error) {
    assert.ok(error instanceof RefusedContent);
    return error.refusal;
  }
}

test('a file that drips is given up once it has been waited for long enough; slow ones are not', async () => {
  assert.equal(await drip(30, 1_000, 1), 'cut');
  assert.equal(await drip(2, 1, 29), 'cut');
  assert.equal(await drip(9, 1, 1), 9, 'it has ten seconds to begin');
  assert.equal(await drip(30, 1_100, 1), 33_000);
  assert.equal(await drip(40, 2_000, 0, 60), 80_000, 'the time that it takes to be kept is not its sender’s');
});
