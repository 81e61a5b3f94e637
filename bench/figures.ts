// `npm run bench`: prints the product's first figures, and the machine that they were taken on. It asserts nothing.
import { cpus, release, totalmem } from 'node:os';
import { buildWidget } from '../scripts/build.ts';
import { describeSize, measureSizes } from '../scripts/sizes.ts';
import { measureBrowserBytes, type Transfer } from './browser-bytes.ts';
import { startChatServer } from './chat-server.ts';
import { measureFirstByte, quantile, type FirstByte } from './first-byte.ts';

const warmUpCount = 5;
const requestCount = 50;
const questions = ['How do I return an order?', 'When will my parcel arrive?', 'How can I change my password?'];

function printMachine(): void {
  const [cpu] = cpus();
  const memoryGib = (totalmem() / 2 ** 30).toFixed(1);
  console.log(
    `${cpus().length} × ${cpu?.model.trim()}, ${memoryGib} GiB, ${process.platform} ${release()}, Node ${process.version}`,
  );
}

const sum = (transfers: readonly Transfer[], of: 'bodyBytes' | 'headerBytes'): number =>
  transfers.reduce((total, transfer) => total + transfer[of], 0);

function printTransfers(what: string, transfers: readonly Transfer[]): void {
  const bodies = sum(transfers, 'bodyBytes');
  console.log(
    `${bodies} B ${what}, in ${transfers.length} responses (and ${sum(transfers, 'headerBytes')} B of headers)`,
  );
  for (const { what: name, bodyBytes } of transfers) console.log(`  ${String(bodyBytes).padStart(7)} B ${name}`);
}

async function measureAnswers(chatUrl: string): Promise<FirstByte[]> {
  const results: FirstByte[] = [];
  for (let index = 0; index < warmUpCount + requestCount; index += 1) {
    results.push(await measureFirstByte(chatUrl, questions[index % questions.length] ?? ''));
  }
  return results.slice(warmUpCount);
}

function printTimes(what: string, valuesMs: readonly number[]): void {
  const [median, p95] = [quantile(valuesMs, 0.5), quantile(valuesMs, 0.95)];
  console.log(
    `${what}: median ${median.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms (${valuesMs.length} requests, loopback)`,
  );
}

printMachine();
console.log('\nBuilt files');
for (const size of measureSizes(await buildWidget())) console.log(describeSize(size));

const server = await startChatServer();
try {
  console.log('\nIn Chromium, from the real server, over 1.6 Mbit/s with 150 ms of latency (bodies as sent)');
  const { closed, opening, after, openMs } = await measureBrowserBytes(server.url);
  printTransfers('before anyone opens the chat', closed);
  printTransfers('more until the composer can be typed in', opening);
  const total = sum([...closed, ...opening], 'bodyBytes');
  console.log(`${total} B in all until the composer can be typed in, ${Math.round(openMs)} ms after chat.open()`);
  printTransfers('after that, while nobody types', after);
  console.log('\nThe knowledge agent, a question of a new visitor each time');
  const answers = await measureAnswers(server.url);
  printTimes(
    'first byte of the answer',
    answers.map(({ firstByteMs }) => firstByteMs),
  );
  printTimes(
    'first words of the answer',
    answers.map(({ firstWordsMs }) => firstWordsMs),
  );
} finally {
  await server.stop();
}
