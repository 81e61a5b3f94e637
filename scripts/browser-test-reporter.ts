// Reporter for @web/test-runner: writes the counts to the file that COUNTS_FILE names when the run is over.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Reporter, TestSession, TestSuiteResult } from '@web/test-runner';
import { describeFailure, type TestCounts } from './test-counts.ts';

export function countTests(countsFile: string | undefined): Reporter {
  return {
    reportTestFileResults({ logger, sessionsForTestFile, testFile }) {
      const { passed, failures } = join(sessionsForTestFile.map(countSession));
      const mark = failures.length > 0 ? '✖' : '✔';
      logger.log(`${mark} ${path.relative('', testFile)}: ${passed} passed, ${failures.length} failed`);
      // What no test is to blame for: a page that did not load, or that was left.
      for (const { message } of sessionsForTestFile.flatMap(({ errors }) => errors)) logger.log(`  ${message}`);
    },
    onTestRunFinished({ sessions }) {
      if (countsFile) writeFileSync(countsFile, JSON.stringify(join(sessions.map(countSession))));
    },
  };
}

function countSession(session: TestSession): TestCounts {
  const file = path.relative('', session.testFile);
  const counts = session.testResults ? countSuite(session.testResults, file) : join([]);
  const hasReason = counts.failures.length > 0;
  const isEmpty = counts.passed + counts.skips.length === 0;
  // Sessions fail without a failing test when the file cannot be loaded, and pass when it holds nothing.
  const broken = !hasReason && (session.passed !== true || session.errors.length > 0 || isEmpty);
  const said = session.errors.map(({ message }) => message).join('\n');
  const whole = describeFailure(`${file}: ${isEmpty ? 'no test was run' : 'failed as a whole'}`, said);
  if (broken) return { ...counts, failures: [whole] };
  // A hook that fails takes the tests after it along, and none of them says why.
  return hasReason && said
    ? { ...counts, failures: [...counts.failures, describeFailure(`${file}: outside tests`, said)] }
    : counts;
}

function countSuite(suite: TestSuiteResult, file: string): TestCounts {
  const titled = (name: string): string => `${name} (${file})`;
  const ran = suite.tests.filter(({ skipped }) => !skipped);
  const own: TestCounts = {
    passed: ran.filter(({ passed }) => passed).length,
    failures: ran
      .filter(({ passed }) => !passed)
      .map(({ name, error }) => describeFailure(titled(name), error?.message)),
    skips: suite.tests
      .filter(({ skipped }) => skipped)
      .map(({ name }) => ({ title: titled(name), reason: 'no reason given' })),
  };
  return join([own, ...suite.suites.map((inner) => countSuite(inner, file))]);
}

const join = (all: readonly TestCounts[]): TestCounts => ({
  passed: all.reduce((sum, { passed }) => sum + passed, 0),
  failures: all.flatMap(({ failures }) => failures),
  skips: all.flatMap(({ skips }) => skips),
});
