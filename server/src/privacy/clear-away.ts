import type { PrivacyOptions } from './privacy.ts';

type Sources = Pick<PrivacyOptions, 'store' | 'attachments' | 'clock' | 'log'>;

export type ClearAway = (urgency: 'now' | 'daily') => Promise<boolean>;

/** A database's, or a storage's, own words may quote what it was given. */
const errorName = (error: unknown): string => (error instanceof Error ? error.name : 'unknown');

/** The index of words is written anew by it: about a second for each 100,000 messages, in steps of some 40 ms. */
const scrubEveryMs = 24 * 60 * 60 * 1_000;

/**
 * Makes what removes the content of files that are nobody's any more, and what the database's own files still hold. It answers
 * whether files have to be tried again, which the sweep does.
 */
export function createClearing({ store, attachments, clock, log }: Sources): ClearAway {
  let scrubbedAt = Number.NEGATIVE_INFINITY;
  let scrubbing: Promise<void> | undefined;

  async function scrub(): Promise<void> {
    await store.privacy.scrub().catch((error: unknown) => {
      const words = 'the files of the database could not be scrubbed; the next removal does it';
      log.warn({ error: errorName(error) }, words);
    });
  }

  return async (urgency) => {
    const failure = await attachments?.clearAway().then(
      () => undefined,
      (error: unknown) => ({ error: errorName(error) }),
    );
    if (failure !== undefined) log.warn(failure, 'files of what was removed could not be removed yet');
    if (urgency === 'daily' && clock() < scrubbedAt + scrubEveryMs) return failure !== undefined;
    // One that runs has begun before the last of what was removed now.
    await scrubbing;
    scrubbedAt = clock();
    scrubbing ??= scrub().finally(() => (scrubbing = undefined));
    await scrubbing;
    return failure !== undefined;
  };
}
