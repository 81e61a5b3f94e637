/** Runs `task` again and again, as often as it is asked for, one after the other: of many asked for meanwhile one is run. */
export function coalesce(task: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let isWanted = false;

  async function run(): Promise<void> {
    do {
      isWanted = false;
      await task();
    } while (isWanted);
  }

  return () => {
    isWanted = running !== undefined;
    running ??= run().finally(() => (running = undefined));
    return running;
  };
}
