// `npm ci --prefix bench && node bench/streaming.ts`: what it costs to draw an answer of 20 kB that comes in deltas of 20 characters,
// beside other ways of doing it, in one run of one browser. It asserts nothing.
import { readFile } from 'node:fs/promises';
import { build } from 'esbuild';
import { chromium, type Page } from 'playwright-core';
import { findBrowser } from '../scripts/browser.ts';
import { quantile } from './first-byte.ts';

const characters = 20_000;
const deltaLength = 20;
const mostRounds = 5;
/** No further round of a text is begun after this. */
const enoughMs = 3_000;

type Result = { readonly totalMs: number; readonly slowestMs: number };
type Results = Readonly<Record<string, Result>>;

async function texts(): Promise<Readonly<Record<string, string>>> {
  const replies = (await readFile('test/markdown/support/replies.txt', 'utf8')).split(/^%%%% .*\n/m);
  const hasDefinition = (reply: string): boolean => /^\[[^\]]+\]:/m.test(reply);
  const plain = replies.filter((reply) => !hasDefinition(reply)).join('\n');
  const filled = (text: string, length = characters): string =>
    text.repeat(Math.ceil(length / text.length)).slice(0, length);
  return {
    'a quarter of the long answer': filled(plain, characters / 4),
    'a long answer': filled(plain),
    'a long answer below a link definition': `[a]: https://shop.example\n\n${filled(plain)}`,
    'one list': filled('- An item with **bold text** and `code` in it\n'),
    'one code block': `\`\`\`js\n${filled('const answer = await ask("a question");\n')}`,
  };
}

async function openPage(): Promise<{ page: Page; close: () => Promise<void> }> {
  const bundle = await build({
    entryPoints: ['bench/streaming-page.mjs'],
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    globalName: 'bench',
    target: 'es2022',
  });
  const browser = await chromium.launch({ executablePath: await findBrowser(), args: ['--no-sandbox'] });
  const page = await browser.newPage();
  await page.addScriptTag({ content: bundle.outputFiles[0]?.text ?? '' });
  return { page, close: () => browser.close() };
}

function measure(page: Page, text: string): Promise<Results> {
  return page.evaluate(
    ([input, length]) => {
      const { bench } = globalThis as unknown as { bench: { measure(text: string, length: number): Results } };
      return bench.measure(input, length);
    },
    [text, deltaLength] as const,
  );
}

function print(name: string, length: number, runs: readonly Results[]): void {
  console.log(`\n${name}: ${length} characters, ${Math.ceil(length / deltaLength)} deltas, median of ${runs.length}`);
  const ways = Object.keys(runs[0] ?? {});
  const median = (way: string, of: keyof Result): number =>
    quantile(
      runs.map((run) => run[way]?.[of] ?? Number.NaN),
      0.5,
    );
  const [ours = ''] = ways;
  for (const way of ways) {
    const total = median(way, 'totalMs');
    const ratio = total / median(ours, 'totalMs');
    console.log(
      `  ${total.toFixed(0).padStart(6)} ms, ${ratio.toFixed(2).padStart(6)} × ours, slowest delta ${median(way, 'slowestMs').toFixed(1)} ms: ${way}`,
    );
  }
}

const { page, close } = await openPage();
try {
  for (const [name, text] of Object.entries(await texts())) {
    const runs: Results[] = [];
    const startedAt = performance.now();
    while (runs.length < mostRounds && performance.now() - startedAt < enoughMs) runs.push(await measure(page, text));
    print(name, text.length, runs);
  }
} finally {
  await close();
}
