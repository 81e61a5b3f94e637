/** What one step of `npm test` counted. Its reporter writes it as JSON, so that nobody has to read it off the screen. */
export type TestCounts = {
  readonly passed: number;
  /** One for each failure: its title with the file that it is in, and below it what it said (`describeFailure`). */
  readonly failures: readonly string[];
  readonly skips: readonly { readonly title: string; readonly reason: string }[];
};

/** What a reporter's JSON says. Undefined when the step ended before it could report. */
export function parseTestCounts(json: string): TestCounts | undefined {
  try {
    return JSON.parse(json) as TestCounts;
  } catch {
    return undefined;
  }
}

const keptLines = 8;

/** The end of a long run is what is kept of it: the reason stands there, below the title, not only where the test ran. */
export function describeFailure(title: string, message = ''): string {
  const lines = message.trim().split('\n').slice(0, keptLines);
  return [title, ...lines.filter((line) => line.trim() !== '').map((line) => `  ${line}`)].join('\n');
}
