/** What one step of `npm test` counted. Its reporter writes it as JSON, so that nobody has to read it off the screen. */
export type TestCounts = {
  readonly passed: number;
  /** One title for each failure, with the file that it is in. */
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
