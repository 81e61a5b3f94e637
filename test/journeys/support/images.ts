import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';
import { repositoryFolder } from '../../../scripts/build.ts';
import { encodeIndexedPng } from './indexed-png.ts';

const kept = path.join(repositoryFolder, 'test/journeys/images');
const results = path.join(repositoryFolder, 'test-results/images');

/** Whether images are taken anew instead of compared. */
const isUpdating = process.env['UPDATE_IMAGES'] === '1';

/**
 * From 0 to 1: how far the colours of a pixel may be apart before it counts as another one. At edges, which are not drawn
 * the same everywhere, they may be further apart; elsewhere not.
 */
const thresholds = [
  { threshold: 0.1, includeAA: false },
  { threshold: 0.3, includeAA: true },
];
/** So many pixels may be others: less than a dot of an icon that has moved. */
const maxPixels = 12;

/**
 * Compares a screenshot with the one that is kept under that name, or keeps it where images are taken anew.
 *
 * @returns what differs and where it can be seen; undefined where nothing does
 */
export async function compareImage(name: string, screenshot: Buffer): Promise<string | undefined> {
  const now = PNG.sync.read(screenshot);
  const { pixels, image } = await differenceFrom(name, now);
  if (pixels <= maxPixels) return undefined;
  if (isUpdating) {
    await mkdir(kept, { recursive: true });
    await writeFile(fileOf(name), encodeIndexedPng(now));
    return undefined;
  }
  await mkdir(results, { recursive: true });
  await writeFile(path.join(results, `${name}.png`), screenshot);
  if (image === undefined) return `${name}: there is no such image of that size, see ${results}/${name}.png`;
  await writeFile(path.join(results, `${name}.diff.png`), PNG.sync.write(image));
  return `${name}: ${pixels} pixels are others, see ${results}/${name}.diff.png`;
}

/**
 * Why images drawn by this browser cannot be held against the kept ones, if they cannot: each major version draws edges and
 * form controls in its own way. Where images are taken anew, notes who draws them.
 */
export async function isDrawnByAnother(browser: string): Promise<string | undefined> {
  const file = path.join(kept, 'browser.txt');
  if (isUpdating) await writeFile(file, `${browser}\n`);
  const drawnBy = (await readFile(file, 'utf8')).trim();
  return drawnBy === browser ? undefined : `the images were drawn by Chromium ${drawnBy}; this is ${browser}`;
}

/** Whether a screenshot would pass for the one that is kept under that name. */
export async function isLikeKept(name: string, screenshot: Buffer): Promise<boolean> {
  return (await differenceFrom(name, PNG.sync.read(screenshot))).pixels <= maxPixels;
}

const fileOf = (name: string): string => path.join(kept, `${name}.png`);

async function differenceFrom(name: string, now: PNG): Promise<{ readonly pixels: number; readonly image?: PNG }> {
  const { width, height } = now;
  const bytes = await readFile(fileOf(name)).catch(() => undefined);
  const before = bytes === undefined ? undefined : PNG.sync.read(bytes);
  if (before?.width !== width || before.height !== height) return { pixels: width * height };
  const outcomes = thresholds.map((options) => {
    const image = new PNG({ width, height });
    return { pixels: pixelmatch(before.data, now.data, image.data, width, height, options), image };
  });
  return outcomes.reduce((worst, outcome) => (outcome.pixels > worst.pixels ? outcome : worst));
}
