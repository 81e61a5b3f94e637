/** For `describe`: what is said on the console by `console.warn`, of each test. */
export function useWarnings(): readonly string[] {
  const heard: string[] = [];
  const { warn } = console;
  beforeEach(() => {
    heard.length = 0;
    console.warn = (...words: unknown[]) => void heard.push(words.join(' '));
  });
  afterEach(() => {
    console.warn = warn;
  });
  return heard;
}

/** For `describe`: rejections that nobody has taken up. A test that leaves one has failed. */
export function useRejections(): void {
  const heard: string[] = [];
  const hear = (event: PromiseRejectionEvent): void => {
    event.preventDefault();
    event.stopImmediatePropagation();
    heard.push(String(event.reason));
  };
  before(() => addEventListener('unhandledrejection', hear, { capture: true }));
  after(() => removeEventListener('unhandledrejection', hear, { capture: true }));
  afterEach(async () => {
    // The browser tells of them after the task in which they were left.
    await new Promise((resolve) => void setTimeout(resolve));
    const left = heard.splice(0);
    if (left.length > 0) throw new Error(`Nobody took up: ${left.join(', ')}`);
  });
}
