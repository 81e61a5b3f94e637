// Reporter for `node --test`: yields the counts as one piece of JSON when the run is over.
import path from 'node:path';
import type { TestEvent } from 'node:test/reporters';
import { describeFailure, type TestCounts } from './test-counts.ts';

type Finished = Extract<TestEvent, { type: 'test:pass' | 'test:fail' }>;

export default async function* countTests(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const failures: string[] = [];
  const skips: { title: string; reason: string }[] = [];
  let passed = 0;
  for await (const event of events) {
    if (event.type !== 'test:pass' && event.type !== 'test:fail') continue;
    if (isGroup(event)) continue;
    const { skip, todo } = event.data;
    if (event.type === 'test:fail') failures.push(describeFailure(titleOf(event), event.data.details.error.message));
    else if (skip !== undefined || todo !== undefined) {
      skips.push({ title: titleOf(event), reason: reasonOf(skip ?? todo) });
    } else if (isFile(event)) failures.push(...emptyFile(event));
    else passed += 1;
  }
  yield JSON.stringify({ passed, failures, skips } satisfies TestCounts);
}

/** Counted by what is inside. A suite or test whose own code failed is counted itself. */
function isGroup({ type, data }: Finished): boolean {
  if (type === 'test:pass') return data.details.type === 'suite' && data.skip === undefined;
  const { error } = data.details;
  return 'failureType' in error && error.failureType === 'subtestsFailed';
}

/** A file without a single test is reported as a test of its own that passed. */
const isFile = ({ data }: Finished): boolean => data.file !== undefined && path.resolve(data.name) === data.file;

/** With a pattern for titles, most files have nothing to run. */
function emptyFile({ data }: Finished): string[] {
  const isFiltered = process.execArgv.some((argument) => argument.startsWith('--test-name-pattern'));
  return isFiltered ? [] : [`${data.name}: holds no tests`];
}

function titleOf({ data: { name, file } }: Finished): string {
  return file === undefined ? name : `${name} (${path.relative('', file)})`;
}

const reasonOf = (note: string | boolean | undefined): string => (typeof note === 'string' ? note : 'no reason given');
