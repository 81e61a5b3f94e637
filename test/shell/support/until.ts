const patienceMs = 20_000;

// As they are before a test makes time run faster.
const { setTimeout } = globalThis;

/** Resolves when the condition holds. Rejects after twenty seconds, with what did not come. */
export async function until(holds: () => unknown, what: string): Promise<void> {
  const end = performance.now() + patienceMs;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`It never came to be: ${what}`);
    await nextTask();
  }
}

/** Lets everything go on that is due by now. */
export const nextTask = (): Promise<void> => new Promise((resolve) => void setTimeout.call(globalThis, resolve, 4));
