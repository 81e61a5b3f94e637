/** Addresses that this page has fetched, whatever it was for, since `watchFetches` was called. */
export function watchFetches(): { readonly stop: () => Promise<string[]> } {
  const names: string[] = [];
  let seen: () => void;
  const barrier = new URL(`pixel.svg?barrier=${crypto.randomUUID()}`, import.meta.url).href;
  const hasBarrier = new Promise<void>((resolve) => (seen = resolve));
  const observer = new PerformanceObserver((list) => {
    names.push(...list.getEntries().map(({ name }) => name));
    if (names.includes(barrier)) seen();
  });
  observer.observe({ type: 'resource' });
  return {
    /** A fetch of our own comes after all that went before. */
    stop: async () => {
      await (await fetch(barrier)).text();
      await hasBarrier;
      observer.disconnect();
      return names.filter((name) => name !== barrier);
    },
  };
}
