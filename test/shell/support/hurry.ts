const real = globalThis.setTimeout;

/** Longer ones are for connections that are lost in silence; they stay as they are. */
const impatienceMs = 20_000;

/** For `describe`: the widget waits a hundred times shorter before it tries again. */
export function useHurry(): void {
  beforeEach(() => {
    const hurried = (work: () => void, delayMs = 0) => real(work, delayMs > impatienceMs ? delayMs : delayMs / 100);
    globalThis.setTimeout = hurried as typeof setTimeout;
  });
  afterEach(() => {
    globalThis.setTimeout = real;
  });
}
